"""What was done in the Console, by whom: one row for each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Transaction

NEWEST = (1 << 31) - 1
NO_STORE = 0
"""Stands for the store in what concerns none: partners, keys, signing in."""


class Act(NamedTuple):
    """An act, at a moment in milliseconds; `what` are its particulars by name."""

    id: int
    at: int
    login: str
    action: str
    what: dict[str, Any]


def note(transaction: Transaction, now: int, login: str, store_id: int, action: str, **what: Any) -> None:
    """Write a row."""
    transaction.put(
        "insert into audit (at, login, store_id, action, what) values (?, ?, ?, ?, ?)",
        (now, login, store_id, action, msgspec.json.encode(what)),
    )


def latest(reading: Reading, store_id: int, limit: int, before: int = NEWEST) -> list[Act]:
    """Return the newest acts of a store, of those before an id."""
    rows = reading.rows(
        "select id, at, login, action, what from audit where store_id = ? and id < ? order by id desc limit ?",
        (store_id, before, limit),
    )
    return [Act(one, at, login, action, msgspec.json.decode(bytes(what))) for one, at, login, action, what in rows]
