"""Value objects of the F&B family: prices, times, places, texts, SKUs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import UNSET, Meta, UnsetType

from dstore.findings import Finding
from dstore.vocabulary import fields
from dstore.vocabulary.limits import most
from dstore.vocabulary.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator


class PriceInfo(Value, frozen=True, gc=False, kw_only=True):
    """A price: what is paid, and what it was listed at."""

    sale_amount: fields.AmountValue
    currency: fields.Currency
    origin_amount: fields.AmountValue | UnsetType = UNSET


class Money(Value, frozen=True, gc=False):
    """An amount as rules and fees of this family write it."""

    currency: fields.Currency
    amount_value: fields.AmountValue


class TimePeriod(Value, frozen=True, gc=False):
    """A stretch of a day, half open; an end before the start crosses midnight."""

    start_time: fields.TimeOfDay
    end_time: fields.TimeOfDay
    description: fields.Description | UnsetType = UNSET


TimePeriods = Annotated[list[TimePeriod], Meta(max_length=most("time_periods"), description="Periods of the day.")]


class ServiceAvailability(Value, frozen=True, gc=False):
    """The periods of one day of the week; several entries for a day add up."""

    day_of_week: fields.DayOfWeek
    time_periods: TimePeriods


ServiceAvailabilityList = Annotated[
    list[ServiceAvailability],
    Meta(max_length=most("service_availability"), description="When it is open or visible, in the store's zone."),
]


class MultiLanguageDetail(Value, frozen=True, gc=False):
    """One field's text in one language; `column` is the field's name, or its path inside a list."""

    column: fields.TextColumn
    language_key: fields.LanguageKey
    value: fields.Description


MultiLanguageDetails = Annotated[
    list[MultiLanguageDetail],
    Meta(max_length=most("languages"), description="Texts in further languages; an update changes or adds each entry."),
]

Coordinate = Annotated[
    str, Meta(max_length=most("short_text"), description="Degrees, as text or number.", examples=["1.30"])
]


class Location(Value, frozen=True, gc=False):
    """Where a place is: coordinates or a post code."""

    latitude: Coordinate | float | UnsetType = UNSET
    longitude: Coordinate | float | UnsetType = UNSET
    post_code: fields.PostCode | UnsetType = UNSET

    def check(self, path: str) -> Iterator[Finding]:
        """Coordinates must be numbers; one of coordinates and post code must be there."""
        for name, value in (("latitude", self.latitude), ("longitude", self.longitude)):
            if isinstance(value, str) and not _is_number(value):
                yield Finding(f"{path}.{name}", "type.mismatch", f"expected a number of degrees, got {value[:40]!r}")
        if self.post_code is UNSET and (self.latitude is UNSET or self.longitude is UNSET):
            yield Finding(path, "location.empty", "has neither coordinates nor postCode")


def _is_number(text: str) -> bool:
    sign_off = text.strip().removeprefix("-").removeprefix("+")
    return sign_off.replace(".", "", 1).isdecimal() and sign_off.isascii()


class ContactDetail(Value, frozen=True, gc=False):
    """Someone to call about a pick-up."""

    name: fields.ContactName | UnsetType = UNSET
    phone_no: fields.PhoneNo | UnsetType = UNSET


class Banner(Value, frozen=True, gc=False):
    """A picture at the top of the store's page, and where it leads."""

    image_url: fields.Url
    landing_url: fields.Url | UnsetType = UNSET


class Announcement(Value, frozen=True, gc=False):
    """A notice to diners."""

    content_type: fields.ContentType
    value: fields.Description


ContactDetails = Annotated[list[ContactDetail], Meta(max_length=most("contacts"), description="Whom to call.")]
Banners = Annotated[list[Banner], Meta(max_length=most("contacts"), description="Pictures at the top of the page.")]
Announcements = Annotated[list[Announcement], Meta(max_length=most("contacts"), description="Notices to diners.")]

