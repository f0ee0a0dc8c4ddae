"""Single objects of F&B stores: adding one, changing or deleting all that an id (and its parents' ids) name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import entries, links, stores
from dstore.catalog.entries import Delta, Entry
from dstore.catalog.kinds import CATEGORY, ITEM, MENU, MODIFIER_GROUP, Kind
from dstore.catalog.patching import patched
from dstore.catalog.pds_stores import pds_key
from dstore.results import ParamIllegal, ProcessFail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.stores import Store
    from dstore.storage.port import Row
    from dstore.work import Work

Patch = Callable[[bytes, str | None], tuple[bytes, str | None]]
"""From an object's document and status to the new ones; raises ParamIllegal when the whole would break a rule."""


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

    def fits(self, key: str) -> bool:
        """Return whether an entry's key has the parents that are given."""
        if not self.kind.parents:
            return True
        _, *found = msgspec.json.decode(key)
        return all(given is UNSET or given == one for given, one in zip(self.parents(), found, strict=True))


class Target(NamedTuple):
    """An object that a selector found."""

    store_id: int
    tree: int
    version: int
    key: str
    position: int
    status: str | None
    doc: bytes


@dataclass(frozen=True, slots=True)
class AddEntry:
    """Add one object to a store."""

    selector: Selector
    entry: Entry
    groups: Sequence[str]
    path: str

    def prepare(self, database: Any, caller: Any) -> None:
        """Nothing is worth doing ahead."""

    def apply(self, work: Work) -> None:
        """Write the object; refuse it when its parents or groups are missing, or it is there already."""
        store = living_store(work, str(self.selector.store_id), f"{self.path}.storeId")
        check_parents(work, store, self.selector, f"{self.path}.")
        check_groups(work, store.tree, self.selector, self.groups, f"{self.path}.modifierGroupIds")
        row = work.transaction.row(
            "select deleted from entry where tree = ? and kind = ? and key = ?",
            (store.tree, self.entry.kind, self.entry.key),
        )
        if row is not None and not row[0]:
            kind = self.selector.kind
            raise ProcessFail(
                f"{self.path}.{kind.own}: {kind.word} '{self.selector.own[:80]}' exists already; use the update call"
            )
        version = stores.change(work, store, feed_hash=None)
        placed = [(self.entry, entries.after_all(version))]
        delta = Delta(changed=placed) if row is not None else Delta(added=placed)
        entries.write(work.transaction, store.tree, version, delta, tombstones=True)
        work.record(store.id, version, {"change": "add", "what": f"{self.selector.kind.word} {self.entry.key}"})


@dataclass(frozen=True, slots=True)
class PatchEntries:
    """Change every object a selector names, all or none."""

    selector: Selector
    patch: Patch
    groups: Sequence[str]

    def prepare(self, database: Any, caller: Any) -> None:
        """Nothing is worth doing ahead."""

    def apply(self, work: Work) -> None:
        """Write what differs, one version for each store."""
        targets = find_targets(work, self.selector)
        kind = self.selector.kind
        if not targets:
            raise ParamIllegal(f"{kind.own}: no {kind.word} '{self.selector.own[:80]}' {_where(self.selector)}")
        for target in targets:
            check_groups(work, target.tree, self.selector, self.groups, "modifierGroupIds")
        changed: dict[int, list[tuple[Entry, int]]] = {}
        for target in targets:
            doc, status = self.patch(target.doc, target.status)
            if (doc, status) != (target.doc, target.status):
                entry = Entry(kind.number, target.key, status, doc)
                changed.setdefault(target.store_id, []).append((entry, target.position))
        by_store = {target.store_id: target for target in targets}
        for store_id, rows in changed.items():
            _write(
                work,
                by_store[store_id],
                Delta(changed=rows),
                {"change": "update", "what": [f"{kind.word} {entry.key}" for entry, _ in rows]},
            )


@dataclass(frozen=True, slots=True)
class DeleteEntries:
    """Delete every object a selector names; naming none is a success."""

    selector: Selector

    def prepare(self, database: Any, caller: Any) -> None:
        """Nothing is worth doing ahead."""

    def apply(self, work: Work) -> None:
        """Leave tombstones."""
        kind = self.selector.kind
        gone: dict[int, list[tuple[int, str]]] = {}
        targets = find_targets(work, self.selector)
        for target in targets:
            gone.setdefault(target.store_id, []).append((kind.number, target.key))
        by_store = {target.store_id: target for target in targets}
        for store_id, names in gone.items():
            _write(
                work,
                by_store[store_id],
                Delta(removed=names),
                {"change": "delete", "what": [f"{kind.word} {key}" for _, key in names]},
            )


