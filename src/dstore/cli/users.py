"""`dstore user …`: who may use the Console."""

from __future__ import annotations

import secrets
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from dstore.cli.opening import DatabaseUrl, opened
from dstore.clock import SystemClock
from dstore.console import accounts
from dstore.console.accounts import AccountError
from dstore.console.roles import Role

if TYPE_CHECKING:
    from dstore.storage.port import Transaction

group = App(name="user", help="People who use the Console.")

PasswordFile = Annotated[
    Path | None,
    Parameter(
        help="File with the password, - for standard input; without it you are asked.", allow_leading_hyphen=True
    ),
]
Account = Annotated[
    list[str] | None,
    Parameter(name="--account", help="PARTNER/ACCOUNT: client-id and posAccountId whose stores are seen; repeatable."),
]
Store = Annotated[list[str] | None, Parameter(name="--store", help="Public id of a store to be seen; repeatable.")]


@group.command
def add(
    login: str,
    *,
    role: Role,
    name: str = "",
    account: Account = None,
    store: Store = None,
    password_file: PasswordFile = None,
    database: DatabaseUrl = None,
) -> None:
    """Add a user: owner, manager or staff of the stores given, or operator of everything."""
    pairs = [_pair(one) for one in account or ()]
    kept, made = _password(password_file)
    with opened(database) as open_:

        def job(transaction: Transaction) -> None:
            user_id = accounts.add(transaction, login, name, role, kept, SystemClock().now())
            for client_id, pos_account in pairs:
                accounts.bind_account(transaction, user_id, client_id, pos_account)
            for public_id in store or ():
                accounts.bind_store(transaction, user_id, public_id)

        open_.transact_now(job)
    print(f"{accounts.folded(login)} may sign in as {role}" + (f" with the password {made}" if made else ""))


@group.command(name="list")
def show(*, database: DatabaseUrl = None) -> None:
    """List users."""
    with opened(database) as open_:
        rows = open_.read_now(accounts.listed)
    table = Table("login", "name", "role", "state", "accounts and stores")
    for login, name, role, active, rights in rows:
        seen = "all" if role == Role.OPERATOR else str(rights)
        table.add_row(login, name, role, "active" if active else "disabled", seen)
    Console().print(table)


@group.command
def disable(login: str, *, database: DatabaseUrl = None) -> None:
    """Keep a user out at once; their sessions end."""
    with opened(database) as open_:
        open_.transact_now(lambda transaction: accounts.set_active(transaction, login, active=False))
    print(f"{accounts.folded(login)} is disabled")


@group.command
def enable(login: str, *, database: DatabaseUrl = None) -> None:
    """Let a disabled user in again."""
    with opened(database) as open_:
        open_.transact_now(lambda transaction: accounts.set_active(transaction, login, active=True))
    print(f"{accounts.folded(login)} is active")


@group.command
def password(login: str, *, password_file: PasswordFile = None, database: DatabaseUrl = None) -> None:
    """Give a user another password; their sessions end."""
    kept, made = _password(password_file)
    with opened(database) as open_:
        open_.transact_now(lambda transaction: accounts.set_password(transaction, login, kept))
    print(f"{accounts.folded(login)} has another password" + (f": {made}" if made else ""))


def _pair(text: str) -> tuple[str, str]:
    client_id, slash, account = text.partition("/")
    if not (client_id and slash and account):
        raise AccountError(f"--account {text}: write PARTNER/ACCOUNT, the client-id and the posAccountId")
    return client_id, account


def _password(file: Path | None) -> tuple[str, str]:
    """Return the hash of the password that was given, and, if none was, the one that was made up."""
    if file is not None:
        text = sys.stdin.buffer.read().decode() if str(file) == "-" else file.read_text(encoding="utf-8")
        return accounts.hashed(text.strip("\r\n")), ""
    given = getpass("Password (empty: make one up): ") if sys.stdin.isatty() else ""
    if given:
        return accounts.hashed(given), ""
    made = secrets.token_urlsafe(12)
    return accounts.hashed(made), made
