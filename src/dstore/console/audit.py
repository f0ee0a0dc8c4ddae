"""What was done in the Console, by whom: one row for each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Row, Transaction

NEWEST = (1 << 31) - 1


def note(transaction: Transaction, now: int, login: str, store_id: int, action: str, **what: Any) -> None:
    """Write a row; `store_id` is 0 for what concerns no store."""
    transaction.put(
        "insert into audit (at, login, store_id, action, what) values (?, ?, ?, ?, ?)",
        (now, login, store_id, action, msgspec.json.encode(what)),
    )


def latest(reading: Reading, store_id: int, limit: int, before: int = NEWEST) -> list[Row]:
    """Return the newest rows of (id, at, login, action) of a store, of those before an id."""
    return reading.rows(
        "select id, at, login, action from audit where store_id = ? and id < ? order by id desc limit ?",
        (store_id, before, limit),
    )