Step = Annotated[
    str, Meta(min_length=1, max_length=4, description="Minutes between slots, as text or number.", examples=["30"])
]
Minutes = Annotated[int, Meta(ge=0, le=10_080, description="Minutes.", examples=[15])]
MinPrepareMinutes = Annotated[
    int, Meta(ge=0, le=10_080, description="How many minutes an order of this menu takes at least.", examples=[15])
]
Sequence = Annotated[
    int,
    Meta(ge=0, le=65_535, description="Place among its neighbours, the smallest first; absent: last.", examples=[1]),
]
Days = Annotated[int, Meta(ge=0, le=366, description="Days ahead that diners may choose from.", examples=[2])]


class PickUpRule(Value, frozen=True, gc=False, kw_only=True):
    """When orders of a menu can be picked up."""

    start_time: fields.TimeOfDay
    end_time: fields.TimeOfDay
    step: Step | Minutes | UnsetType = UNSET
    support_days: Days | UnsetType = UNSET
    min_prepare_minutes: Minutes | UnsetType = UNSET


PickUpRules = Annotated[list[PickUpRule], Meta(max_length=most("time_periods"), description="When to pick up.")]

Scene = Annotated[
    str, Meta(min_length=1, max_length=64, description="What the rule is about.", examples=["PRICE_SCHEDULE"])
]
RuleData = Annotated[
    str,
    Meta(
        min_length=1, max_length=most("rule_data"), description="The rule as JSON text; its shape depends on the scene."
    ),
]


class BusinessRule(Value, frozen=True, gc=False):
    """A rule of a scene, its data encoded as JSON text."""

    scene: Scene
    rule_data: RuleData


BusinessRules = Annotated[
    list[BusinessRule], Meta(max_length=most("business_rules"), description="Each scene at most once.")
]
SameBusinessRules = Annotated[
    list[BusinessRule],
    Meta(max_length=most("business_rules"), description="Another spelling of businessRules, which goes before it."),
]


class SkuProperty(Value, frozen=True, gc=False):
    """One value of a property, such as Large."""

    property_name: fields.PropertyName
    property_value: fields.PropertyValue


Properties = Annotated[
    list[SkuProperty], Meta(min_length=1, max_length=most("sku_properties"), description="The values.")
]


class SkuPropertyGroup(Value, frozen=True, gc=False):
    """A property that SKUs differ in, such as size."""

    property_group_key: fields.PropertyKey
    property_group_name: fields.PropertyGroupName
    properties: Properties


SkuPropertyGroups = Annotated[
    list[SkuPropertyGroup], Meta(max_length=most("sku_properties"), description="All properties SKUs may differ in.")
]
SkuPropertyPairs = Annotated[
    dict[str, fields.PropertyValue],
    Meta(max_length=most("sku_properties"), description="One value for each property group key."),
]


class Sku(Value, frozen=True, gc=False, kw_only=True):
    """A variant of an item with a price of its own."""

    sku_id: fields.SkuId
    sku_property_pairs: SkuPropertyPairs
    price_info: PriceInfo
    image: fields.Url | UnsetType = UNSET
    business_rules: BusinessRules | UnsetType = UNSET
    business_rule: SameBusinessRules | UnsetType = UNSET


class SkuPatch(Value, frozen=True, gc=False, kw_only=True):
    """What changes of a SKU that exists."""

    sku_id: fields.SkuId
    sku_property_pairs: SkuPropertyPairs | UnsetType = UNSET
    price_info: PriceInfo | UnsetType = UNSET
    image: fields.Url | UnsetType = UNSET
    business_rules: BusinessRules | UnsetType = UNSET
    business_rule: SameBusinessRules | UnsetType = UNSET


Skus = Annotated[list[Sku], Meta(max_length=most("skus"), description="The variants; together with skuPropertyGroups.")]
SkuPatches = Annotated[list[SkuPatch], Meta(max_length=most("skus"), description="SKUs to change; each must exist.")]
GroupIds = Annotated[
    list[fields.GroupId], Meta(max_length=most("links"), description="Modifier groups of the same store.")
]
ItemIds = Annotated[list[fields.ItemId], Meta(max_length=most("links"), description="Ids of items.")]
