"""What a syncStore says of menus, categories, items and groups, merged into a store's tree by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from dstore.catalog.graphs import find_circle, longest_path
from dstore.catalog.kinds import ADDON, CATEGORY, ITEM, MENU, MODIFIER_GROUP
from dstore.catalog.links import links_of
from dstore.catalog.pds_sync_docs import category_info, item_currency, menu_info, stored_group, stored_item
from dstore.catalog.skus import check_skus
from dstore.findings import Finding
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import CategoryInfo, MenuInfo, StoredGroup, StoredItem
from dstore.vocabulary.release2 import LAST, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dstore.catalog.kinds import Kind
    from dstore.catalog.pds_sync_tree import Living, SyncedTree
    from dstore.findings import Findings
    from dstore.vocabulary.release2 import SyncCategory, SyncItem, SyncMenu, SyncModifierGroup

    Fits = Callable[[bytes, Any], list[Finding]]
    """Why a document is not of a type: lists that were merged may have grown beyond their limits."""

_encode = msgspec.json.Encoder().encode
_SPREAD = 1 << 20
"""The room between two sequences; items without one stand behind, at positions from 0 on."""


class Merge:
    """One message merged into one tree. What can not be is added to the findings, by the path in the message."""

    def __init__(self, tree: SyncedTree, fits: Fits, first_currency: str | None, findings: Findings) -> None:
        self.tree = tree
        self._findings = findings
        self._fits = fits
        self._first_currency = first_currency
        self._currency: str | None = None
        self._linked: dict[str, str] = {}

    def menu(self, given: SyncMenu, path: str) -> None:
        """Merge a menu and what is below it; the tree has it already if it is shared."""
        found = self.tree.find(MENU, given.menu_id)
        if given.type is not UNSET:
            same = [one for one in found if msgspec.json.decode(one.key)[1] == given.type]
            if found and not same:
                self._find(f"{path}.type", "menu.type", f"menu '{given.menu_id[:60]}' has another type already")
                return
            found = same
        if len(found) > 1:
            self._find(f"{path}.type", "type.missing", "is required: the store has several menus of this id")
            return
        key = found[0].key if found else self._new_menu(given, path)
        if key is None:
            return
        if given.status is not UNSET or given.name is not UNSET or given.min_prepare_minutes is not UNSET or not found:
            old = msgspec.json.decode(found[0].doc, type=MenuInfo) if found else None
            self._put(MENU, key, None, menu_info(given, old), path)
        _, menu_type = msgspec.json.decode(key)
        for index, category in enumerate([] if given.categories is UNSET else given.categories):
            self._category(category, (given.menu_id, menu_type), f"{path}.categories[{index}]")

    def _new_menu(self, given: SyncMenu, path: str) -> str | None:
        """Return the key of a menu to be inserted; None when it can not be."""
        if not self._complete(given, "menu", path):
            return None
        for other in self.tree.all(MENU):
            own, menu_type = msgspec.json.decode(other.key)
            if menu_type == given.type:
                self._find(f"{path}.type", "menu.type", f"the store has the {menu_type} menu '{own[:60]}' already")
                return None
        return MENU.key(given.menu_id, str(given.type))

    def _category(self, given: SyncCategory, parents: tuple[str, str], path: str) -> None:
        key = CATEGORY.key(given.category_id, *parents)
        was = self.tree.get(CATEGORY, key)
        if was is not None or self._complete(given, "category", path):
            old = None if was is None else msgspec.json.decode(was.doc, type=CategoryInfo)
            status = None if was is None else was.status
            if given.status is not UNSET:
                status = "INVALID" if given.status == "INVALID" else None
            self._put(CATEGORY, key, status, category_info(given, old), path)
        for index, item in enumerate([] if given.items is UNSET else given.items):
            key = ITEM.key(item.item_id, given.category_id, *parents)
            self._item(item, ITEM, key, f"{path}.items[{index}]")

    def _item(self, given: SyncItem, kind: Kind, key: str, path: str) -> None:
        """Merge an item: into its own place, and its data into all other places of the item."""
        wanted = "SINGLE" if kind is ITEM else "ADDON"
        if given.sale_type not in (UNSET, wanted):
            self._find(f"{path}.saleType", "item.sale", f"is {given.sale_type} where only {wanted} can stand")
        groups = self._groups(given, path)
        places = self.tree.find(kind, given.item_id)
        own = next((one for one in places if one.key == key), None)
        if not places and not self._complete(given, "item", path):
            return
        example = own or (places[0] if places else None)
        docs = {one.key: self._item_doc(given, one, kind, groups, path) for one in places if one is not own}
        doc = self._item_doc(given, example, kind, groups, path)
        for one in places:
            if one is not own and docs[one.key] is not None:
                self.tree.put(kind, one.key, one.status, docs[one.key] or b"")
        if doc is not None:
            position = _position(given, own) if kind is ITEM else None
            self.tree.put(kind, key, _status(given, example), doc, position)

    def _item_doc(self, given: SyncItem, was: Living | None, kind: Kind, groups: list[str], path: str) -> bytes | None:
        """Return an item's new document; None, with findings, when it can not be."""
        old = None if was is None else msgspec.json.decode(was.doc, type=StoredItem)
        currency = item_currency(given) or (self._known_currency() if old is None else old.price_info.currency)
        if currency is None:
            self._find(f"{path}.currency", "item.currency", "is required: the store has no item with a currency yet")
            return None
        new = stored_item(given, old, currency)
        there = [] if new.modifier_group_ids is UNSET else new.modifier_group_ids
        ids = self._in_sequence(MODIFIER_GROUP, dict.fromkeys([*there, *groups]))
        sequence = new.sequence if given.sequence is UNSET else UNSET if given.sequence == LAST else given.sequence
        new = msgspec.structs.replace(
            new, modifier_group_ids=ids or UNSET, sequence=UNSET if kind is ITEM else sequence
        )
        if new.skus is not UNSET or new.sku_property_groups is not UNSET:
            found = list(check_skus(new.sku_property_groups, new.skus, new.price_info, path))
            self._findings.add(*(one for one in found if one.is_error))
        doc = _encode(new)
        return doc if self._fit(doc, StoredItem, path) else None

    def _groups(self, given: SyncItem, path: str) -> list[str]:
        if given.modifier_groups is UNSET:
            return []
        for index, group in enumerate(given.modifier_groups):
            self._group(group, f"{path}.modifierGroups[{index}]")
        return [group.group_id for group in given.modifier_groups]

    def _group(self, given: SyncModifierGroup, path: str) -> None:
        """Merge a group and its add-on items; items that the group does not have yet go behind those it has."""
        self._linked.setdefault(given.group_id, path)
        children = [] if given.child_items is UNSET else given.child_items
        for index, child in enumerate(children):
            self._item(child, ADDON, child.item_id, f"{path}.childItems[{index}]")
        was = self.tree.get(MODIFIER_GROUP, given.group_id)
        if was is None and not self._complete(given, "modifier group", path):
            return
        new = stored_group(given, None if was is None else msgspec.json.decode(was.doc, type=StoredGroup))
        ids = dict.fromkeys([*new.child_item_ids, *(child.item_id for child in children)])
        new = msgspec.structs.replace(new, child_item_ids=self._in_sequence(ADDON, ids))
        self._put(MODIFIER_GROUP, given.group_id, None, new, path)

    def _in_sequence(self, kind: Kind, names: Iterable[str]) -> list[str]:
        """Return names by the sequence of what they name; those of the same sequence stay in order."""
        return sorted(names, key=lambda name: self._sequence(kind, name))

    def _sequence(self, kind: Kind, name: str) -> int:
        one = self.tree.get(kind, name)
        return LAST if one is None else int(msgspec.json.decode(one.doc).get("sequence", LAST))

    def check_links(self) -> None:
        """Look for circles and too many levels of groups, in all of the store where something may be above what grew."""
        graph = self._graph()
        circle = find_circle(graph)
        if circle:
            names = [one.removeprefix("group ") for one in circle if one.startswith("group ")]
            path = next((self._linked[name] for name in names if name in self._linked), "store")
            self._find(path, "tree.cycle", f"modifier groups make a circle: {' > '.join(circle[:10])}")
            return
        levels, start = longest_path(graph)
        if (levels + 1) // 2 > most("nesting"):
            name = start.removeprefix("group ")
            path = self._linked.get(name, "store")
            cause = f"nests {(levels + 1) // 2} levels of groups from '{name[:60]}' on, at most {most('nesting')} are allowed"
            self._find(path, "tree.depth", cause)

    def _graph(self) -> dict[str, list[str]]:
        """Return what is below the groups of the message: groups, and add-on items that have groups themselves.

        Below all groups of the store where a group or add-on item that others may hold already leads to more than before.
        """
        graph: dict[str, list[str]] = {}
        waiting = [(MODIFIER_GROUP, name) for name in self._linked]
        if self._has_grown_below():
            for kind in (MODIFIER_GROUP, ADDON):
                self.tree.read_all(kind)
            waiting += [(MODIFIER_GROUP, one.key) for one in self.tree.all(MODIFIER_GROUP)]
        while waiting:
            kind, name = waiting.pop()
            if (word := _word(kind, name)) not in graph:
                one = self.tree.get(kind, name)
                below = [] if one is None else [node for node in links_of(one.doc) if self._leads_on(*node)]
                graph[word] = [_word(*node) for node in below]
                waiting += below
        return graph

    def _has_grown_below(self) -> bool:
        for kind in (MODIFIER_GROUP, ADDON):
            for was, now in self.tree.regrown(kind):
                if was is None:  # what held it before it was deleted holds it again
                    return True
                if any(self._leads_on(*node) for node in set(links_of(now)) - set(links_of(was))):
                    return True
        return False

    def _leads_on(self, kind: Kind, name: str) -> bool:
        if kind is MODIFIER_GROUP:
            return True
        one = self.tree.get(kind, name)
        return one is not None and bool(links_of(one.doc))

    def _known_currency(self) -> str | None:
        """Return the currency of an item that names none: the message's first, else that of the store's items."""
        if self._currency is None:
            self._currency = self._first_currency or self.tree.currency()
        return self._currency

    def _complete(self, given: Any, word: str, path: str) -> bool:
        """Return whether everything is there that inserting takes; else each missing member is a finding."""
        names = missing(given, word)
        own = getattr(given, given.__struct_fields__[0])
        for name in names:
            self._find(
                f"{path}.{name}", "type.missing", f"is required to insert {word} '{own[:60]}', which is not known yet"
            )
        return not names

    def _put(self, kind: Kind, key: str, status: str | None, doc: msgspec.Struct, path: str) -> None:
        raw = _encode(doc)
        if self._fit(raw, type(doc), path):
            self.tree.put(kind, key, status, raw)

    def _fit(self, doc: bytes, shape: Any, path: str) -> bool:
        found = [one.under(path) for one in self._fits(doc, shape)]
        self._findings.add(*found)
        return not found

    def _find(self, path: str, rule: str, cause: str) -> None:
        self._findings.add(Finding(path, rule, cause))


def _word(kind: Kind, name: str) -> str:
    return f"{'group' if kind is MODIFIER_GROUP else 'add-on'} {name}"


def _status(given: SyncItem, example: Living | None) -> str | None:
    """Return an item's status in its place: VALID shows it as available; where it is new, it is as elsewhere."""
    if given.status is not UNSET:
        return "AVAILABLE" if given.status == "VALID" else given.status
    return "AVAILABLE" if example is None else example.status


def _position(given: SyncItem, own: Living | None) -> int | None:
    """Return an item's position in its category: by its sequence in front of all that have none."""
    if given.sequence is not UNSET and given.sequence != LAST:
        return (given.sequence - LAST) * _SPREAD
    if given.sequence is UNSET or own is None or own.position >= 0:
        return None
    return 0
