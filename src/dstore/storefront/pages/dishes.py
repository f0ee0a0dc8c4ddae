"""A menu as its page shows it: sections, and each dish with the least it can cost. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dstore.storefront.pages.visit import Visit
    from dstore.storefront.resolved import Category, Document, Group, Item, Menu, Sku


class Dish(NamedTuple):
    """An item with its address and its price; `currency` is empty where it has none."""

    item: Item
    link: str
    amount: int
    is_from: bool
    list_amount: int
    currency: str
    picture: str


class Section(NamedTuple):
    """A category with its dishes; `anchor` is its place on the page."""

    anchor: str
    menu: Menu
    category: Category
    dishes: list[Dish]


def sections(shown: Document, visit: Visit) -> list[Section]:
    """Return the sections of all menus that are shown; empty categories are left out."""
    groups = {group.id: group for group in shown.groups}
    found: list[Section] = []
    for menu in shown.menus:
        for category in menu.categories:
            if category.items:
                dishes = [dish(item, groups, visit, menu, category) for item in category.items]
                found.append(Section(f"c{len(found) + 1}", menu, category, dishes))
    return found


def dish(item: Item, groups: Mapping[str, Group], visit: Visit, menu: Menu, category: Category) -> Dish:
    """Return an item as it stands in a category."""
    link = visit.link("/item", item=item.id, menu=menu.id, category=category.id)
    picture = next((one for one in item.images or () if is_address(one)), "")
    if item.skus:
        return _of_skus(item, item.skus, link, picture)
    if item.price is UNSET:
        return Dish(item, link, 0, False, 0, "", picture)
    amount, is_from = starting(item.price.amount, item.groups or (), groups)
    listed = item.price.list_amount or 0
    list_amount = 0 if is_from or listed <= amount else listed
    return Dish(item, link, amount, is_from, list_amount, item.price.currency, picture)


def _of_skus(item: Item, skus: list[Sku], link: str, picture: str) -> Dish:
    choice = [sku for sku in skus if sku.available] or skus
    cheapest = min(choice, key=lambda sku: sku.price.amount)
    is_from = any(sku.price.amount != cheapest.price.amount for sku in choice)
    listed = cheapest.price.list_amount or 0
    list_amount = listed if listed > cheapest.price.amount and not is_from else 0
    return Dish(item, link, cheapest.price.amount, is_from, list_amount, cheapest.price.currency, picture)


def starting(price: int, names: Iterable[str], groups: Mapping[str, Group]) -> tuple[int, bool]:
    """Return what something of a price costs at least with its choices, and whether that is only where it starts."""
    extra, varies = least(names, groups, {})
    return price + extra, extra > 0 or (varies and price == 0)


def least(names: Iterable[str], groups: Mapping[str, Group], known: dict[str, tuple[int, bool]]) -> tuple[int, bool]:
    """Return what the choices that must be made cost at least, and whether they may cost more."""
    total, varies = 0, False
    for name in names:
        group = groups.get(name)
        if group is None or group.quantity is UNSET or group.quantity.min == 0:
            continue
        if name not in known:
            # No feed may make a circle of groups; should one exist, it must not make this endless.
            known[name] = (0, False)
            known[name] = _least_of(group, groups, known)
        total += known[name][0]
        varies = varies or known[name][1]
    return total, varies


def _least_of(group: Group, groups: Mapping[str, Group], known: dict[str, tuple[int, bool]]) -> tuple[int, bool]:
    wanted = group.quantity.min if group.quantity else 0
    costs: list[tuple[int, int]] = []
    for option in [one for one in group.options if one.available] or group.options:
        below, _ = least(option.groups or (), groups, known)
        costs.append(
            (
                (option.price.amount if option.price else 0) + below,
                option.quantity.max if option.quantity else wanted,
            )
        )
    total, missing = 0, wanted
    for cost, most in sorted(costs):
        taken = min(most, missing)
        total += cost * taken
        missing -= taken
    return total, len({cost for cost, _ in costs}) > 1


def is_address(text: str) -> bool:
    """Return whether a picture's address is one that a page may load from: https, or our own."""
    return text.startswith("https://") or (text.startswith("/") and not text.startswith(("//", "/\\")))
