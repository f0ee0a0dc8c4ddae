"""Menus that several stores of a partner carry: the same menuId is the same menu, copied into each store's tree.

Stores that share menus, directly or through others, are a family. Inside it the ids of items, add-on items and
modifier groups mean the same objects, so that what one store's tree becomes can be carried over to the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from dstore.catalog import stores
from dstore.catalog.kinds import CATEGORY, INDEXED_BY_KEY, ITEM, KINDS, MENU
from dstore.catalog.links import links_of
from dstore.catalog.pds_stores import pds_key
from dstore.vocabulary.objects import MenuInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dstore.catalog.entries import Name
    from dstore.catalog.kinds import Kind
    from dstore.catalog.pds_sync_tree import Living, SyncedTree
    from dstore.catalog.stores import Store
    from dstore.work import Work


def lock_family(work: Work, store_id: str, menu_ids: Iterable[str]) -> dict[str, Store]:
    """Hold a store (if there is one) and all that share menus with it or carry one of `menu_ids`; by their ids.

    All calls hold stores in the order of their ids. What another call has brought into the family meanwhile is held
    too; should two calls then wait for each other, the database lets one of them begin anew.
    """
    held: dict[str, Store | None] = {}
    while missing := sorted({store_id, *_family(work, store_id, menu_ids)} - held.keys()):
        held |= {ref: stores.lock(work, pds_key(ref)) for ref in missing}
    return {ref: store for ref, store in held.items() if store is not None}


def _family(work: Work, store_id: str, menu_ids: Iterable[str]) -> set[str]:
    """Return the ids of the living stores of a family, going from menus to stores and back until nothing comes."""
    refs: set[str] = set()
    known = set(menu_ids)
    new_refs, new_menus = {store_id}, set(known)
    while new_refs or new_menus:
        found = _menus_of(work, new_refs) - known
        new_menus |= found
        known |= found
        refs |= new_refs
        new_refs = _stores_with(work, new_menus) - refs
        new_menus = set()
    return refs


def _menus_of(work: Work, refs: set[str]) -> set[str]:
    found: set[str] = set()
    for ref in refs:
        rows = work.transaction.rows(
            "select e.key from store s join entry e on e.tree = s.tree and e.kind = ? and e.deleted = 0"
            " where s.partner_id = ? and s.feed = 'pds' and s.account = '' and s.ref = ? and s.deleted = 0",
            (MENU.number, work.partner_id, ref),
        )
        found |= {MENU.own_id(key) for (key,) in rows}
    return found


def _stores_with(work: Work, menu_ids: set[str]) -> set[str]:
    found: set[str] = set()
    for menu_id in menu_ids:
        low, high = MENU.prefix(menu_id)
        # The kind in the statement itself, and no index of partners: so every planner begins with the index of menus.
        rows = work.transaction.rows(
            f"select s.ref from entry e join store s on s.tree = e.tree where e.{INDEXED_BY_KEY} and e.kind = {MENU.number}"
            " and e.key >= ? and e.key < ? and e.deleted = 0 and s.partner_id + 0 = ? and s.feed = 'pds' and s.deleted = 0",
            (low, high, work.partner_id),
        )
        found |= {str(ref) for (ref,) in rows}
    return found


def share(source: SyncedTree, target: SyncedTree, menu_key: str) -> list[str]:
    """Copy a menu with everything below it into another store's tree; visible there, whatever it is elsewhere.

    Returns what the target has under the same id and otherwise, in words; nothing is copied then.
    """
    menu = source.get(MENU, menu_key)
    if menu is None:
        return []
    names = [(CATEGORY, one) for one in source.all(CATEGORY) if _parents(one.key) == _ids(menu_key)]
    names += [(ITEM, one) for one in source.all(ITEM) if _parents(one.key)[1:] == _ids(menu_key)]
    names += list(reached(source, (one.doc for kind, one in names if kind is ITEM)))
    differing = [f"{kind.word} '{kind.own_id(one.key)[:60]}'" for kind, one in names if _differs(target, kind, one)]
    if differing:
        return differing
    info = msgspec.json.decode(menu.doc, type=MenuInfo)
    shown = msgspec.structs.replace(info, menu_status=UNSET)
    target.put(MENU, menu_key, None, msgspec.json.encode(shown))
    for kind, one in sorted(names, key=lambda named: named[1].position):
        target.put(kind, one.key, one.status, one.doc, one.position)
    return []


def _ids(key: str) -> list[str]:
    found: list[str] = msgspec.json.decode(key)
    return found


def _parents(key: str) -> list[str]:
    return _ids(key)[1:]


def _differs(target: SyncedTree, kind: Kind, one: Living) -> bool:
    """Return whether a store has another item, add-on item or group of the same id."""
    found = [] if kind is CATEGORY else target.find(kind, kind.own_id(one.key))
    return any(_content(other.doc) != _content(one.doc) for other in found)


def _content(doc: bytes) -> dict[str, object]:
    found: dict[str, object] = msgspec.json.decode(doc)
    return found


def reached(tree: SyncedTree, docs: Iterable[bytes]) -> Iterator[tuple[Kind, Living]]:
    """Yield the groups and add-on items that documents lead to, each once."""
    waiting = [node for doc in docs for node in links_of(doc)]
    seen: set[tuple[int, str]] = set()
    while waiting:
        kind, name = waiting.pop()
        one = None if (kind.number, name) in seen else tree.get(kind, name)
        seen.add((kind.number, name))
        if one is not None:
            yield kind, one
            waiting += links_of(one.doc)


def carry_over(changed: Iterable[Name], source: SyncedTree, target: SyncedTree) -> None:
    """Make what changed in one store's tree the same in another of the family, as far as that has it."""
    for number, key in changed:
        kind = KINDS[number]
        one = source.get(kind, key)
        if one is not None:
            _carry(kind, one, source, target)


