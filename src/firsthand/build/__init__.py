"""From a unit's source to its notebooks.

`source` reads and checks, `notebooks` writes, `execution` runs, `visible` makes the student bundle.
"""

import sys


def skip_uri_grammar() -> None:
    """Make a later `import nbformat` (or jupytext, or nbgrader) about a second faster.

    Call it before that import. jsonschema, which nbformat pulls in, compiles a grammar for one
    optional URI check as it is imported (1.4 s of CPU time measured). It falls back to another
    checker when that module cannot be imported; notebooks hold no URIs. `make setup` does not
    install it (requirements.excluded); another environment may have it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
