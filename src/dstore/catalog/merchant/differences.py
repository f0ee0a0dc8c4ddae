"""What publishing a menu would change, in words for people: places, categories and texts. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dstore.catalog.merchant.menus import Menu

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.catalog.merchant.menus import Category, Extra, MenuDocument


class Change(NamedTuple):
    """One difference: what happened, to what, in which menu and category, and the values before and after.

    `kind` is one of menu-added, menu-removed, category-added, category-removed, category-changed, category-moved,
    added, removed, moved, text. `subject` is a product's id or a category's name.
    """

    kind: str
    service: str
    category: str
    subject: str
    old: str = ""
    new: str = ""


def changes(old: MenuDocument, new: MenuDocument) -> list[Change]:
    """Return every difference, in the order of the new menu."""
    before = {menu.service: menu for menu in old.menus}
    after = {menu.service: menu for menu in new.menus}
    found: list[Change] = []
    for service, menu in after.items():
        if service not in before and (service or menu.categories):
            found.append(Change("menu-added", service, "", service))
        found += _menu_changes(before.get(service, Menu(service=service)), menu)
    found += [Change("menu-removed", service, "", service) for service in before if service not in after]
    for product_id in dict.fromkeys([*old.products, *new.products]):
        found += _text_changes(product_id, old.said_of(product_id), new.said_of(product_id))
    return found


def _menu_changes(old: Menu, new: Menu) -> Iterator[Change]:
    before = {category.id: category for category in old.categories}
    after = {category.id: category for category in new.categories}
    stayed = [one for one in before if one in after]
    moved = _moved(stayed, [one for one in after if one in before])
    for category_id, category in after.items():
        was = before.get(category_id)
        if was is None:
            yield Change("category-added", new.service, category.name, category.name)
            yield from (Change("added", new.service, category.name, one) for one in category.items)
            continue
        if category_id in moved:
            yield Change("category-moved", new.service, category.name, category.name)
        yield from _category_changes(new.service, was, category)
    for category_id, category in before.items():
        if category_id not in after:
            yield Change("category-removed", new.service, category.name, category.name)


def _category_changes(service: str, old: Category, new: Category) -> Iterator[Change]:
    said = (old.name, old.description, old.translations)
    if said != (new.name, new.description, new.translations):
        yield Change("category-changed", service, new.name, new.name, old.name, new.name)
    there, wanted = set(old.items), set(new.items)
    yield from (Change("added", service, new.name, one) for one in new.items if one not in there)
    yield from (Change("removed", service, new.name, one) for one in old.items if one not in wanted)
    moved = _moved([one for one in old.items if one in wanted], [one for one in new.items if one in there])
    yield from (Change("moved", service, new.name, one) for one in moved)


def _moved(old: list[str], new: list[str]) -> list[str]:
    """Return who has to move to get from one order of the same names to the other: all but a longest run in order."""
    if old == new:
        return []
    places = {name: index for index, name in enumerate(old)}
    # Patience sorting: `tails[n]` ends the lowest run of length n + 1.
    tails: list[str] = []
    before: dict[str, str | None] = {}
    for name in new:
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if places[tails[middle]] < places[name]:
                low = middle + 1
            else:
                high = middle
        before[name] = tails[low - 1] if low else None
        tails[low : low + 1] = [name]
    stays: set[str] = set()
    at: str | None = tails[-1]
    while at is not None:
        stays.add(at)
        at = before[at]
    return [name for name in new if name not in stays]


def _text_changes(product_id: str, old: Extra, new: Extra) -> Iterator[Change]:
    for member in ("name", "description", "photo"):
        was, now = getattr(old, member), getattr(new, member)
        if was != now:
            yield Change("text", "", member, product_id, was, now)
    for language in sorted({*old.translations, *new.translations}):
        before, after = old.translations.get(language), new.translations.get(language)
        if before != after:
            yield Change("text", "", language, product_id, before.name if before else "", after.name if after else "")
