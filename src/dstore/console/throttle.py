"""How often one may try to sign in: counted in the database, so that it holds across processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dstore.storage.port import Transaction

WINDOW_MILLISECONDS = 15 * 60_000
LIMITS = {"login": 10, "address": 30}
"""Attempts within the window; a success forgets those of its login."""


def attempt(transaction: Transaction, login: str, address: str, now: int) -> bool:
    """Count an attempt before it is made; return whether it may be made."""
    # A list, not a generator: both are counted even when the first is over.
    return all([_count(transaction, "address", address, now), _count(transaction, "login", login, now)])


def forget(transaction: Transaction, login: str) -> None:
    """Forget the attempts of a login that proved to be right."""
    transaction.run("delete from sign_in_attempt where scope = 'login' and name = ?", (login,))


def sweep(transaction: Transaction, now: int) -> None:
    """Delete counts whose window is over."""
    transaction.run("delete from sign_in_attempt where since < ?", (now - WINDOW_MILLISECONDS,))


def _count(transaction: Transaction, scope: str, name: str, now: int) -> bool:
    sweep_before = now - WINDOW_MILLISECONDS
    row = transaction.row(
        "insert into sign_in_attempt (scope, name, count, since) values (?, ?, 1, ?)"
        " on conflict (scope, name) do update set"
        " count = case when sign_in_attempt.since < ? then 1 else sign_in_attempt.count + 1 end,"
        " since = case when sign_in_attempt.since < ? then excluded.since else sign_in_attempt.since end"
        " returning count",
        (scope, name[:255], now, sweep_before, sweep_before),
    )
    return row is not None and row[0] <= LIMITS[scope]
