"""Stores as they are kept: each object's JSON as it was sent, with its status, its version and whether it is deleted."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.catalog.entries import REMOVED_VERSIONS
from dstore.catalog.kinds import KINDS
from dstore.catalog.stores import POS
from dstore.clock import from_milliseconds

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Row

PAGE = 500
MOST_HISTORY = 1_000
_Number = Annotated[int, Meta(ge=0, lt=1 << 31)]
_STORE = (
    "select s.id, s.public_id, s.feed, p.client_id, s.account, s.ref, s.version, s.changed, s.deleted, s.tree,"
    " s.tree_since, s.doc, s.hidden from store s join partner p on p.id = s.partner_id"
)


class UnreadableCursorError(ValueError):
    """What a page was asked to go on after was not given by a page before it."""


class ReplacedError(Exception):
    """The store's catalogue was replaced between two pages; reading starts anew."""


class StoredStore(msgspec.Struct, rename="camel"):
    """A store's row. A `shelf` is not a store: it holds the shopping areas and brands of a partner."""

    id: Annotated[str, Meta(description="The public id, the same for ever.")]
    feed: Annotated[str, Meta(description="pos, pds or shelf.")]
    client_id: Annotated[str, Meta(description="The partner.")]
    account: Annotated[str, Meta(description="The posAccountId; empty but for POS stores.")]
    ref: Annotated[str, Meta(description="The partner's own id.")]
    version: Annotated[int, Meta(description="Rises with every change of the store.")]
    changed: Annotated[str, Meta(description="When it last changed.")]
    deleted: Annotated[bool, Meta(description="Whether its partner deleted it.")]
    hidden: Annotated[bool, Meta(description="Whether its partner hid it from diners.")]
    document: Annotated[msgspec.Raw, Meta(description="As it was sent.")] | UnsetType = UNSET


class StoredEntry(msgspec.Struct, rename="camel"):
    """An object of a store. Without a document it was removed and is not kept."""

    kind: Annotated[
        str,
        Meta(
            description="product, product-group, menu, category, item, add-on-item, modifier-group, shopping-area or brand."
        ),
    ]
    id: Annotated[str, Meta(description="The own id.")]
    version: Annotated[int, Meta(description="The store's version that last wrote it.")]
    deleted: Annotated[bool, Meta(description="Whether it was deleted.")]
    parents: (
        Annotated[dict[str, str], Meta(description="The ids of what it belongs to, by their names.")] | UnsetType
    ) = UNSET
    status: Annotated[str, Meta(description="The status in force, where it has one.")] | UnsetType = UNSET
    document: (
        Annotated[msgspec.Raw, Meta(description="As it was sent; a status in it may be out of date.")] | UnsetType
    ) = UNSET


class StorePage(msgspec.Struct, rename="camel"):
    """Some stores, and what to go on after; there are no more when it is absent."""

    stores: Annotated[list[StoredStore], Meta(description="In the order of their ids, without documents.")]
    next: Annotated[str, Meta(description="What to go on after; absent on the last page.")] | UnsetType = UNSET


class Page(msgspec.Struct, rename="camel"):
    """Some entries, and what to go on after; there are no more when it is absent."""

    entries: Annotated[list[StoredEntry], Meta(description="In the order of kind and id.")]
    next: Annotated[str, Meta(description="What to go on after; absent on the last page.")] | UnsetType = UNSET


class HistoryRow(msgspec.Struct, rename="camel"):
    """An applied change: who asked for it, when, by which request, and what it did."""

    version: Annotated[int, Meta(description="The version that it made.")]
    at: Annotated[str, Meta(description="When it was applied.")]
    client_id: Annotated[str | None, Meta(description="Who; null if it was no partner.")]
    api: Annotated[str, Meta(description="The path that was called.")]
    request_id: Annotated[str, Meta(description="The requestId, empty if the call had none.")]
    request_time: Annotated[str, Meta(description="The call's own time.")]
    what: Annotated[msgspec.Raw, Meta(description="What it did.")]


class Changes(msgspec.Struct, rename="camel"):
    """What changed of a store. `complete` says that the entries are all there are, not only those that changed.

    `version` is what to ask with the next time, once the last page has been read.
    """

    store: Annotated[StoredStore, Meta(description="The store as it is.")]
    since: Annotated[int, Meta(description="The version that was asked with.")]
    version: Annotated[int, Meta(description="The version to ask with next, behind the last page.")]
    complete: Annotated[bool, Meta(description="Whether the entries are all there are: start the copy anew.")]
    written: Annotated[list[StoredEntry], Meta(description="Entries that are new or changed, as they are now.")]
    removed: Annotated[list[StoredEntry], Meta(description="Entries that went.")]
    history: (
        Annotated[list[HistoryRow], Meta(description="The newest thousand changes since then; on the first page.")]
        | UnsetType
    ) = UNSET
    next: Annotated[str, Meta(description="What to go on after; absent on the last page.")] | UnsetType = UNSET


class Found(NamedTuple):
    """A store that was found, with what is needed to read on."""

    row_id: int
    tree: int
    tree_since: int
    store: StoredStore


class _Mark(NamedTuple):
    """How far a feed of changes has been read, and of which state of the store."""

    upto: int
    tree_since: int
    version: int
    kind: int
    key: str


def stores(reading: Reading, after: str) -> StorePage:
    """Return a page of stores."""
    rows = reading.rows(f"{_STORE} where s.public_id > ? order by s.public_id limit ?", (after, PAGE + 1))
    shown = [_store(row) for row in rows[:PAGE]]
    return StorePage(shown, shown[-1].id if len(rows) > PAGE else UNSET)


