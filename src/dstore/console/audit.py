"""What was done in the Console, by whom: one row for each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Row, Transaction


def note(transaction: Transaction, now: int, login: str, store_id: int, action: str, **what: Any) -> None:
    """Write a row; `store_id` is 0 for what concerns no store."""
    transaction.put(
        "insert into audit (at, login, store_id, action, what) values (?, ?, ?, ?, ?)",
        (now, login, store_id, action, msgspec.json.encode(what)),
    )


def latest(reading: Reading, store_id: int, limit: int) -> list[Row]:
    """Return the newest rows of (at, login, action, what) of a store."""
    return reading.rows(
        "select at, login, action, what from audit where store_id = ? order by id desc limit ?", (store_id, limit)
    )
