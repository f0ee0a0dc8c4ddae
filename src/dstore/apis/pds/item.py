"""Items and add-on items of the F&B family (pages addItem and updateItem)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.apis.pds.checks import check_addon, check_item, check_item_members, check_links
from dstore.apis.pds.updates import update
from dstore.catalog.kinds import ADDON, ITEM
from dstore.catalog.pds_entries import AddEntry
from dstore.catalog.pds_lookup import Selector
from dstore.catalog.pds_trees import status_of, stored_item
from dstore.findings import Finding
from dstore.protocol.api import Change, Clears, api
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.objects import ItemInfo, StoredItem
from dstore.vocabulary.values import Message, QuantityRule

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        else:
            yield from check_addon(item.skus, "item")
        yield from check_links(item.modifier_group_ids, "item.modifierGroupIds")


@api("/v2/pds/item/addItem")
def add_item(message: AddItem) -> Change:
    """Add a SINGLE item to a category, or an ADDON item to a store.

    Store, menu, category and modifier groups must have been fed; an item that exists already is refused.
    """
    item = message.item
    groups = [] if item.modifier_group_ids is UNSET else item.modifier_group_ids
    selector = _selector(item)
    return AddEntry(selector, status_of(item), stored_item(item, groups), "item", groups)


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
        """Check what the message itself says; the merged item is checked where it is known."""
        yield from check_item_members(self, "")
        if self.sale_type == "ADDON":
            yield from check_addon(self.skus, "")
        yield from check_links(self.modifier_group_ids, "modifierGroupIds")


@api("/v2/pds/item/updateItem")
def update_item(message: UpdateItem, clears: Clears) -> Change:
    """Change or delete every item that the ids name: the own id alone means all items that carry it.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Listed SKUs must
    exist and are patched, texts are merged by column and language. All items are changed or none.
    """
    status = "AVAILABLE" if "itemStatus" in clears else message.item_status
    selector = _selector(message)
    return update(message, clears, selector, StoredItem, check_item, links=message.modifier_group_ids, status=status)


def _selector(one: NewItem | UpdateItem) -> Selector:
    if one.sale_type == "ADDON":
        return Selector(ADDON, one.item_id, one.store_id)
    return Selector(ITEM, one.item_id, one.store_id, one.category_id, one.menu_id, one.menu_type)
