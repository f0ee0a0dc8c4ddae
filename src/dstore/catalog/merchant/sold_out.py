"""What a merchant marks as sold out: products and options of either feed, until a moment or until somebody says so.

A mark is keyed by kind and id, so that no sync touches it: a product that goes and comes back keeps it while it lasts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.catalog import stores

if TYPE_CHECKING:
    from collections.abc import Collection

    from dstore.catalog.stores import Writing
    from dstore.storage.port import Reading, Transaction

Thing = tuple[int, str]
"""The number of a kind (PRODUCT, ITEM or ADDON) and an id."""
REASONS = ("ran-out", "kitchen", "today", "other")
MOST_AT_ONCE = 500
_ACTS_KEPT_MS = 24 * 3600 * 1000
_FIELDS = "kind, key, reason, until, login, at"


class Mark(NamedTuple):
    """A mark: why, until when (milliseconds; None: until somebody takes it away), by whom and since when."""

    kind: int
    key: str
    reason: str
    until: int | None
    login: str
    at: int

    def lasts(self, now: int) -> bool:
        """Return whether it still stands."""
        return self.until is None or now < self.until


class _Before(msgspec.Struct, array_like=True):
    """A thing that was touched, and the mark that stood on it."""

    kind: int
    key: str
    mark: tuple[str, int | None, str, int] | None


def marks(reading: Reading, store_id: int, now: int) -> dict[Thing, Mark]:
    """Return the marks of a store that stand."""
    rows = reading.rows(
        f"select {_FIELDS} from sold_out where store_id = ? and (until is null or until > ?)", (store_id, now)
    )
    return {(row[0], row[1]): Mark(*row) for row in rows}


def untils(reading: Reading, public_id: str) -> dict[Thing, int | None]:
    """Return until when things are marked in the store with a public id, whether that is past or to come."""
    rows = reading.rows(
        "select m.kind, m.key, m.until from sold_out m join store s on s.id = m.store_id where s.public_id = ?",
        (public_id,),
    )
    return {(kind, key): until for kind, key, until in rows}


def mark(desk: Writing, store_id: int, things: Collection[Thing], reason: str, until: int | None, login: str) -> int:
    """Mark things, in place of marks they have, with a new version of the store; return the act's number, for `undo`."""
    things = set(things)
    act = _begin(desk, store_id, things, login)
    for kind, key in things:
        _write(desk.transaction, store_id, Mark(kind, key, reason, until, login, desk.now))
    return act


def clear(desk: Writing, store_id: int, things: Collection[Thing], login: str) -> int:
    """Take the marks of things away, with a new version of the store; return the act's number, for `undo`."""
    return _begin(desk, store_id, set(things), login)


def undo(desk: Writing, store_id: int, act: int, login: str) -> bool:
    """Bring back what an act of this person changed, with a new version; False when that act is not known any more.

    What anybody marked or cleared since stays as it is.
    """
    store = stores.hold(desk, store_id)
    rows = desk.transaction.rows(
        "select id, login, before from sold_out_act where store_id = ? and id >= ? order by id", (store_id, act)
    )
    if not rows or rows[0][:2] != (act, login):
        return False
    touched, *later = [_touched(row[2]) for row in rows]
    left_alone = {thing for one in later for thing in one}
    before = {thing: one for thing, one in touched.items() if thing not in left_alone}
    _remove(desk.transaction, store_id, before)
    for (kind, key), one in before.items():
        if one is not None:
            _write(desk.transaction, store_id, Mark(kind, key, *one))
    desk.transaction.run("delete from sold_out_act where id = ?", (act,))
    stores.change(desk, store)
    return True


def _touched(before: bytes) -> dict[Thing, tuple[str, int | None, str, int] | None]:
    """Return the things of an act, each with the mark that stood on it."""
    return {(one.kind, one.key): one.mark for one in msgspec.json.decode(bytes(before), type=list[_Before])}


def _begin(desk: Writing, store_id: int, things: Collection[Thing], login: str) -> int:
    """Take the marks of things away and keep what they were; forget what is over."""
    store = stores.hold(desk, store_id)
    transaction = desk.transaction
    transaction.run("delete from sold_out where store_id = ? and until <= ?", (store_id, desk.now))
    transaction.run("delete from sold_out_act where store_id = ? and at < ?", (store_id, desk.now - _ACTS_KEPT_MS))
    known = marks(transaction, store_id, desk.now)
    before = [_Before(*thing, known[thing][2:] if thing in known else None) for thing in things]
    row = transaction.row(
        "insert into sold_out_act (store_id, at, login, before) values (?, ?, ?, ?) returning id",
        (store_id, desk.now, login, msgspec.json.encode(before)),
    )
    if row is None:
        raise AssertionError("an inserted row has an id")
    _remove(transaction, store_id, things)
    stores.change(desk, store)
    return int(row[0])


def _remove(transaction: Transaction, store_id: int, things: Collection[Thing]) -> None:
    for kind, key in things:
        transaction.run("delete from sold_out where store_id = ? and kind = ? and key = ?", (store_id, kind, key))


def _write(transaction: Transaction, store_id: int, one: Mark) -> None:
    transaction.run(f"insert into sold_out (store_id, {_FIELDS}) values (?, ?, ?, ?, ?, ?, ?)", (store_id, *one))