def find_targets(work: Work, selector: Selector) -> list[Target]:
    """Return the living objects a selector names, their stores held until the commit, in the order of the stores."""
    if selector.store_id is not UNSET:
        store = living_store(work, selector.store_id, "storeId")
        check_parents(work, store, selector, "")
    else:
        _hold_stores(work, selector)
    rows = _select(work, selector, "s.id, e.tree, s.version, e.key, e.position, e.status, e.doc")
    found = (Target(row[0], row[1], row[2], row[3], row[4], row[5], bytes(row[6])) for row in rows)
    return [target for target in found if selector.fits(target.key)]


def _hold_stores(work: Work, selector: Selector) -> None:
    """Hold the stores of a selector's objects; what they hold is read again afterwards.

    Holding and reading in one statement would not do: a store whose tree was replaced meanwhile would be joined with
    the entries of the old tree, and its objects would seem to be missing.
    """
    for ref in sorted({str(row[0]) for row in _select(work, selector, "s.ref")}):
        stores.lock(work, pds_key(ref))


def _select(work: Work, selector: Selector, columns: str) -> list[Row]:
    low, high = selector.kind.prefix(selector.own)
    narrowed = "" if selector.store_id is UNSET else " and s.ref = ?"
    return work.transaction.rows(
        f"select {columns} from store s join entry e on e.tree = s.tree and e.kind = ? and e.key >= ? and e.key < ?"
        f" where s.partner_id = ? and s.feed = 'pds' and s.deleted = 0 and e.deleted = 0{narrowed} order by s.id, e.key",
        (
            selector.kind.number,
            low,
            high,
            work.partner_id,
            *(() if selector.store_id is UNSET else (selector.store_id,)),
        ),
    )


def living_store(work: Work, store_id: str, path: str) -> Store:
    """Return a store that is fed and not deleted, held until the commit."""
    store = stores.lock(work, pds_key(store_id))
    if store is None or store.deleted:
        raise ParamIllegal(f"{path}: no store '{store_id[:80]}' has been fed, or it is deleted")
    return store


def check_parents(work: Work, store: Store, selector: Selector, path: str) -> None:
    """Refuse a menu that is not in the store, or a category that is not in the menu."""
    menu_id, menu_type, category_id = selector.menu_id, selector.menu_type, selector.category_id
    if menu_id is not UNSET and selector.kind is not MENU:
        kinds = [] if menu_type is UNSET else [menu_type]
        if not exists(work, store.tree, MENU, menu_id, *kinds):
            raise ParamIllegal(f"{path}menuId: no menu '{menu_id[:80]}'{f' {menu_type}' if kinds else ''} in the store")
    if category_id is not UNSET and selector.kind is not CATEGORY:
        above = [] if menu_id is UNSET else [menu_id] if menu_type is UNSET else [menu_id, menu_type]
        if not exists(work, store.tree, CATEGORY, category_id, *above):
            raise ParamIllegal(
                f"{path}categoryId: no category '{category_id[:80]}' in the {'menu' if above else 'store'}"
            )


def exists(work: Work, tree: int, kind: Kind, own: str, *parents: str) -> bool:
    """Return whether a living object with this id, and these first parents' ids, is in a tree."""
    low, high = kind.prefix(own, *parents)
    row = work.transaction.row(
        "select 1 from entry where tree = ? and kind = ? and key >= ? and key < ? and deleted = 0 limit 1",
        (tree, kind.number, low, high),
    )
    return row is not None


def check_groups(work: Work, tree: int, selector: Selector, groups: Sequence[str], path: str) -> None:
    """Refuse groups that are not in the store, or that lead back to the add-on item itself."""
    for index, group in enumerate(groups):
        if not exists(work, tree, MODIFIER_GROUP, group):
            raise ParamIllegal(f"{path}[{index}]: no modifier group '{group[:80]}' in the store")
    if groups and selector.kind is not ITEM:
        circle = links.circle_through(work.transaction, tree, selector.own, groups)
        if circle:
            raise ParamIllegal(f"{path}: makes a circle: {' > '.join(circle[:10])}")


def _write(work: Work, target: Target, delta: Delta, what: dict[str, Any]) -> None:
    version = target.version + 1
    work.transaction.run(
        "update store set version = ?, changed = ?, feed_hash = null where id = ?", (version, work.now, target.store_id)
    )
    entries.write(work.transaction, target.tree, version, delta, tombstones=True)
    work.record(target.store_id, version, what)


def _where(selector: Selector) -> str:
    given = [
        name for name in ("store_id", "category_id", "menu_id", "menu_type") if getattr(selector, name) is not UNSET
    ]
    return "there" if given else "has been fed"


def patching(
    shape: type[Any], given: Any, clears: frozenset[str], status: str | UnsetType, check: Callable[[Any], None]
) -> Patch:
    """Return the patch that puts `given` into documents of a shape and checks the whole."""

    def patch(doc: bytes, was: str | None) -> tuple[bytes, str | None]:
        new = patched(msgspec.json.decode(doc, type=shape), given, clears)
        check(new)
        return msgspec.json.encode(new), was if status is UNSET else status

    return patch
