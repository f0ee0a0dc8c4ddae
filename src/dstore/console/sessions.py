"""Sessions: made at sign-in, found at every request, ended at sign-out, by time, or by the operator."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from dstore.console.accounts import User
from dstore.console.roles import Role

if TYPE_CHECKING:
    from dstore.storage.port import Row, Transaction

COOKIE = "dstore_session"
LONGEST_MILLISECONDS = 7 * 86_400_000
"""However busy, a session ends after a week."""
NOTED_MILLISECONDS = 5 * 60_000
"""How exactly the last use is kept; not every page is worth a write."""

FIND = (
    "select u.id, u.login, u.name, u.role, s.created, s.used from console_session s"
    " join console_user u on u.id = s.user_id where s.token = ? and u.active = 1"
)


def kept(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(transaction: Transaction, user_id: int, old_token: str, now: int) -> str:
    """Make a session with a new token, whatever the browser came with, and end that one."""
    token = secrets.token_urlsafe(32)
    end(transaction, old_token)
    transaction.run(
        "insert into console_session (token, user_id, created, used) values (?, ?, ?, ?)",
        (kept(token), user_id, now, now),
    )
    transaction.run("delete from console_session where created < ?", (now - LONGEST_MILLISECONDS,))
    return token


def end(transaction: Transaction, token: str) -> None:
    """End a session."""
    transaction.run("delete from console_session where token = ?", (kept(token),))


def living(row: Row | None, now: int, idle_hours: int) -> User | None:
    """Return whose session a row of `FIND` is, unless its time is over."""
    if row is None or now - row[4] > LONGEST_MILLISECONDS or now - row[5] > idle_hours * 3_600_000:
        return None
    return User(row[0], row[1], row[2], Role(row[3]))


def is_due(row: Row, now: int) -> bool:
    """Return whether the last use should be written again."""
    return bool(now - row[5] > NOTED_MILLISECONDS)


def note_use(transaction: Transaction, token: str, now: int) -> None:
    """Remember that a session was used."""
    transaction.run("update console_session set used = ? where token = ?", (now, kept(token)))


def form_token(token: str) -> str:
    """Return what forms of a session carry, so that no other site can send them."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(token: str, given: str) -> bool:
    """Return whether a form carries its session's token."""
    return hmac.compare_digest(form_token(token).encode(), given.encode())
