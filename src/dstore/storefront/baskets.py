"""A basket of a diner against a store at a moment: what it costs, or why it can not be ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from dstore.catalog.choices import MODIFIER_GROUPS, PRODUCTS
from dstore.catalog.pricing import Explanation, Line, Offer, Placed, Refused, explain
from dstore.catalog.schedules.delivery import pickup_minimum
from dstore.storefront.answers import Basket, BasketPrice, PriceLine, Refusal
from dstore.storefront.resolved import Price
from dstore.storefront.resolving import document, look

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.storefront.decoded import Store
    from dstore.storefront.questions import Question
    from dstore.storefront.resolved import Document, Reason
    from dstore.storefront.resolving import Look

PRICE_MEMBERS = {"pos": "price", "pds": "priceInfo"}
RULE_PATHS = {"pos": PRODUCTS, "pds": MODIFIER_GROUPS}


class Answer(NamedTuple):
    """The price of a basket; or, when anything is refused, why."""

    price: BasketPrice
    refusals: list[Refusal]


def price_basket(store: Store, question: Question, now: datetime, pos_zone: str, basket: Basket) -> Answer:
    """Return what a basket costs at the moment of a question, or everything that keeps it from being ordered."""
    one = look(store, question, now, pos_zone)
    explanation = explain(offer(document(one, question), store.feed), basket.selections)
    if len(explanation.services) > 1:
        named = {"services": ", ".join(sorted(explanation.services))}
        explanation.refused.append(Refused("selections", "SEVERAL_SERVICES", named))
    return Answer(_price(one, question, basket, explanation), [_refusal(one, each) for each in explanation.refused])


def offer(shown: Document, feed: str) -> Offer:
    """Return what baskets are priced against: a document's items, groups and hidden items."""
    items: dict[str, list[Placed]] = {}
    for menu in shown.menus:
        closed = None if menu.reason is UNSET else menu.reason
        service = menu.type if menu.type is not UNSET else shown.service
        for category in menu.categories:
            for item in category.items:
                placed = Placed(item, menu.id, category.id, None if service is UNSET else service, closed)
                items.setdefault(item.id, []).append(placed)
    hidden: dict[str, Reason] = {one.id: one.reason for one in shown.hidden if one.kind == "item"}
    groups = {group.id: group for group in shown.groups}
    return Offer(items, groups, hidden, PRICE_MEMBERS[feed], RULE_PATHS[feed])


def _price(one: Look, question: Question, basket: Basket, explanation: Explanation) -> BasketPrice:
    services = explanation.services
    service = next(iter(services)) if len(services) == 1 else question.service or UNSET
    until = one.view.evaluation.until
    price = BasketPrice(
        service=service,
        currency=explanation.currency or UNSET,
        total=explanation.total,
        lines=[_line(line) for line in explanation.lines],
        expected_total=basket.expected_total,
        agrees=UNSET if basket.expected_total is UNSET else basket.expected_total == explanation.total,
        valid_until=UNSET if until is None else one.view.explainer.moment(until),
    )
    if service == "PICKUP":
        minimum = pickup_minimum(one.offered.rules, explanation.total)
        if minimum is not None:
            price.minimum = Price(minimum.amount, minimum.currency, rule=minimum.rule)
            price.missing = minimum.missing
    return price


def _line(line: Line) -> PriceLine:
    return PriceLine(
        path=line.path, kind=line.kind, id=line.id, name=line.name,
        quantity=line.quantity, each=line.each, amount=line.amount, set_by=line.set_by,
    )  # fmt: skip


def _refusal(one: Look, refused: Refused) -> Refusal:
    reason = refused.reason
    if reason is None:
        text = one.view.explainer.say(refused.code, **refused.values)
        return Refusal(path=refused.path, code=refused.code, text=text, rule=refused.rule or UNSET)
    return Refusal(path=refused.path, code=reason.code, text=reason.text, rule=reason.rule, until=reason.until)
