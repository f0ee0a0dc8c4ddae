"""Single objects of the F&B family: adding one, changing or deleting all that an id (and its parents' ids) name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import msgspec
from msgspec import UNSET

from dstore.catalog import entries, shelf, stores, undo
from dstore.catalog.at_once import AtOnce
from dstore.catalog.entries import Delta, Entry, Name, Stored
from dstore.catalog.kinds import CATEGORY, ITEM, MENU, MODIFIER_GROUP, Kind
from dstore.catalog.links import are_few, groups_at, refuse_broken
from dstore.catalog.pds_lookup import (
    Selector,
    Target,
    check_parents,
    find_targets,
    foresee_targets,
    living,
    living_store,
    parents_of,
    term_of,
)
from dstore.results import ParamIllegal, ProcessFail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dstore.catalog.entries import TreeTerm
    from dstore.catalog.patching import Patch
    from dstore.catalog.stores import Store, StoreKey
    from dstore.work import Work


@dataclass(frozen=True, slots=True)
class AddEntry(AtOnce):
    """Add one object to a store, or to what all stores share. `links` are the groups or add-on items it names."""

    selector: Selector
    status: str | None
    doc: bytes
    path: str
    links: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse ids that together are too long to be kept."""
        if UNSET not in self.selector.parents():
            self.selector.key()

    @property
    def is_short(self) -> bool:
        """It is one object, unless its links have to be followed through the store."""
        return are_few(self.selector.kind, self.links)

    @property
    def home(self) -> StoreKey:
        """The store, or the shelf."""
        return cast("StoreKey", self.selector.home())  # whoever adds something says where

    def foresee(self, work: Work) -> None:
        """The place is locked first; when the key is known, all that the object depends on is looked for with it.

        Not so on the shelf: there may be none, and then nothing is locked until it is made.
        """
        AtOnce.foresee(self, work)
        if self.home == shelf.KEY or UNSET in self.selector.parents():
            return
        term = stores.tree_of(work, self.home)
        parents = [one.query for one in parents_of(term, self.selector)]
        groups = groups_at(term, self.selector.kind, self.links)
        for query in (*parents, *groups, entries.at(term, _name(self.selector))):
            work.transaction.foresee(*query)

    def apply(self, work: Work) -> None:
        """Write the object; refuse it when its parents or links are missing, or it is there already."""
        term = stores.tree_of(work, self.home)
        store, selector = self._hold(work, term)
        kind, name = selector.kind, _name(selector)
        (rows,) = check_parents(work, parents_of(term, selector), f"{self.path}.", entries.at(term, name))
        refuse_broken(work.transaction, term, kind, selector.own, self.links, f"{self.path}.{links_member(kind)}")
        old = {name: Stored(*rows[0])} if rows else {}
        if old and not old[name].deleted:
            raise ProcessFail(
                f"{self.path}.{kind.own}: {kind.word} '{selector.own[:80]}' exists already; use the update call"
            )
        placed = [(Entry(*name, self.status, self.doc), entries.after_all(store.version + 1))]
        delta = Delta(changed=placed) if old else Delta(added=placed)
        _write(work, store, old, delta, {"change": "add", "what": f"{kind.word} {name[1]}"})

    def _hold(self, work: Work, term: TreeTerm) -> tuple[Store, Selector]:
        """Return where the object goes, held until the commit, and the ids that make its key."""
        selector = self.selector
        if self.home == shelf.KEY:
            return shelf.hold(work), selector
        store = living_store(work, str(selector.store_id), f"{self.path}.storeId")
        if selector.kind is CATEGORY and selector.menu_type is UNSET:
            check_parents(work, parents_of(term, selector), f"{self.path}.")
            selector = _in_only_menu(work, term, selector, f"{self.path}.menuType")
        return store, selector


def _name(selector: Selector) -> Name:
    return selector.kind.number, selector.key()


def _in_only_menu(work: Work, term: TreeTerm, selector: Selector, path: str) -> Selector:
    """Return a selector with the type of its menu, when there is one menu of this id."""
    menus = work.transaction.rows(*living(term, MENU, str(selector.menu_id)))
    types = sorted(msgspec.json.decode(key)[1] for (key,) in menus)
    if len(types) != 1:
        raise ParamIllegal(f"{path}: is required, as there are several menus '{selector.menu_id}': {', '.join(types)}")
    return selector._replace(menu_type=types[0])


