"""What `ruleData` holds in each scene, once its JSON text is decoded."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.vocabulary import fields
from dstore.vocabulary.fnb import Days, Money, TimePeriod
from dstore.vocabulary.limits import most
from dstore.vocabulary.values import Value

Metres = Annotated[int, Meta(ge=0, le=most("amount"), description="Metres.", examples=[5000])]
DiscountKind = Annotated[
    Literal["REDUCE", "PERCENTAGE", "EXEMPTION"],
    Meta(description="REDUCE takes an amount off the fee, PERCENTAGE a part of it, EXEMPTION all of it."),
]
Slots = Annotated[list[TimePeriod], Meta(max_length=most("time_periods"))]
SlotsByDay = Annotated[
    dict[str, Slots], Meta(description="The slots of each day, MONDAY to SUNDAY; of every day under FIXED if DAILY.")
]
ScheduleKind = Annotated[
    Literal["WEEKLY", "DAILY"], Meta(description="Whether slots are given by day of the week or alike for all days.")
]
ServiceStatus = Annotated[
    Literal["ON", "OFF"], Meta(description="OFF: the element is an exception during which the service is not on.")
]
TableNumber = Annotated[bool, Meta(description="Whether diners must give the number of their table.")]
Weekdays = Annotated[list[fields.DayOfWeek], Meta(max_length=7, description="Days of the week, in any order.")]


class Discount(Value, frozen=True, gc=False, kw_only=True):
    """A discount on the delivery fee from an order amount on; REDUCE's value is JSON text of an amount."""

    discount_type: DiscountKind
    order_threshold_amount: Money
    discount_value: fields.DiscountValue | UnsetType = UNSET


class DeliveryTier(Value, frozen=True, gc=False, kw_only=True):
    """What a delivery over a distance costs, from `from` up to and without `to`."""

    from_: Metres = msgspec.field(name="from")
    to: Metres
    fee: Money
    minimum_order_amount: Money | UnsetType = UNSET
    discounts: Annotated[list[Discount], Meta(max_length=100)] | UnsetType = UNSET


class Schedule(Value, frozen=True, gc=False, kw_only=True):
    """When a service is on: by day of the week, or FIXED for all; an element with dates is an exception."""

    schedule_type: ScheduleKind | UnsetType = UNSET
    support_days: Days | UnsetType = UNSET
    schedules: SlotsByDay | UnsetType = UNSET
    start_time: fields.Moment | UnsetType = UNSET
    end_time: fields.Moment | UnsetType = UNSET
    service_status: ServiceStatus | UnsetType = UNSET


Schedules = Annotated[
    list[Schedule],
    Meta(
        max_length=most("schedules"),
        description="When the store is open; of several that hold at a moment the last one counts.",
        extra_json_schema={"x-limit": "schedules"},
    ),
]


class PickUpMinimum(Value, frozen=True, gc=False):
    """The least an order to be picked up must amount to."""

    minimum_order_amount: Money


class DineInOrder(Value, frozen=True, gc=False):
    """How dining in works."""

    is_table_no_required: TableNumber | UnsetType = UNSET
    service_type: fields.DineInService | UnsetType = UNSET


class TimedPrice(Value, frozen=True, gc=False, kw_only=True):
    """A price that holds between two moments, on some days, in a slot."""

    from_: fields.Moment = msgspec.field(name="from")
    to: fields.Moment
    week_days: Weekdays | UnsetType = UNSET
    time_slot: TimePeriod | UnsetType = UNSET
    sale_amount: fields.AmountValue
    origin_amount: fields.AmountValue | UnsetType = UNSET
    currency: fields.Currency


class TimedStatus(Value, frozen=True, gc=False, kw_only=True):
    """An item is in this status between two moments, on some days, in a slot."""

    from_: fields.Moment = msgspec.field(name="from")
    to: fields.Moment
    week_days: Weekdays | UnsetType = UNSET
    time_slot: TimePeriod | UnsetType = UNSET
    item_status: fields.Availability


class TimedSkuStatus(Value, frozen=True, gc=False, kw_only=True):
    """A SKU is in this status between two moments, on some days, in a slot."""

    from_: fields.Moment = msgspec.field(name="from")
    to: fields.Moment
    week_days: Weekdays | UnsetType = UNSET
    time_slot: TimePeriod | UnsetType = UNSET
    sku_status: fields.Availability


def _list(kind: Any) -> Any:
    return Annotated[list[kind], Meta(max_length=most("rule_elements"))]


STORE_SCENES: dict[str, Any] = {
    "DELIVERY_DISTANCE": _list(DeliveryTier),
    "DELIVERY_SCHEDULE": _list(Schedule),
    "PICKUP_RULE": _list(PickUpMinimum),
    "PICKUP_SCHEDULE": _list(Schedule),
    "DINE_IN_ORDER": DineInOrder,
    "DINE_IN_SCHEDULE": _list(Schedule),
}
ITEM_SCENES: dict[str, Any] = {"PRICE_SCHEDULE": _list(TimedPrice), "ITEM_STATUS_RULE": _list(TimedStatus)}
SKU_SCENES: dict[str, Any] = {"PRICE_SCHEDULE": _list(TimedPrice), "SKU_STATUS_RULE": _list(TimedSkuStatus)}
