"""What a diner chose, read from a form or from an address, and as the form shows it. Pure functions.

The names of a form's fields spell the way to a group: ids of groups and options by turns, percent-encoded, with `/`
between them. `one:<way>` holds the id of the only option chosen, `any:<way>` ids of options, `many:<way>/<option>` how
often an option is chosen. Fields below an option that is not chosen do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import UNSET

from dstore.catalog.choices import Chosen, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.datastructures import FormData, QueryParams

    from dstore.storefront.resolved import Group, Item, Option, Property, Sku

    Fields = QueryParams | FormData

LONGEST = 8_000
MOST_PIECES = 99
_read = msgspec.json.Decoder(Selection).decode


class OptionView(NamedTuple):
    """An option in a form: how it is chosen (radio, check or count), how often it is, what follows from it."""

    option: Option
    way: str
    control: str
    most: int
    least: int
    chosen: int
    nested: list[GroupView]


class GroupView(NamedTuple):
    """A group in a form; `way` names its fields."""

    group: Group
    way: str
    options: list[OptionView]


class PropertyView(NamedTuple):
    """A property of an item's variants, and the value chosen."""

    property: Property
    chosen: str


def read_selection(fields: Fields, item: Item, groups: Mapping[str, Group]) -> Selection:
    """Read what was chosen of an item: `selection` as JSON, else the fields of the form."""
    text = fields.get("selection", "")
    if isinstance(text, str) and text and len(text) <= LONGEST:
        try:
            known = _read(text)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            known = None
        if known is not None and known.item == item.id:
            return known
    sku = _sku(fields, item)
    return Selection(
        item=item.id,
        sku=UNSET if sku is None else sku.id,
        quantity=max(1, _number(fields, "quantity", 1)),
        menu=_text(fields, "menu") or UNSET,
        category=_text(fields, "category") or UNSET,
        options=list(_chosen(fields, item.groups or (), groups, ())),
    )


def _sku(fields: Fields, item: Item) -> Sku | None:
    wanted = {one.key: _text(fields, f"property:{one.key}") for one in item.properties or ()}
    found = (sku for sku in item.skus or () if wanted and all(sku.properties.get(k) == v for k, v in wanted.items()))
    by_property = next(found, None)
    return by_property or next((sku for sku in item.skus or () if sku.id == _text(fields, "sku")), None)


def _chosen(
    fields: Fields, names: Sequence[str], groups: Mapping[str, Group], above: tuple[str, ...]
) -> Iterator[Chosen]:
    for name in names:
        group = groups.get(name)
        if group is None or name in above:
            continue
        way = spelled((*above, name))
        ticked = {*_texts(fields, f"any:{way}"), _text(fields, f"one:{way}")}
        for option in group.options:
            counted = _number(fields, f"many:{spelled((*above, name, option.id))}", 0)
            pieces = counted or int(option.id in ticked)
            if pieces > 0:
                below = list(_chosen(fields, option.groups or (), groups, (*above, name, option.id)))
                yield Chosen(option=option.id, group=name, quantity=pieces, options=below)


def group_views(
    names: Sequence[str], groups: Mapping[str, Group], chosen: Sequence[Chosen], above: tuple[str, ...] = ()
) -> list[GroupView]:
    """Return groups as a form shows them; groups below an option are there where it is chosen."""
    found: list[GroupView] = []
    for name in names:
        group = groups.get(name)
        if group is None:
            continue
        here = {one.option: one for one in chosen if one.group in {UNSET, name}}
        options = [_option_view(group, option, here.get(option.id), groups, above) for option in group.options]
        found.append(GroupView(group, spelled((*above, name)), options))
    return found


def _option_view(
    group: Group, option: Option, chosen: Chosen | None, groups: Mapping[str, Group], above: tuple[str, ...]
) -> OptionView:
    limit = group.quantity.max if group.quantity else MOST_PIECES
    own = option.quantity.max if option.quantity else _unruled(group)
    most = min(limit, own, MOST_PIECES)
    least = option.quantity.min if option.quantity else 0
    if limit == 1 and group.quantity and group.quantity.min >= 1:
        control = "radio"
    else:
        control = "check" if most <= 1 else "count"
    pieces = chosen.quantity if chosen is not None else least if option.available else 0
    nested: list[GroupView] = []
    if chosen is not None:
        nested = group_views(option.groups or (), groups, chosen.options, (*above, group.id, option.id))
    way = spelled((*above, group.id, option.id))
    return OptionView(option, way, control, most, least, min(pieces, most), nested)


def _unruled(group: Group) -> int:
    """Return how often an option without a rule of its own is offered: once, unless the group asks for more."""
    least = group.quantity.min if group.quantity else 0
    return 1 if sum(one.available for one in group.options) >= least else least


def reachable(names: Sequence[str], groups: Mapping[str, Group]) -> list[Group]:
    """Return each group that may come up below an option, once."""
    found: dict[str, Group] = {}
    waiting = [groups[name] for name in names if name in groups]
    seen = {group.id for group in waiting}
    while waiting:
        for option in waiting.pop().options:
            for name in option.groups or ():
                if name in groups:
                    found[name] = groups[name]
                    if name not in seen:
                        seen.add(name)
                        waiting.append(groups[name])
    return list(found.values())


def property_views(item: Item, chosen: Selection) -> list[PropertyView]:
    """Return the properties of an item's variants with the values of the one chosen."""
    sku = next((one for one in item.skus or () if one.id == chosen.sku), None)
    if sku is None and item.skus and len(item.skus) == 1:
        sku = item.skus[0]
    return [PropertyView(one, "" if sku is None else sku.properties.get(one.key, "")) for one in item.properties or ()]


def spelled(way: tuple[str, ...]) -> str:
    """Return the way to a group or option as names of fields spell it."""
    return "/".join(quote(one, safe="") for one in way)


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value.replace("\0", "") if isinstance(value, str) else ""


def _texts(fields: Fields, name: str) -> list[str]:
    return [one for one in fields.getlist(name) if isinstance(one, str)]


def _number(fields: Fields, name: str, default: int) -> int:
    text = _text(fields, name)
    return min(int(text), MOST_PIECES) if text.isascii() and text.isdigit() and len(text) < len("1000") else default