def find(reading: Reading, public_id: str) -> Found | None:
    """Return a store by its public id, deleted or not."""
    row = reading.row(f"{_STORE} where s.public_id = ?", (public_id,))
    if row is None:
        return None
    found = Found(row[0], row[9], row[10], _store(row))
    found.store.document = msgspec.Raw(row[11])
    return found


def entries(reading: Reading, tree: int, kind: str, after: str) -> Page:
    """Return a page of a tree's entries, of all kinds or one; raises KeyError for a kind that is none."""
    numbers = {one.word.replace(" ", "-"): number for number, one in KINDS.items()}
    low, high = (numbers[kind], numbers[kind]) if kind else (0, max(KINDS))
    past, key = _read_cursor(after, tuple[_Number, str]) if after else (0, "")
    rows = reading.rows(
        "select version, kind, key, status, deleted, doc from entry where tree = ? and kind >= ? and kind <= ?"
        " and (kind, key) > (?, ?) order by kind, key limit ?",
        (tree, low, high, past, key, PAGE + 1),
    )
    shown = [_entry(row, 0) for row in rows[:PAGE]]
    return Page(shown, _cursor(rows[PAGE - 1][1:3]) if len(rows) > PAGE else UNSET)


def changes(reading: Reading, found: Found, since: int, after: str) -> Changes:
    """Return a page of what changed of a store since a version; raises ReplacedError and UnreadableCursorError."""
    base = since if _is_told(found, since) else -1
    mark = _Mark(found.store.version, found.tree_since, base, max(KINDS) + 1, "")
    if after:
        mark = _Mark(*_read_cursor(after, tuple[_Number, _Number, _Number, _Number, str]))
        if mark.tree_since != found.tree_since:
            raise ReplacedError
    rows = _changed(reading, found.tree, mark, is_complete=base < 0)
    page = rows[:PAGE]
    shown = [(_entry(row, found.tree_since), bool(row[4])) for row in page]
    return Changes(
        store=found.store,
        since=since,
        version=mark.upto,
        complete=base < 0,
        written=[entry for entry, is_gone in shown if not is_gone],
        removed=[entry for entry, is_gone in shown if is_gone],
        history=UNSET if after else _history(reading, found.row_id, since),
        next=_cursor((mark.upto, mark.tree_since, *page[-1][:3])) if len(rows) > PAGE else UNSET,
    )


def _is_told(found: Found, since: int) -> bool:
    """Whether what is kept tells everything since a version: not of before the tree, nor of long ago, nor of the future."""
    version = found.store.version
    if since <= 0 or since > version or since < found.tree_since:
        return False
    return found.store.feed != POS or since >= version - REMOVED_VERSIONS


def _changed(reading: Reading, tree: int, mark: _Mark, *, is_complete: bool) -> list[Row]:
    """Return a page of rows behind a mark and one more, those that went among them unless all is read anew."""
    living = " and deleted = 0" if is_complete else ""
    place = (tree, mark.version, mark.kind, mark.key, PAGE + 1)
    rows = reading.rows(
        f"select version, kind, key, status, deleted, doc from entry where tree = ?{living}"
        " and (version, kind, key) > (?, ?, ?) order by version, kind, key limit ?",
        place,
    )
    if is_complete:
        return rows
    gone = reading.rows(
        "select version, kind, key, null, 1, null from removed r where tree = ? and not exists"
        " (select 1 from entry e where e.tree = r.tree and e.kind = r.kind and e.key = r.key)"
        " and (version, kind, key) > (?, ?, ?) order by version, kind, key limit ?",
        place,
    )
    return sorted([*rows, *gone], key=lambda row: row[:3])[: PAGE + 1]


def _history(reading: Reading, store_id: int, since: int) -> list[HistoryRow]:
    rows = reading.rows(
        "select h.version, h.at, p.client_id, h.api, h.request_id, h.request_time, h.what from history h"
        " left join partner p on p.id = h.partner_id where h.store_id = ? and h.version > ?"
        " order by h.version desc limit ?",
        (store_id, since, MOST_HISTORY),
    )
    return [
        HistoryRow(version, _time(at), client_id, api, request_id, request_time, msgspec.Raw(what))
        for version, at, client_id, api, request_id, request_time, what in reversed(rows)
    ]


def _store(row: Row) -> StoredStore:
    return StoredStore(row[1], row[2], row[3], row[4], row[5], row[6], _time(row[7]), bool(row[8]), bool(row[12]))


def _entry(row: Row, tree_since: int) -> StoredEntry:
    """Return the entry of a row; those that came with the tree have its version."""
    version, number, key, status, deleted, doc = row
    kind = KINDS[number]
    own, *above = msgspec.json.decode(key) if kind.parents else (key,)
    return StoredEntry(
        kind=kind.word.replace(" ", "-"),
        id=own,
        version=version or tree_since,
        deleted=bool(deleted),
        parents=dict(zip(kind.parents, above, strict=True)) if above else UNSET,
        status=UNSET if status is None else status,
        document=UNSET if doc is None else msgspec.Raw(doc),
    )


def _time(stored: int) -> str:
    return from_milliseconds(stored).isoformat(timespec="milliseconds")


def _cursor(place: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _read_cursor(text: str, shape: Any) -> Any:
    try:
        place = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=shape)
    except (ValueError, msgspec.MsgspecError):
        raise UnreadableCursorError from None
    if "\0" in place[-1]:
        raise UnreadableCursorError
    return place
