"""Finding objects of the F&B family: by the own id alone, narrowed by the ids of what they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import entries, shelf, stores
from dstore.catalog.entries import Stored
from dstore.catalog.kinds import BRAND, CATEGORY, INDEXED_BY_KEY, MENU, SHOPPING_AREA, Kind
from dstore.catalog.pds_stores import pds_key
from dstore.results import ParamIllegal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.entries import TreeTerm
    from dstore.catalog.stores import Store, StoreKey
    from dstore.storage.port import Query, Row
    from dstore.work import Work


class Selector(NamedTuple):
    """Which objects a call means: a kind, the own id, and any of the ids above it."""

    kind: Kind
    own: str
    store_id: str | UnsetType = UNSET
    category_id: str | UnsetType = UNSET
    menu_id: str | UnsetType = UNSET
    menu_type: str | UnsetType = UNSET

    def parents(self) -> tuple[str | UnsetType, ...]:
        """Return the parents' ids in the order of the kind's key."""
        return tuple(
            {"categoryId": self.category_id, "menuId": self.menu_id, "menuType": self.menu_type}[p]
            for p in self.kind.parents
        )

    def key(self) -> str:
        """Return the key of the one object that is meant when all parents are given.

        Raises ParamIllegal when the ids together are too long.
        """
        return self.kind.key(self.own, *(str(parent) for parent in self.parents()))

    def fits(self, key: str) -> bool:
        """Return whether an entry's key has the parents that are given."""
        if not self.kind.parents:
            return True
        _, *found = msgspec.json.decode(key)
        return all(given is UNSET or given == one for given, one in zip(self.parents(), found, strict=True))

    def home(self) -> StoreKey | None:
        """Return where all that is meant stands: the shelf or a store; None when any store will do."""
        if self.kind in {SHOPPING_AREA, BRAND}:
            return shelf.KEY
        return None if self.store_id is UNSET else pds_key(self.store_id)


class Target(NamedTuple):
    """An object that a selector found, and the store it is in."""

    store: Store
    key: str
    position: int
    status: str | None
    doc: bytes

    def stored(self) -> Stored:
        """Return the object as an entry that is there."""
        return Stored(self.position, self.status, 0, self.doc)


def find_targets(work: Work, selector: Selector) -> list[Target]:
    """Return the living objects a selector names, their stores held until the commit, in the order of the stores.

    Raises ParamIllegal when there is none because a given parent does not exist. What is found needs no such check:
    whatever is in something goes when that is deleted.
    """
    found = [
        Target(store, key, position, status, bytes(doc))
        for store in _hold(work, selector)
        for key, position, status, doc in work.transaction.rows(*_named(term_of(work, selector, store), selector))
        if selector.fits(key)
    ]
    if not found and selector.store_id is not UNSET:
        store = living_store(work, selector.store_id, "storeId")
        check_parents(work, parents_of(entries.known(store.tree), selector), "")
    return found


def _hold(work: Work, selector: Selector) -> list[Store]:
    """Hold the stores of a selector's objects, always in the same order; what they hold is read again afterwards.

    Holding and reading in one statement would not do: a store whose tree was replaced meanwhile would be joined with
    the entries of the old tree, and its objects would seem to be missing.
    """
    home = selector.home()
    keys = [home] if home is not None else [pds_key(ref) for ref in _refs(work, selector)]
    held = [stores.lock(work, key) for key in keys]
    return [store for store in held if store is not None and not store.deleted]


def _refs(work: Work, selector: Selector) -> list[str]:
    low, high = selector.kind.prefix(selector.own)
    # No index of partners, so that every planner begins with the index of keys.
    rows = work.transaction.rows(
        f"select distinct s.ref from entry e join store s on s.tree = e.tree where e.{INDEXED_BY_KEY} and e.kind = ?"
        " and e.key >= ? and e.key < ? and e.deleted = 0 and s.partner_id + 0 = ? and s.feed = 'pds' and s.deleted = 0",
        (selector.kind.number, low, high, work.partner_id),
    )
    return sorted(str(ref) for (ref,) in rows)


def term_of(work: Work, selector: Selector, store: Store) -> TreeTerm:
    """Return the tree of a store that a selector found, in the words of what was foreseen."""
    home = selector.home()
    return entries.known(store.tree) if home is None else stores.tree_of(work, home)


def foresee_targets(work: Work, selector: Selector) -> None:
    """Say that the objects of a selector which stand in one place will be looked for once that is locked."""
    home = selector.home()
    if home is not None:
        work.transaction.foresee(*_named(stores.tree_of(work, home), selector))


def _named(term: TreeTerm, selector: Selector) -> Query:
    """Return the query for living objects with a selector's own id."""
    tree, named = term
    sql = (
        f"select key, position, status, doc from entry where tree = {tree}"
        " and kind = ? and key >= ? and key < ? and deleted = 0 order by key"
    )
    return sql, (*named, selector.kind.number, *selector.kind.prefix(selector.own))


def living_store(work: Work, store_id: str, path: str) -> Store:
    """Return a store that is fed and not deleted, held until the commit."""
    store = stores.lock(work, pds_key(store_id))
    if store is None or store.deleted:
        raise ParamIllegal(f"{path}: no store '{store_id[:80]}' has been fed, or it is deleted")
    return store


class Parent(NamedTuple):
    """What an object has to be in: the query that finds it, and what is wrong when it finds nothing."""

    query: Query
    fault: str


def check_parents(work: Work, parents: Sequence[Parent], path: str, *also: Query) -> list[list[Row]]:
    """Refuse a menu that is not in the store, or a category that is not in the menu.

    Returns the rows of what else is asked: it travels in the same go.
    """
    found = work.transaction.each(*(parent.query for parent in parents), *also)
    for parent, keys in zip(parents, found, strict=False):
        if not keys:
            raise ParamIllegal(f"{path}{parent.fault}")
    return found[len(parents) :]


def parents_of(term: TreeTerm, selector: Selector) -> list[Parent]:
    """Return each parent that a selector names."""
    parents = []
    menu_id, menu_type, category_id = selector.menu_id, selector.menu_type, selector.category_id
    if menu_id is not UNSET and selector.kind is not MENU:
        kinds = [] if menu_type is UNSET else [menu_type]
        words = f"no menu '{menu_id[:80]}'{f' {menu_type}' if kinds else ''} in the store"
        parents.append(Parent(living(term, MENU, menu_id, *kinds), f"menuId: {words}"))
    if category_id is not UNSET and selector.kind is not CATEGORY:
        above = [] if menu_id is UNSET else [menu_id] if menu_type is UNSET else [menu_id, menu_type]
        words = f"no category '{category_id[:80]}' in the {'menu' if above else 'store'}"
        parents.append(Parent(living(term, CATEGORY, category_id, *above), f"categoryId: {words}"))
    return parents


def living(term: TreeTerm, kind: Kind, own: str, *parents: str) -> Query:
    """Return the query for the keys of all living objects with this id, and these first parents' ids."""
    tree, named = term
    sql = f"select key from entry where tree = {tree} and kind = ? and key >= ? and key < ? and deleted = 0"
    return sql, (*named, kind.number, *kind.prefix(own, *parents))
