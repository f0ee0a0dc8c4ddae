"""The command `dstore`: one file for each group of commands, read when one of them is run."""

from __future__ import annotations

import sys

from cyclopts import App

from dstore.mendable import MendableError
from dstore.results import UnavailableError
from dstore.vocabulary import limits  # noqa: F401 - refuses a wrong DSTORE_LIMITS, whatever the command

# What a user can mend gets one line, not a traceback.
_PLAIN = (MendableError, UnavailableError, FileNotFoundError, PermissionError, IsADirectoryError)
COMMANDS = {
    "serve": "serving:serve",
    "migrate": "serving:migrate",
    "settings": "serving:show_settings",
    "partner": "partners:group",
    "user": "users:group",
    "key": "keys:group",
    "call": "calling:call",
    "check": "checking:check",
    "explain": "explaining:explain",
    "export": "exporting:export",
    "import": "exporting:restore",
    "docs": "describing:docs",
    "demo": "demo:demo",
}
"""Where each command is; whoever runs one does not wait for what the others need."""

app = App(name="dstore", help="A digital-store platform for food and beverage.", version_flags=["--version"])
for name, place in COMMANDS.items():
    app.command(f"{__name__}.{place}", name=name)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, by default with the process's arguments."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0].startswith("-"):
        for command in COMMANDS:  # what each does is shown, and stands where it is
            app[command]
    try:
        app(arguments)
    except _PLAIN as fault:
        print(f"dstore: {fault}", file=sys.stderr)
        sys.exit(1)
