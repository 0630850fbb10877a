"""Where a machine has no walls, tests that grade ask for none by name, as its user would."""

import os

from firsthand.grading.sandbox import NONE, levels

if levels.reach().level == NONE:
    os.environ.setdefault("FIRSTHAND_ISOLATION", NONE)