def _carry(kind: Kind, one: Living, source: SyncedTree, target: SyncedTree) -> None:
    own = target.get(kind, key := one.key)
    if kind is MENU:
        if own is not None:
            target.put(MENU, key, None, _with_status_of(one.doc, own.doc))
    elif kind is CATEGORY:
        if target.get(MENU, _menu_key(key)) is not None:
            target.put(CATEGORY, key, one.status, one.doc, one.position)
    elif kind is ITEM:
        _carry_item(one, source, target)
    elif own is not None:
        target.put(kind, key, one.status, one.doc)
        _complete(one.doc, source, target)


def _carry_item(one: Living, source: SyncedTree, target: SyncedTree) -> None:
    """The item's data goes to every place the item has; its status and place only to the same category."""
    is_there = target.get(MENU, _menu_key(one.key)) is not None
    if is_there:
        target.put(ITEM, one.key, one.status, one.doc, one.position)
    for other in target.find(ITEM, ITEM.own_id(one.key)):
        if other.key != one.key:
            target.put(ITEM, other.key, other.status, one.doc)
            is_there = True
    if is_there:
        _complete(one.doc, source, target)


def _complete(doc: bytes, source: SyncedTree, target: SyncedTree) -> None:
    """Copy the groups and add-on items that a document leads to and the target does not have."""
    for kind, one in reached(source, [doc]):
        if target.get(kind, one.key) is None:
            target.put(kind, one.key, one.status, one.doc, one.position)


def _menu_key(key: str) -> str:
    return MENU.key(*_ids(key)[-2:])


def _with_status_of(doc: bytes, own: bytes) -> bytes:
    """Return a menu's document as another store has it: shown or hidden as it was there."""
    status = msgspec.json.decode(own, type=MenuInfo).menu_status
    return msgspec.json.encode(msgspec.structs.replace(msgspec.json.decode(doc, type=MenuInfo), menu_status=status))
