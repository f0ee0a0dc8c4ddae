"""What a product of a POS store costs in lists, by the same rule as on the storefront's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from dstore.catalog.products import overloaded
from dstore.storefront.pages.dishes import starting
from dstore.storefront.resolved import Group, Option, Price
from dstore.storefront.view import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dstore.catalog.merchant.survey import Line
    from dstore.console.catalogues import Shop


class Cost(NamedTuple):
    """The least that something costs; `is_from` where its choices may make it dearer."""

    amount: int
    currency: str
    is_from: bool


def cost(shop: Shop, line: Line) -> Cost | None:
    """Return what a product costs with the choices that must be made; None for what has no price."""
    price = line.product.price
    if price is UNSET:
        return None
    groups: dict[str, Group] = {}
    _reach(shop, line.children, groups)
    amount, is_from = starting(price.value, line.children, groups)
    return Cost(amount, price.currency, is_from)


def _reach(shop: Shop, names: Iterable[str], found: dict[str, Group]) -> None:
    """Find the groups of these names and whatever groups their options lead to."""
    lines = shop.survey.lines
    for name in names:
        group = lines.get(name)
        if group is not None and name not in found:
            options = [lines[child] for child in group.children if child in lines]
            found[name] = Group(
                id=name,
                name=group.name,
                available=not group.is_sold_out,
                quantity=quantity(group.product.quantity_rule),
                options=[_option(shop, option, group) for option in options],
            )
            for option in options:
                _reach(shop, option.children, found)


def _option(shop: Shop, line: Line, group: Line) -> Option:
    product, given = line.product, overloaded(line.product, group.id)
    price = given.price_of(product)
    return Option(
        id=line.id,
        name=line.name,
        price=UNSET if price is UNSET else Price(price.value, price.currency),
        available=not (group.is_sold_out or shop.is_off(line)),
        quantity=quantity(given.quantity_of(product)),
        groups=line.children,
    )
