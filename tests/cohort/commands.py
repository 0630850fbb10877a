"""Run nbgrader commands, one after the other, in one process.

nbgrader's own start-up costs about five seconds of CPU time per command. This starts its command
line once and hands it the arguments of each. Reads lists [[folder, arguments], ...] from stdin, one
JSON text a line; with a word as argument, it prints that word on a line after each list.
"""

import json
import os
import sys

from firsthand.build import skip_uri_grammar

skip_uri_grammar()

from jupyter_core.application import NoStart  # noqa: E402
from nbgrader.apps.nbgraderapp import NbGraderApp  # noqa: E402


def run(folder: str, arguments: list[str]) -> int:
    """The exit status of `nbgrader ARGUMENTS` in a folder."""
    os.chdir(folder)
    app = NbGraderApp.instance()
    try:
        app.initialize(arguments)
        app.start()
    except NoStart:
        return 0  # a subcommand was run
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        NbGraderApp.clear_instance()
        if app.subapp is not None:
            type(app.subapp).clear_instance()
    return 0


def main() -> None:
    """Run all; stop at the first that fails."""
    for line in sys.stdin:
        for folder, arguments in json.loads(line):
            if status := run(folder, arguments):
                sys.exit(f"nbgrader {' '.join(arguments)} in {folder} ended with status {status}")
        for word in sys.argv[1:]:
            print(word, flush=True)


if __name__ == "__main__":
    main()
