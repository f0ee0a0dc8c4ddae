"""Drafts and published menus in the database. Only publishing is a change of the store, with a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.catalog import stores
from dstore.catalog.merchant import menus
from dstore.catalog.merchant.menus import EditError, MenuDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from dstore.catalog.stores import Writing
    from dstore.storage.port import Reading, Row

    T = TypeVar("T")

VERSIONS_LISTED = 100


class Draft(NamedTuple):
    """The menu being worked on. Revisions rise with every edit and every publishing, so that none comes twice."""

    revision: int
    based_on: int
    document: MenuDocument
    can_undo: bool


class Version(NamedTuple):
    """A published menu; `known` are the ids of the products there were, `revision` is where its draft goes on."""

    number: int
    document: MenuDocument
    known: frozenset[str]
    revision: int


def newest(reading: Reading, store_id: int) -> Version | None:
    """Return the menu that diners see; None before the first publishing."""
    row = reading.row(
        "select number, doc, known, revision from merchant_menu where store_id = ? order by number desc limit 1",
        (store_id,),
    )
    return None if row is None else _version(row)


def published(reading: Reading, public_id: str) -> MenuDocument | None:
    """Return the menu that diners see of the store with a public id."""
    row = reading.row(
        "select m.doc from merchant_menu m join store s on s.id = m.store_id where s.public_id = ?"
        " order by m.number desc limit 1",
        (public_id,),
    )
    return None if row is None else menus.read(bytes(row[0]))


def published_between(reading: Reading, first: str, last: str) -> dict[str, MenuDocument]:
    """Return the menus that diners see of all stores between two public ids, by these; without what they say of products."""
    rows = reading.rows(
        "select s.public_id, m.doc from merchant_menu m join store s on s.id = m.store_id"
        " where s.public_id between ? and ?"
        " and m.number = (select max(n.number) from merchant_menu n where n.store_id = m.store_id)",
        (first, last),
    )
    return {public_id: menus.read_places(bytes(doc)) for public_id, doc in rows}


def version(reading: Reading, store_id: int, number: int) -> Version | None:
    """Return a published menu by its number."""
    row = reading.row(
        "select number, doc, known, revision from merchant_menu where store_id = ? and number = ?", (store_id, number)
    )
    return None if row is None else _version(row)


def versions(reading: Reading, store_id: int) -> list[Row]:
    """Return the newest rows of (number, at, login, note)."""
    return reading.rows(
        "select number, at, login, note from merchant_menu where store_id = ? order by number desc limit ?",
        (store_id, VERSIONS_LISTED),
    )


def draft(reading: Reading, store_id: int) -> Draft:
    """Return the menu being worked on: what was edited, else what is published, else an empty one."""
    row = reading.row(
        "select revision, based_on, doc, previous is not null from merchant_draft where store_id = ?", (store_id,)
    )
    if row is not None:
        return Draft(int(row[0]), int(row[1]), menus.read(bytes(row[2])), bool(row[3]))
    published = newest(reading, store_id)
    if published is None:
        return Draft(0, 0, menus.empty(), can_undo=False)
    return Draft(published.revision, published.number, published.document, can_undo=False)


def edit(desk: Writing, store_id: int, change: Callable[[MenuDocument], T], login: str) -> tuple[T, int]:
    """Apply a change to the draft as it is now; return what the change returned and the new revision."""
    stores.hold(desk, store_id)
    now = draft(desk.transaction, store_id)
    before = menus.written(now.document)
    result = change(now.document)
    _write(desk, store_id, now._replace(revision=now.revision + 1), before, login)
    return result, now.revision + 1


def undo(desk: Writing, store_id: int, revision: int, login: str) -> None:
    """Take the last edit back; EditError when it is not the one of `revision` any more."""
    stores.hold(desk, store_id)
    row = desk.transaction.row("select revision, previous from merchant_draft where store_id = ?", (store_id,))
    if row is None or row[0] != revision or row[1] is None:
        raise EditError("the menu was edited again meanwhile")
    desk.transaction.run(
        "update merchant_draft set doc = previous, previous = null, revision = revision + 1, at = ?, login = ?"
        " where store_id = ?",
        (desk.now, login, store_id),
    )


def publish(desk: Writing, store_id: int, revision: int, note: str, known: Iterable[str], login: str) -> int:
    """Make the draft what diners see; return its number. EditError when it is not of this revision any more."""
    store = stores.hold(desk, store_id)
    now = draft(desk.transaction, store_id)
    if now.revision != revision:
        raise EditError("the menu was edited meanwhile: look at the difference again")
    row = desk.transaction.row("select coalesce(max(number), 0) from merchant_menu where store_id = ?", (store_id,))
    number = 1 + (int(row[0]) if row else 0)
    desk.transaction.run(
        "insert into merchant_menu (store_id, number, at, login, note, doc, known, revision) values (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            store_id,
            number,
            desk.now,
            login,
            note,
            menus.written(now.document),
            msgspec.json.encode(sorted(known)),
            revision + 1,
        ),
    )
    desk.transaction.run("delete from merchant_draft where store_id = ?", (store_id,))
    stores.change(desk, store)
    return number


def restore(desk: Writing, store_id: int, number: int, login: str) -> int:
    """Make the draft what was published before; return its revision. EditError when there is no such version."""
    was = version(desk.transaction, store_id, number)
    if was is None:
        raise EditError(f"there is no version {number}")

    def replace(document: MenuDocument) -> None:
        document.menus, document.products = was.document.menus, was.document.products

    return edit(desk, store_id, replace, login)[1]


def discard(desk: Writing, store_id: int, login: str) -> int:
    """Make the draft what is published now, or empty; return its revision, so that it can be undone."""

    def replace(document: MenuDocument) -> None:
        published = newest(desk.transaction, store_id)
        kept = published.document if published else menus.empty()
        document.menus, document.products = kept.menus, kept.products

    return edit(desk, store_id, replace, login)[1]


def _write(desk: Writing, store_id: int, new: Draft, before: bytes, login: str) -> None:
    doc = menus.written(new.document)
    desk.transaction.run(
        "insert into merchant_draft (store_id, revision, based_on, at, login, doc, previous)"
        " values (?, ?, ?, ?, ?, ?, ?) on conflict (store_id) do update set revision = excluded.revision,"
        " based_on = excluded.based_on, at = excluded.at, login = excluded.login, doc = excluded.doc,"
        " previous = excluded.previous",
        (store_id, new.revision, new.based_on, desk.now, login, doc, before),
    )


def _version(row: Row) -> Version:
    known = frozenset(msgspec.json.decode(bytes(row[2])))
    return Version(int(row[0]), menus.read(bytes(row[1])), known, int(row[3]))
