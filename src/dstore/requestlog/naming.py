"""Which stores a message names: for calls that never reached their change, or were answered before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.requestlog.records import Stores
    from dstore.storage.port import Reading

Name = tuple[str, str, str]
"""Feed, account and the partner's own id, as the table `store` has them."""


class _PosStore(msgspec.Struct, rename="camel"):
    pos_store_id: str = ""


class _PdsStore(msgspec.Struct, rename="camel"):
    store_id: str = ""


class _Tree(msgspec.Struct, rename="camel"):
    store_info: _PdsStore = msgspec.field(default_factory=_PdsStore)


class _Message(msgspec.Struct, rename="camel"):
    """As much of any message of the family as names stores."""

    pos_account_id: str = ""
    store: _PosStore = msgspec.field(default_factory=_PosStore)
    stores: list[_Tree] = []
    item: _PdsStore = msgspec.field(default_factory=_PdsStore)
    store_id: str = ""


_read = msgspec.json.Decoder(_Message).decode
MOST_NAMES = 20
"""As many stores as a good message names; one that names more was refused, and each name is a look at the database."""


def named_stores(body: bytes) -> list[Name]:
    """Return the first stores that a body names; none when it can't be read."""
    try:
        message = _read(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    if message.store.pos_store_id:
        names = [("pos", message.pos_account_id, message.store.pos_store_id)]
    else:
        refs = [one.store_info.store_id for one in message.stores[:MOST_NAMES]]
        refs += [message.item.store_id, message.store_id]
        names = [("pds", "", ref) for ref in dict.fromkeys(refs) if ref]
    # No stored id has a NUL, and PostgreSQL takes none.
    return [name for name in names if not any("\0" in part for part in name)]


def find_stores(reading: Reading, partner_id: int | None, names: Sequence[Name]) -> Stores:
    """Return those of a partner's stores that are named; a call that only named them changed none."""
    rows = [
        reading.row(
            "select id from store where partner_id = ? and feed = ? and account = ? and ref = ?", (partner_id, *name)
        )
        for name in names
    ]
    return tuple((int(row[0]), 0) for row in rows if row is not None)
