"""Users of the Console, what they may see, and their passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dstore.clock import milliseconds
from dstore.console.roles import Role
from dstore.mendable import MendableError

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.storage.port import Reading, Row, Transaction

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# The strength that OWASP's password storage cheat sheet gives as its first choice for argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Whoever does not exist takes as long to refuse as whoever does.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$4ZXQ3kr7G41xLhGpSuMSZQ$w67Wk1a3l5SGZK2m3jOQbDFbWvsC6ZxAjmMKjCBcw+4"


class AccountError(MendableError):
    """What was asked for an account can not be done; the text says why."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in."""

    id: int
    login: str
    name: str
    role: Role


def folded(login: str) -> str:
    """Return a login as it is kept: letters small, no blanks around it."""
    return login.strip().casefold()[:255]


def hashed(password: str) -> str:
    """Return what is kept of a password; AccountError when it is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Return whether a password is the one that is kept; takes as long when there is none."""
    try:
        return _hasher.verify(kept or _NOBODY, password[:LONGEST_PASSWORD]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def kept_password(reading: Reading, login: str) -> tuple[int, str] | None:
    """Return an active user's id and kept password."""
    row = reading.row("select id, password from console_user where login = ? and active = 1", (folded(login),))
    return None if row is None else (int(row[0]), str(row[1]))


def add(transaction: Transaction, login: str, name: str, role: Role, kept: str, now: datetime) -> int:
    """Make a user; AccountError when the login is taken or empty."""
    if not folded(login):
        raise AccountError("a login can not be empty")
    row = transaction.row(
        "insert into console_user (login, name, role, password, created) values (?, ?, ?, ?, ?)"
        " on conflict do nothing returning id",
        (folded(login), name.strip()[:255] or folded(login), role.value, kept, milliseconds(now)),
    )
    if row is None:
        raise AccountError(f"there is a user {folded(login)} already")
    return int(row[0])


def bind_account(transaction: Transaction, user_id: int, client_id: str, account: str) -> None:
    """Let a user see every store of a POS account; AccountError when there is no such partner."""
    row = transaction.row("select id from partner where client_id = ?", (client_id,))
    if row is None:
        raise AccountError(f"no partner has client-id {client_id}")
    _bind(transaction, user_id, (int(row[0]), account, 0))


def bind_store(transaction: Transaction, user_id: int, public_id: str) -> None:
    """Let a user see one store; AccountError when there is none of this id."""
    row = transaction.row("select id from store where public_id = ? and feed <> 'shelf'", (public_id,))
    if row is None:
        raise AccountError(f"there is no store {public_id}")
    _bind(transaction, user_id, (0, "", int(row[0])))


def _bind(transaction: Transaction, user_id: int, right: tuple[int, str, int]) -> None:
    transaction.run(
        "insert into console_right (user_id, partner_id, account, store_id) values (?, ?, ?, ?) on conflict do nothing",
        (user_id, *right),
    )


def set_active(transaction: Transaction, login: str, *, active: bool) -> None:
    """Let a user in, or keep them out at once: their sessions end."""
    user_id = find(transaction, login)
    transaction.run("update console_user set active = ? where id = ?", (int(active), user_id))
    end_sessions(transaction, user_id)


def set_password(transaction: Transaction, login: str, kept: str) -> None:
    """Give a user another password; their sessions end."""
    user_id = find(transaction, login)
    transaction.run("update console_user set password = ? where id = ?", (kept, user_id))
    end_sessions(transaction, user_id)


def find(reading: Reading, login: str) -> int:
    """Return a user's id; AccountError when there is no such user."""
    row = reading.row("select id from console_user where login = ?", (folded(login),))
    if row is None:
        raise AccountError(f"there is no user {folded(login)}")
    return int(row[0])


def end_sessions(transaction: Transaction, user_id: int) -> None:
    """Sign a user out everywhere."""
    transaction.run("delete from console_session where user_id = ?", (user_id,))


def listed(reading: Reading) -> list[Row]:
    """Return rows of login, name, role, active and how many accounts and stores are given."""
    return reading.rows(
        "select u.login, u.name, u.role, u.active,"
        " (select count(*) from console_right r where r.user_id = u.id) from console_user u order by u.login"
    )