@dataclass(frozen=True, slots=True)
class PatchEntries(AtOnce):
    """Change every object a selector names, all or none. `links` are the new ones, if there are."""

    selector: Selector
    patch: Patch
    links: Sequence[str] = ()

    @property
    def is_short(self) -> bool:
        """It is a few objects, unless no store is named or their links have to be followed through it."""
        return self.home is not None and are_few(self.selector.kind, self.links)

    @property
    def home(self) -> StoreKey | None:
        """The store, or the shelf; None when objects of any store are meant."""
        return self.selector.home()

    def foresee(self, work: Work) -> None:
        """The place is locked first, if there is one; then its objects are looked for, and the groups of an item."""
        AtOnce.foresee(self, work)
        foresee_targets(work, self.selector)
        if self.home is not None:
            for query in groups_at(stores.tree_of(work, self.home), self.selector.kind, self.links):
                work.transaction.foresee(*query)

    def apply(self, work: Work) -> None:
        """Write what differs, one version for each store."""
        targets = find_targets(work, self.selector)
        kind = self.selector.kind
        if not targets:
            raise ParamIllegal(f"{kind.own}: no {kind.word} '{self.selector.own[:80]}' {_where(self.selector)}")
        for term in {term_of(work, self.selector, target.store) for target in targets} if self.links else ():
            refuse_broken(work.transaction, term, kind, self.selector.own, self.links, links_member(kind))
        for store, held in _by_store(targets):
            changed = []
            for target in held:
                doc, status = self.patch(target.doc, target.status)
                if (doc, status) != (target.doc, target.status):
                    changed.append((Entry(kind.number, target.key, status, doc), target.position))
            what = {"change": "update", "what": [f"{kind.word} {entry.key}" for entry, _ in changed]}
            if changed:
                old = {(kind.number, target.key): target.stored() for target in held}
                _write(work, store, old, Delta(changed=changed), what)


@dataclass(frozen=True, slots=True)
class DeleteEntries(AtOnce):
    """Delete every object a selector names, with all that is in it; naming none is a success."""

    selector: Selector
    is_short = False

    @property
    def home(self) -> StoreKey | None:
        """The store, or the shelf; None when objects of any store are meant."""
        return self.selector.home()

    def apply(self, work: Work) -> None:
        """Leave tombstones."""
        kind = self.selector.kind
        for store, held in _by_store(find_targets(work, self.selector)):
            keys = [target.key for target in held]
            inside = _inside(work, store.tree, kind, keys)
            what = {"change": "delete", "what": [f"{kind.word} {key}" for key in keys], "inside": len(inside)}
            old = {(kind.number, target.key): target.stored() for target in held} | inside
            _write(work, store, old, Delta(removed=list(old)), what)


def _inside(work: Work, tree: int, kind: Kind, keys: Sequence[str]) -> dict[Name, Stored]:
    """Return what is in menus or categories: an object's key ends with that of what it is in."""
    if kind not in {MENU, CATEGORY}:
        return {}
    rows = work.transaction.rows(
        "select kind, key, position, status, doc from entry where tree = ? and kind > ? and kind <= ? and deleted = 0",
        (tree, kind.number, ITEM.number),
    )
    size = 1 + len(kind.parents)
    gone = {tuple(msgspec.json.decode(key)) for key in keys}
    return {
        (number, key): Stored(position, status, 0, bytes(doc))
        for number, key, position, status, doc in rows
        if tuple(msgspec.json.decode(key)[-size:]) in gone
    }


def links_member(kind: Kind) -> str:
    """Return the member that holds the links of a kind."""
    return "childItemIds" if kind is MODIFIER_GROUP else "modifierGroupIds"


def _by_store(targets: Sequence[Target]) -> Iterator[tuple[Store, list[Target]]]:
    by_id: dict[int, list[Target]] = {}
    for target in targets:
        by_id.setdefault(target.store.id, []).append(target)
    for held in by_id.values():
        yield held[0].store, held


def _write(work: Work, store: Store, old: Mapping[Name, Stored], delta: Delta, what: dict[str, Any]) -> None:
    """Write a difference; `old` is what it touches, as it is."""
    version = stores.change(work, store, feed_hash=None)
    undo.keep(work, store, version, undo.overwritten_part(old, delta))
    entries.write(work.transaction, store.tree, version, delta, tombstones=True)
    work.record(store.id, version, what)


def _where(selector: Selector) -> str:
    above = (selector.store_id, selector.category_id, selector.menu_id, selector.menu_type)
    return "has been fed" if all(one is UNSET for one in above) else "there"
