"""The nested store of initializeStore (page initializeStore)."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.vocabulary import fields
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import CategoryInfo, ItemInfo, MenuInfo, ModifierGroupInfo, StoreInfo
from dstore.vocabulary.values import Value


class InitItem(Value, frozen=True, kw_only=True):
    """An item with the modifier groups it offers; in a category SINGLE, in a group ADDON."""

    item_info: ItemInfo
    category_id: fields.CategoryId | UnsetType = UNSET
    modifier_groups: ModifierGroups | UnsetType = UNSET


class InitModifierGroup(Value, frozen=True, kw_only=True):
    """A group with its add-on items. The first record of a groupId in a store counts."""

    modifier_group_info: ModifierGroupInfo
    child_items: ChildItems


ModifierGroups = Annotated[
    list[InitModifierGroup], Meta(max_length=most("links"), description="Groups the item offers, in order.")
]
ChildItems = Annotated[list[InitItem], Meta(max_length=most("links"), description="Add-on items, in order.")]
Items = Annotated[list[InitItem], Meta(max_length=most("items"), description="Items, in order.")]


class InitCategory(Value, frozen=True, kw_only=True):
    """A category with its items."""

    category_info: CategoryInfo
    items: Items | UnsetType = UNSET


Categories = Annotated[list[InitCategory], Meta(max_length=most("categories"), description="Categories, in order.")]


class InitMenu(Value, frozen=True, kw_only=True):
    """A menu with its categories."""

    menu_info: MenuInfo
    categories: Categories


Menus = Annotated[list[InitMenu], Meta(max_length=most("menus"), description="Menus, in order.")]


class InitStore(Value, frozen=True, kw_only=True):
    """A store with everything below it."""

    store_info: StoreInfo
    menus: Menus = msgspec.field(default_factory=list)
