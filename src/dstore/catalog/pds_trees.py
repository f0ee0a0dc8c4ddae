"""A nested store of the F&B family into entries; the first record of an id wins. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from dstore.catalog.entries import Entry
from dstore.catalog.graphs import find_circle, has_path_over, longest_path
from dstore.catalog.kinds import ADDON, CATEGORY, ITEM, MENU, MODIFIER_GROUP
from dstore.catalog.patching import one_spelling
from dstore.findings import Finding
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import StoredGroup, StoredItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.vocabulary.objects import ItemInfo, ModifierGroupInfo
    from dstore.vocabulary.tree import InitCategory, InitItem, InitMenu, InitModifierGroup, InitStore

_encode = msgspec.json.Encoder().encode


def stored_item(item: ItemInfo, groups: list[str]) -> bytes:
    """Return an item's document: its groups in, its status out, its rules under one name."""
    item = one_spelling(item)
    skus = item.skus if item.skus is UNSET else [one_spelling(sku) for sku in item.skus]
    return _encode(
        StoredItem(
            item_id=item.item_id,
            item_title=item.item_title,
            price_info=item.price_info,
            item_description=item.item_description,
            images=item.images,
            quantity_rule=item.quantity_rule,
            sku_property_groups=item.sku_property_groups,
            skus=skus,
            multi_language_details=item.multi_language_details,
            service_availability_list=item.service_availability_list,
            takeaway_fee=item.takeaway_fee,
            business_rules=item.business_rules,
            modifier_group_ids=groups or UNSET,
        )
    )


def stored_group(group: ModifierGroupInfo, children: list[str]) -> bytes:
    """Return a group's document with its add-on items."""
    return _encode(
        StoredGroup(
            group_id=group.group_id,
            group_name=group.group_name,
            quantity_rule=group.quantity_rule,
            multi_language_details=group.multi_language_details,
            child_item_ids=children,
        )
    )


def status_of(item: ItemInfo) -> str:
    """Return an item's status; one that says nothing is available."""
    return "AVAILABLE" if item.item_status is UNSET else item.item_status


def flatten(store: InitStore) -> list[Entry]:
    """Return the entries of a checked store, in document order."""
    walk = _Walk()
    for menu in store.menus:
        walk.menu(menu)
    return walk.entries


class _Walk:
    """Collects entries; groups and add-on items that were seen contribute their link alone."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._seen: set[tuple[int, str]] = set()

    def menu(self, menu: InitMenu) -> None:
        """Collect a menu and what is below it."""
        info = menu.menu_info
        key = MENU.key(info.menu_id, info.menu_type)
        self.entries.append(Entry(MENU.number, key, None, _encode(msgspec.structs.replace(info, store_id=UNSET))))
        for category in menu.categories:
            self._category(category, (info.menu_id, info.menu_type))

    def _category(self, category: InitCategory, parents: tuple[str, str]) -> None:
        info = category.category_info
        key = CATEGORY.key(info.category_id, *parents)
        bare = msgspec.structs.replace(info, store_id=UNSET, menu_id=UNSET, menu_type=UNSET)
        self.entries.append(Entry(CATEGORY.number, key, None, _encode(bare)))
        for one in () if category.items is UNSET else category.items:
            item = one.item_info
            key = ITEM.key(item.item_id, info.category_id, *parents)
            if (ITEM.number, key) not in self._seen:
                self._seen.add((ITEM.number, key))
                self.entries.append(Entry(ITEM.number, key, status_of(item), stored_item(item, self._groups(one))))

    def _groups(self, item: InitItem) -> list[str]:
        """Take in an item's groups; return their ids, each once."""
        if item.modifier_groups is UNSET:
            return []
        for group in item.modifier_groups:
            self._group(group)
        return list(dict.fromkeys(group.modifier_group_info.group_id for group in item.modifier_groups))

    def _group(self, group: InitModifierGroup) -> None:
        info = group.modifier_group_info
        if (MODIFIER_GROUP.number, info.group_id) in self._seen:
            return
        self._seen.add((MODIFIER_GROUP.number, info.group_id))
        children = list(dict.fromkeys(child.item_info.item_id for child in group.child_items))
        self.entries.append(Entry(MODIFIER_GROUP.number, info.group_id, None, stored_group(info, children)))
        for child in group.child_items:
            item = child.item_info
            if (ADDON.number, item.item_id) not in self._seen:
                self._seen.add((ADDON.number, item.item_id))
                self.entries.append(
                    Entry(ADDON.number, item.item_id, status_of(item), stored_item(item, self._groups(child)))
                )


def check_tree(store: InitStore, path: str) -> Iterator[Finding]:
    """Yield what is wrong between the objects of a store: ids of parents, repeated ids, circles, depth."""
    menus: set[tuple[str, str]] = set()
    links = _Links()
    for index, menu in enumerate(store.menus):
        where = f"{path}.menus[{index}]"
        info = menu.menu_info
        yield from _same(info.store_id, store.store_info.store_id, f"{where}.menuInfo.storeId")
        if (info.menu_id, info.menu_type) in menus:
            yield Finding(
                f"{where}.menuInfo.menuId", "list.duplicate", f"menu '{info.menu_id}' {info.menu_type} is there twice"
            )
        menus.add((info.menu_id, info.menu_type))
        yield from _check_categories(store, menu, where, links)
    yield from links.shape(path)


