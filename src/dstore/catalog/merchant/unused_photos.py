"""Photos that nothing uses any more: no menu, draft or earlier version, nor the pictures of their store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.storage.port import Database, Reading

KEPT_MILLISECONDS = 24 * 3600 * 1000
"""A photo is kept before it is put to use; and a page that shows it may stay open for a while."""


class _Said(msgspec.Struct):
    photo: str = ""


class _Document(msgspec.Struct):
    """What menus and settings say of photos."""

    products: dict[str, _Said] = {}
    pictures: list[str] = []


_decode = msgspec.json.Decoder(_Document).decode


def sweep(database: Database, now: int) -> int:
    """Delete photos that were uploaded over a day ago and are of no use; return how many went. Slow: not for the event loop."""
    before = now - KEPT_MILLISECONDS
    stores = database.read_now(
        lambda reading: reading.rows("select distinct store_id from photo where at < ?", (before,))
    )
    return sum(_sweep(database, store_id, before) for [store_id] in stores)


def _sweep(database: Database, store_id: int, before: int) -> int:
    unused = database.read_now(lambda reading: _unused(reading, store_id, before))
    # What is unused comes back into use only by another upload, which makes it new.
    gone = [(store_id, name, before) for name in unused]
    delete = "delete from photo where store_id = ? and name = ? and at < ?"
    return database.transact_now(lambda transaction: transaction.many(delete, gone)) if gone else 0


def _unused(reading: Reading, store_id: int, before: int) -> set[str]:
    rows = reading.rows("select name from photo where store_id = ? and at < ?", (store_id, before))
    names = {name for [name] in rows}
    for doc in _documents(reading, store_id):
        if not names:
            break
        said = _decode(doc)
        names -= {*said.pictures, *(one.photo for one in said.products.values())}
    return names


def _documents(reading: Reading, store_id: int) -> Iterator[bytes]:
    """Yield all that a store's photos may stand in, what an undo brings back too; one after another, as they are large."""
    for table in ("merchant_settings", "merchant_draft"):
        for row in reading.rows(f"select doc, previous from {table} where store_id = ?", (store_id,)):
            yield from (bytes(doc) for doc in row if doc is not None)
    numbers = reading.rows("select number from merchant_menu where store_id = ? order by number desc", (store_id,))
    for [number] in numbers:
        version = reading.row("select doc from merchant_menu where store_id = ? and number = ?", (store_id, number))
        if version is not None:
            yield bytes(version[0])
