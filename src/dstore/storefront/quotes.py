"""What a diner may choose before ordering: times for a service, and what a delivery costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from dstore.catalog.kinds import MENU
from dstore.catalog.moments import read_moment
from dstore.catalog.schedules.delivery import NoQuote, delivery_quote
from dstore.catalog.schedules.slots import MOST, Demand, slots
from dstore.storefront.answers import Day, DeliveryQuote, FeeLine, Slot, SlotList
from dstore.storefront.resolved import Price
from dstore.storefront.resolving import look
from dstore.storefront.standing import SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dstore.catalog.schedules.serving import Service
    from dstore.storefront.decoded import Store
    from dstore.storefront.questions import Question, When
    from dstore.storefront.resolving import Look
    from dstore.storefront.standing import Offered


def slot_list(store: Store, question: Question, since: When | None, now: datetime, pos_zone: str) -> SlotList:
    """Return the times a diner may choose for the service of a question, by days in the store's zone."""
    one = look(store, question, now, pos_zone)
    service = question.service or "PICKUP"
    zone, explainer = one.view.evaluation.zone, one.view.explainer
    start = now if since is None else since.on_clock(zone)
    days: dict[str, list[Slot]] = {}
    if service in one.offered.services:
        ends: dict[datetime, datetime] = {}
        for at, end in _times(store, one.offered, service, start, one):
            ends[at] = min(end, ends.get(at, end))
        for at in sorted(ends)[:MOST]:
            slot = Slot(explainer.moment(at), explainer.moment(ends[at]))
            days.setdefault(slot.start[:10], []).append(slot)
    reason = one.standing.closed(service)
    return SlotList(
        service=service,
        from_=explainer.moment(start),
        reason=UNSET if reason is None or days else reason,
        days=[Day(date, found) for date, found in days.items()],
    )


def _times(
    store: Store, offered: Offered, service: Service, start: datetime, one: Look
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the slots of every menu of a service; one menu may prepare longer than another."""
    now = one.view.evaluation.moment
    closed = [stretch for terms in offered.terms for stretch in _closures(terms, now)]
    counting = [terms for terms in offered.terms if service not in terms.not_for]
    hours = [terms.hours for terms in counting if not terms.schedule]
    schedule = next((terms.schedule for terms in counting if terms.schedule), ())
    demand = Demand(start, now, closed, hours, schedule=(SCHEDULES, schedule))
    rules: list[tuple[Any, Any]] = [
        (entry.info.pick_up_rules, entry.info.min_prepare_minutes)
        for entry in store.entries.get(MENU.number, {}).values()
        if entry.info.menu_type == service and entry.info.menu_status != "INVALID"
    ]
    of_store = offered.pick_up_rules if service == "PICKUP" else UNSET
    for menu_rules, minutes in rules or [(of_store, UNSET)]:
        first = now + timedelta(minutes=0 if minutes is UNSET else minutes)
        of_menu = replace(demand, start=max(start, first))
        for slot in slots(offered.rules, menu_rules, service, one.view.evaluation.zone, of_menu):
            yield slot.start, slot.end


def _closures(terms: Any, now: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    if terms.is_gone:
        yield now, None
    elif terms.status == "CLOSED":
        yield now, None if terms.closed_until is UNSET else read_moment(terms.closed_until)


def quote(store: Store, question: Question, distance: int, amount: int, now: datetime, pos_zone: str) -> DeliveryQuote:
    """Return what delivering an order costs, line by line, or why the store does not deliver it."""
    one = look(store, question, now, pos_zone)
    found = delivery_quote(one.offered.rules, distance, amount)
    if isinstance(found, NoQuote):
        code = "NO_DELIVERY" if found.rule is None else "TOO_FAR"
        reason = one.view.explainer.why(code, found.rule)
        return DeliveryQuote(distance=distance, amount=amount, available=False, reason=reason, lines=[])
    closed = one.standing.closed("DELIVERY")
    least = found.minimum
    return DeliveryQuote(
        distance=distance,
        amount=amount,
        available=closed is None,
        reason=UNSET if closed is None else closed,
        currency=found.currency,
        lines=[
            FeeLine(kind="FEE", amount=found.fee, set_by=f"{found.rule}.fee"),
            *(FeeLine(kind=line.kind, amount=-line.amount, set_by=line.rule) for line in found.discounts),
        ],
        total=found.total,
        minimum=UNSET if least is None else Price(least.amount, least.currency, rule=least.rule),
        missing=UNSET if least is None else least.missing,
    )