def _check_categories(store: InitStore, menu: InitMenu, path: str, links: _Links) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, category in enumerate(menu.categories):
        where = f"{path}.categories[{index}]"
        info = category.category_info
        yield from _same(info.store_id, store.store_info.store_id, f"{where}.categoryInfo.storeId")
        yield from _same(info.menu_id, menu.menu_info.menu_id, f"{where}.categoryInfo.menuId")
        yield from _same(info.menu_type, menu.menu_info.menu_type, f"{where}.categoryInfo.menuType")
        if info.category_id in seen:
            yield Finding(
                f"{where}.categoryInfo.categoryId", "list.duplicate", f"category '{info.category_id}' is there twice"
            )
        seen.add(info.category_id)
        names: set[str] = set()
        for place, item in enumerate([] if category.items is UNSET else category.items):
            yield from _same(item.category_id, info.category_id, f"{where}.items[{place}].categoryId")
            name = item.item_info.item_id
            if name in names:
                cause = f"item '{name}' is in the category twice; its first record counts"
                yield Finding(f"{where}.items[{place}].itemInfo.itemId", "tree.copy", cause)
            names.add(name)
            if item.modifier_groups is not UNSET:
                yield from links.item(item, f"{where}.items[{place}]", 1)


def _same(given: Any, wanted: str, path: str) -> Iterator[Finding]:
    if given is not UNSET and given != wanted:
        yield Finding(path, "tree.parent", f"'{given[:60]}' is not the enclosing '{wanted[:60]}'")


class _Links:
    """The links between groups and add-on items that the first records make."""

    def __init__(self) -> None:
        self._groups: dict[str, tuple[ModifierGroupInfo, list[str], str]] = {}
        self._addons: dict[str, tuple[ItemInfo, list[str]]] = {}

    def item(self, item: InitItem, path: str, level: int) -> Iterator[Finding]:
        """Take in an item's groups and what is below them."""
        for index, group in enumerate([] if item.modifier_groups is UNSET else item.modifier_groups):
            where = f"{path}.modifierGroups[{index}]"
            info = group.modifier_group_info
            if level > most("nesting"):
                yield Finding(
                    where, "tree.depth", f"nests {level} levels of groups, at most {most('nesting')} are allowed"
                )
                return
            first = self._groups.get(info.group_id)
            children = [child.item_info.item_id for child in group.child_items]
            if first is not None:
                # A repetition without children only says that this group is meant.
                if first[0] != info or (children and first[1] != children):
                    yield Finding(
                        where, "tree.copy", f"group '{info.group_id}' differs from its first record, which counts"
                    )
                continue
            self._groups[info.group_id] = (info, children, where)
            yield from self._children(group, where, level)

    def _children(self, group: InitModifierGroup, path: str, level: int) -> Iterator[Finding]:
        for index, child in enumerate(group.child_items):
            where = f"{path}.childItems[{index}]"
            info = child.item_info
            first = self._addons.get(info.item_id)
            if first is not None:
                if first[0] != info:
                    yield Finding(
                        where, "tree.copy", f"add-on item '{info.item_id}' differs from its first record, which counts"
                    )
                continue
            below = (
                []
                if child.modifier_groups is UNSET
                else [one.modifier_group_info.group_id for one in child.modifier_groups]
            )
            self._addons[info.item_id] = (info, below)
            yield from self.item(child, where, level + 1)

    def shape(self, path: str) -> Iterator[Finding]:
        """Yield a finding for the first circle of groups and add-on items, or for the longest chain if it is too long.

        Chains go on below repeated groups, so they may be longer than any that is written out.
        """
        graph = self._graph()
        if not has_path_over(graph, 2 * most("nesting")):  # between two groups there is an add-on item
            return
        circle = [one.removeprefix("group ") for one in find_circle(graph)[1:] if one.startswith("group ")]
        if circle:
            along = " > ".join([circle[-1], *circle][:10])
            where = self._groups[circle[-1]][2] if circle[-1] in self._groups else path
            yield Finding(where, "tree.cycle", f"modifier groups make a circle: {along}")
            return
        names, start = longest_path(graph)
        cause = f"nests {(names + 1) // 2} levels of groups, at most {most('nesting')} are allowed"
        yield Finding(self._groups[start.removeprefix("group ")][2], "tree.depth", cause)

    def _graph(self) -> dict[str, list[str]]:
        """Return what first records of groups lead to, as far as it leads on to groups."""
        holders = {name: f"add-on {name}" for name, (_, below) in self._addons.items() if below}
        graph = {
            f"group {name}": [holders[child] for child in children if child in holders]
            for name, (_, children, _) in self._groups.items()
        }
        for name, word in holders.items():
            # What stands too deep was refused where it stands, and not taken in.
            graph[word] = [f"group {below}" for below in self._addons[name][1] if below in self._groups]
        return graph
