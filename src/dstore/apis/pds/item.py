"""Items and add-on items of the F&B family (pages addItem and updateItem)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from dstore.apis.pds.checks import check_item
from dstore.catalog.entries import Entry
from dstore.catalog.kinds import ADDON, ITEM
from dstore.catalog.patching import one_spelling
from dstore.catalog.pds_entries import AddEntry, DeleteEntries, PatchEntries, Selector, patching
from dstore.catalog.pds_trees import status_of, stored_item
from dstore.findings import Finding
from dstore.protocol import reading
from dstore.protocol.api import Change, Clears, api, refuse_errors
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.objects import ItemInfo, StoredItem
from dstore.vocabulary.values import Message, QuantityRule

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELECTING = ("storeId", "menuId", "menuType", "categoryId", "isDeleted")
"""Members of an update that say what is meant: deleting one, as empty members do, would widen the meaning."""
_REQUIRED = tuple(one.encode_name for one in msgspec.structs.fields(StoredItem) if one.required)


class NewItem(ItemInfo, frozen=True, gc=False, kw_only=True):
    """An item and where it belongs: a SINGLE to a category of a menu, an ADDON to the store."""

    store_id: fields.StoreId
    sale_type: fields.Sale
    menu_id: fields.MenuId | UnsetType = UNSET
    menu_type: fields.MenuKind | UnsetType = UNSET
    category_id: fields.CategoryId | UnsetType = UNSET
    modifier_group_ids: fnb.GroupIds | UnsetType = UNSET


class AddItem(Message, frozen=True, gc=False):
    """One item to add."""

    request_id: fields.RequestId
    item: NewItem

    def check(self) -> Iterator[Finding]:
        """Check the item, and that a SINGLE says where it belongs."""
        item = self.item
        yield from check_item(item, "item")
        if item.sale_type == "SINGLE":
            for name, value in (
                ("menuId", item.menu_id),
                ("menuType", item.menu_type),
                ("categoryId", item.category_id),
            ):
                if value is UNSET:
                    yield Finding(f"item.{name}", "item.context", "is required for a SINGLE")
        yield from _twice(item.modifier_group_ids, "item.modifierGroupIds")


@api("/v2/pds/item/addItem")
def add_item(message: AddItem) -> Change:
    """Add a SINGLE item to a category, or an ADDON item to a store.

    Store, menu, category and modifier groups must have been fed; an item that exists already is refused.
    """
    item = message.item
    groups = [] if item.modifier_group_ids is UNSET else item.modifier_group_ids
    if item.sale_type == "SINGLE":
        selector = Selector(ITEM, item.item_id, item.store_id, item.category_id, item.menu_id, item.menu_type)
    else:
        selector = Selector(ADDON, item.item_id, item.store_id)
    key = selector.kind.key(item.item_id, *(str(parent) for parent in selector.parents()))
    entry = Entry(selector.kind.number, key, status_of(item), stored_item(item, groups))
    return AddEntry(selector, entry, groups, "item")


class UpdateItem(Message, frozen=True, gc=False, kw_only=True):
    """What changes of an item; absent members stay, empty ones are deleted, given ones replace."""

    item_id: fields.ItemId
    sale_type: fields.Sale
    store_id: fields.StoreId | UnsetType = UNSET
    menu_id: fields.MenuId | UnsetType = UNSET
    menu_type: fields.MenuKind | UnsetType = UNSET
    category_id: fields.CategoryId | UnsetType = UNSET
    item_title: fields.Title | UnsetType = UNSET
    item_description: fields.Description | UnsetType = UNSET
    images: fields.Images | UnsetType = UNSET
    price_info: fnb.PriceInfo | UnsetType = UNSET
    item_status: fields.Availability | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    sku_property_groups: fnb.SkuPropertyGroups | UnsetType = UNSET
    skus: fnb.SkuPatches | UnsetType = UNSET
    modifier_group_ids: fnb.GroupIds | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    service_availability_list: fnb.ServiceAvailabilityList | UnsetType = UNSET
    takeaway_fee: fnb.Money | UnsetType = UNSET
    business_rules: fnb.BusinessRules | UnsetType = UNSET
    business_rule: fnb.SameBusinessRules | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """The merged item is checked as a whole where it is known; here only what the message itself says."""
        yield from _twice(self.modifier_group_ids, "modifierGroupIds")


@api("/v2/pds/item/updateItem")
def update_item(message: UpdateItem, clears: Clears) -> Change:
    """Change or delete every item that the ids name: the own id alone means all items that carry it.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Listed SKUs must
    exist and are patched, texts are merged by column and language. All items are changed or none.
    """
    refuse_errors(Finding(name, "update.empty", "can not be empty") for name in _SELECTING if name in clears)
    refuse_errors(
        Finding(name, "update.empty", "is required and can not be cleared") for name in _REQUIRED if name in clears
    )
    single = message.sale_type == "SINGLE"
    selector = (
        Selector(ITEM, message.item_id, message.store_id, message.category_id, message.menu_id, message.menu_type)
        if single
        else Selector(ADDON, message.item_id, message.store_id)
    )
    if message.is_deleted == "DELETED":
        return DeleteEntries(selector)
    if "itemStatus" in clears:
        status: str | UnsetType = "AVAILABLE"
    else:
        status = message.item_status
    groups = [] if message.modifier_group_ids is UNSET else message.modifier_group_ids
    patch = patching(StoredItem, one_spelling(message), _one_name(clears), status, _check_whole)
    return PatchEntries(selector, patch, groups)


def _one_name(clears: Clears) -> Clears:
    return clears | {"businessRules"} if "businessRule" in clears else clears


def _check_whole(item: StoredItem) -> None:
    # Merged lists may have grown beyond their limits; what is kept must be readable as what it is.
    refuse_errors(reading.faults_of(msgspec.json.encode(item), StoredItem))
    refuse_errors(Finding(one.path.removeprefix("."), one.rule, one.cause) for one in check_item(item, ""))


def _twice(groups: list[str] | UnsetType, path: str) -> Iterator[Finding]:
    if groups is not UNSET and len(set(groups)) != len(groups):
        yield Finding(path, "list.duplicate", "names a group twice")
