"""The objects of the F&B family: what initialize and add calls carry, and how items and groups are kept.

Required members are the least that every documented sample has; what else a page may require is lost.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from dstore.vocabulary import fields, fnb
from dstore.vocabulary.scenes import Schedules
from dstore.vocabulary.values import QuantityRule, Value


class ShoppingArea(Value, frozen=True, gc=False, kw_only=True):
    """A place with several stores, such as a hawker centre."""

    area_id: fields.AreaId
    name: fields.AreaName
    address: fields.Address
    service_availability_list: fnb.ServiceAvailabilityList
    location: fnb.Location
    time_zone: fields.TimeZone
    contact_phone_nos: fields.Phones
    pick_up_address: fields.OptionalAddress
    images: fields.Images | UnsetType = UNSET
    description: fields.Description | UnsetType = UNSET
    shopping_area_status: fields.Status | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    pick_up_contact_details: fnb.ContactDetails | UnsetType = UNSET


class Brand(Value, frozen=True, gc=False, kw_only=True):
    """A brand that several stores may carry."""

    brand_id: fields.BrandId
    brand_name: fields.BrandName
    brand_image: fields.Images | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET


class StoreInfo(Value, frozen=True, gc=False, kw_only=True):
    """A store as its ISV describes it."""

    store_id: fields.StoreId
    name: fields.StoreName
    store_type: fields.StoreKind
    address: fields.Address
    location: fnb.Location
    time_zone: fields.TimeZone
    contact_phone_nos: fields.Phones
    area_id: fields.AreaId | UnsetType = UNSET
    brand_id: fields.BrandId | UnsetType = UNSET
    images: fields.Images | UnsetType = UNSET
    announcement: fnb.Announcements | UnsetType = UNSET
    description: fields.Description | UnsetType = UNSET
    cuisine: fields.Cuisine | UnsetType = UNSET
    pick_up_address: fields.OptionalAddress | UnsetType = UNSET
    pick_up_contact_details: fnb.ContactDetails | UnsetType = UNSET
    banners: fnb.Banners | UnsetType = UNSET
    recommend_item_ids: fnb.ItemIds | UnsetType = UNSET
    store_status: fields.Status | UnsetType = UNSET
    service_availability_list: fnb.ServiceAvailabilityList | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    business_rules: fnb.BusinessRules | UnsetType = UNSET
    business_rule: fnb.SameBusinessRules | UnsetType = UNSET
    service_schedules: Schedules | UnsetType = UNSET
    extend_info: fields.ExtendInfo | UnsetType = UNSET


class MenuInfo(Value, frozen=True, gc=False, kw_only=True):
    """A menu for one way of ordering."""

    menu_id: fields.MenuId
    menu_type: fields.MenuKind
    title: fields.Title
    store_id: fields.StoreId | UnsetType = UNSET
    sub_title: fields.SubTitle | UnsetType = UNSET
    description: fields.Description | UnsetType = UNSET
    menu_status: fields.MenuStatus | UnsetType = UNSET
    pick_up_rules: fnb.PickUpRules | UnsetType = UNSET
    min_prepare_minutes: fnb.MinPrepareMinutes | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET


class CategoryInfo(Value, frozen=True, gc=False, kw_only=True):
    """A heading of a menu."""

    category_id: fields.CategoryId
    title: fields.Title
    store_id: fields.StoreId | UnsetType = UNSET
    menu_id: fields.MenuId | UnsetType = UNSET
    menu_type: fields.MenuKind | UnsetType = UNSET
    sub_title: fields.SubTitle | UnsetType = UNSET
    icon: fields.Url | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET


class ItemInfo(Value, frozen=True, gc=False, kw_only=True):
    """Something sold, or an add-on to it."""

    item_id: fields.ItemId
    item_title: fields.Title
    price_info: fnb.PriceInfo
    item_description: fields.Description | UnsetType = UNSET
    images: fields.Images | UnsetType = UNSET
    item_status: fields.Availability | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    sku_property_groups: fnb.SkuPropertyGroups | UnsetType = UNSET
    skus: fnb.Skus | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    service_availability_list: fnb.ServiceAvailabilityList | UnsetType = UNSET
    takeaway_fee: fnb.Money | UnsetType = UNSET
    business_rules: fnb.BusinessRules | UnsetType = UNSET
    business_rule: fnb.SameBusinessRules | UnsetType = UNSET


class ModifierGroupInfo(Value, frozen=True, gc=False, kw_only=True):
    """A group of add-ons to choose from."""

    group_id: fields.GroupId
    group_name: fields.Title
    quantity_rule: QuantityRule
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET


class StoredItem(ItemInfo, frozen=True, gc=False, kw_only=True):
    """An item as it is kept: with its groups, its status in a column of its own, its rules under one name."""

    modifier_group_ids: fnb.GroupIds | UnsetType = UNSET
    sequence: fnb.Sequence | UnsetType = UNSET


class StoredGroup(ModifierGroupInfo, frozen=True, gc=False, kw_only=True):
    """A modifier group as it is kept: with its add-on items in order."""

    child_item_ids: fnb.ItemIds
    sequence: fnb.Sequence | UnsetType = UNSET
