"""The command `dstore`: one file for each group of commands."""

from __future__ import annotations

import sys

from cyclopts import App

from dstore.cli import calling, checking, demo, describing, explaining, exporting, keys, partners, serving, users
from dstore.console.accounts import AccountError
from dstore.operations.files import StoreFileError
from dstore.partners import PartnerError
from dstore.protocol.client import NoAnswerError
from dstore.protocol.keys import UnreadableKeyError
from dstore.sandbox.clinic import UnreadableRequestError
from dstore.settings import SettingError
from dstore.storage.opening import UnknownDatabaseError
from dstore.storage.port import StorageUnavailableError
from dstore.storage.schema import SchemaError

# What a user can mend gets one line, not a traceback.
_PLAIN = (
    PartnerError,
    AccountError,
    UnreadableKeyError,
    UnreadableRequestError,
    NoAnswerError,
    SettingError,
    UnknownDatabaseError,
    StorageUnavailableError,
    SchemaError,
    StoreFileError,
    FileNotFoundError,
    PermissionError,
    IsADirectoryError,
)

app = App(name="dstore", help="A digital-store platform for food and beverage.", version_flags=["--version"])
for group in (serving, partners, users, keys, calling, checking, explaining, exporting, describing, demo):
    group.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, by default with the process's arguments."""
    try:
        app(arguments)
    except _PLAIN as fault:
        print(f"dstore: {fault}", file=sys.stderr)
        sys.exit(1)
