"""Release 2's syncStore: a store and its tree inserted, changed or hidden by one call, in every store that shares it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import stores
from dstore.catalog.at_once import AtOnce
from dstore.catalog.kinds import BRAND, MENU, SHOPPING_AREA
from dstore.catalog.pds_stores import pds_key
from dstore.catalog.pds_sync_docs import store_info
from dstore.catalog.pds_sync_hours import schedule_offset
from dstore.catalog.pds_sync_merge import Merge
from dstore.catalog.pds_sync_sharing import carry_over, lock_family, share
from dstore.catalog.pds_sync_tree import SyncedTree
from dstore.catalog.shelf import has
from dstore.findings import Finding, Findings
from dstore.results import MOST_FINDINGS, ParamIllegal, ProcessFail
from dstore.vocabulary.objects import StoreInfo
from dstore.vocabulary.release2 import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.catalog.kinds import Kind
    from dstore.catalog.pds_sync_merge import Fits
    from dstore.catalog.stores import Store
    from dstore.vocabulary.release2 import SyncMenu, SyncStore
    from dstore.vocabulary.words import StoreState
    from dstore.work import Work

MANY = 50
"""Objects in a message from which on reading the whole tree at once is quicker than asking for each."""
_STATES = {"menu.type", "share.differs"}
"""Rules that the state of things breaks, not the message by itself."""


@dataclass(frozen=True, slots=True)
class SyncOfStore(AtOnce):
    """Merge a checked message into its store, and what becomes of shared menus into the other stores.

    `size` is how many objects the message names; `currency` the first that it names.
    """

    given: SyncStore
    size: int
    currency: str | None
    fits: Fits
    is_short = False

    def apply(self, work: Work) -> None:
        """Write what differs, one version for each store; refuse with every finding, and write nothing then."""
        menus = [] if self.given.menus is UNSET else self.given.menus
        held = lock_family(work, self.given.store_id, [menu.menu_id for menu in menus])
        store = held.pop(self.given.store_id, None)
        old = None if store is None or store.deleted else store
        findings = Findings(MOST_FINDINGS)
        findings.add(*self._store_findings(work, old))
        doc = b"{}" if findings else msgspec.json.encode(store_info(self.given, _info(old)))
        if not findings:
            findings.add(*(one.under("store") for one in self.fits(doc, StoreInfo)))
        if store is None:
            store = stores.create(work, pds_key(self.given.store_id), doc)
            if store.version:  # another call made it meanwhile: this one changes what is there now
                self.apply(work)
                return
        tree = SyncedTree(work, store, whole=bool(store.deleted) or self.size > MANY)
        if store.deleted:
            tree.clear()
        others = [SyncedTree(work, one, whole=False) for one in held.values() if not one.deleted]
        merge = Merge(tree, self.fits, self.currency, findings)
        for index, menu in enumerate(menus):
            path = f"store.menus[{index}]"
            shared = _sharing(work, menu, tree, others, path)
            findings.add(*shared)
            if not shared:
                merge.menu(menu, path)
        merge.check_links()
        _refuse(findings)
        changed = tree.changed()
        for other in others:
            carry_over(changed, tree, other)
            other.write({})
        tree.write(_columns(store, old, doc, self.given.status))

    def _store_findings(self, work: Work, old: Store | None) -> Iterator[Finding]:
        """Yield what is wrong with the store itself: what inserting lacks, areas and brands that are not there."""
        given = self.given
        if old is None:
            for name in missing(given, "store"):
                cause = f"is required to insert store '{given.store_id[:60]}', which is not known yet"
                yield Finding(f"store.{name}", "type.missing", cause)
            yield from _insert_findings(given)
        links: list[tuple[Kind, str | UnsetType]] = [(SHOPPING_AREA, given.area_id), (BRAND, given.brand_id)]
        for kind, linked in links:
            if linked is not UNSET and not has(work, kind, linked):
                cause = f"no {kind.word} '{linked[:80]}' has been fed, or it is deleted"
                yield Finding(f"store.{kind.own}", "type.missing", cause)


def _insert_findings(given: SyncStore) -> Iterator[Finding]:
    """Yield what a store to be inserted lacks inside its members: the address, the zone, the area of a stall."""
    if given.location is not UNSET and given.location.address is UNSET:
        yield Finding("store.location.address", "type.missing", "is required to insert a store")
    if given.service_schedules is not UNSET and schedule_offset(given.service_schedules) is None:
        cause = "no time of day has an offset, so the store's zone is not known"
        yield Finding("store.serviceSchedules", "schedule.zone", cause)
    if given.type == "HAWKER" and given.area_id is UNSET:
        yield Finding("store.areaId", "type.missing", "is required for a HAWKER")


def _info(store: Store | None) -> StoreInfo | None:
    return None if store is None else msgspec.json.decode(store.doc, type=StoreInfo)


def _columns(store: Store, old: Store | None, doc: bytes, status: StoreState | UnsetType) -> dict[str, Any]:
    """Return what changes of a store's row."""
    columns: dict[str, Any] = {} if old is not None and store.doc == doc else {"doc": doc}
    if store.deleted:
        columns["deleted"] = 0
    if status is not UNSET or store.deleted:
        hidden = status == "INVALID"
        if store.hidden != hidden:
            columns["hidden"] = int(hidden)
    return columns


def _sharing(work: Work, menu: SyncMenu, tree: SyncedTree, others: list[SyncedTree], path: str) -> list[Finding]:
    """Bring a menu that other stores carry into a tree that does not; return why that can not be."""
    if tree.find(MENU, menu.menu_id):
        return []
    there = [(other, one.key) for other in others for one in other.find(MENU, menu.menu_id)]
    if not there:
        return []
    fitting = [pair for pair in there if menu.type in (UNSET, _type(pair[1]))]
    if not fitting:
        cause = f"menu '{menu.menu_id[:60]}' is {_type(there[0][1])} in another store"
        return [Finding(f"{path}.type", "menu.type", cause)]
    source, key = fitting[0]
    taken = next((MENU.own_id(one.key) for one in tree.all(MENU) if _type(one.key) == _type(key)), None)
    if taken is not None:
        cause = f"the store has the {_type(key)} menu '{taken[:60]}' already"
        return [Finding(f"{path}.menuId", "menu.type", cause)]
    differing = share(SyncedTree(work, source.store, whole=True), tree, key)
    return [
        Finding(f"{path}.menuId", "share.differs", f"the store has another {words} than the stores of this menu")
        for words in differing
    ]


def _type(key: str) -> str:
    return str(msgspec.json.decode(key)[1])


def _refuse(findings: Findings) -> None:
    """Refuse with all findings: as illegal, or as forbidden when nothing but the state of things is wrong."""
    if findings:
        raise (ProcessFail if findings.rules <= _STATES else ParamIllegal).because(list(findings))
