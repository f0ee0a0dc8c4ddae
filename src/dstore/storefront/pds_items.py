"""An F&B store's items, SKUs and groups at a moment. Pure functions."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import ADDON, ITEM, MODIFIER_GROUP
from dstore.storefront.resolved import Group, Item, Option, Price, Property, PropertyValue, Sku
from dstore.storefront.settling import Settling
from dstore.storefront.view import hide, quantity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from dstore.catalog.schedules.timed import Prices, Statuses
    from dstore.catalog.schedules.times import Times
    from dstore.storefront.decoded import Entry, Store
    from dstore.storefront.resolved import Hidden, Reason
    from dstore.storefront.view import View
    from dstore.vocabulary import fnb
    from dstore.vocabulary.objects import StoredGroup, StoredItem

LINKS = "modifierGroups"
INVALID = "INVALID"
"""The status of an item, add-on item or category that is hidden."""
_DINEIN = "DINEIN"
_Thing = TypeVar("_Thing", Item, Option)


class Places(NamedTuple):
    """Where items may stand: all living categories and whether they are shown, all living groups; and what is hidden."""

    categories: Mapping[tuple[str, ...], bool]
    groups: Container[str]
    hidden: list[Hidden]


def groups(store: Store, view: View, hidden: list[Hidden]) -> tuple[list[Group], Settling, Container[str]]:
    """Return the groups with their options, settled, and the names of all groups there are."""
    addons = store.entries.get(ADDON.number, {})
    entries = store.entries.get(MODIFIER_GROUP.number, {})
    found = [_group(entry, addons, entries, view, hidden) for entry in entries.values()]
    return found, Settling(found, LINKS, view.explainer), entries


def _group(entry: Entry, addons: dict[str, Entry], known: Container[str], view: View, hidden: list[Hidden]) -> Group:
    info = cast("StoredGroup", entry.info)
    options = []
    for child in info.child_item_ids:
        addon = addons.get(child)
        if addon is None:
            hidden.append(hide("option", child, UNSET, view.explainer.why("GONE"), group=info.group_id))
            continue
        unseen = _unseen(addon, view)
        if unseen is not None:
            hidden.append(hide("option", child, addon.info.item_title, unseen, group=info.group_id))
            continue
        options.append(_option(addon, known, view))
    return Group(
        id=info.group_id,
        name=view.reader.text(entry.texts, "groupName", info.group_name),
        available=True,
        quantity=quantity(info.quantity_rule),
        options=options,
    )


def plain_option(info: StoredItem) -> Option:
    """Return an option as it is shown where nothing else is to be said: in the plain language, orderable, at its own price."""
    return _plain(Option, info)


def plain_item(info: StoredItem) -> Item:
    """Return an item as it is shown where nothing else is to be said, likewise."""
    skus = UNSET if info.skus is UNSET else [_plain_sku(sku) for sku in info.skus]
    return _plain(Item, info, properties=_properties(info.sku_property_groups), skus=skus)


def _plain(shape: type[_Thing], info: StoredItem, **more: Any) -> _Thing:
    return shape(
        id=info.item_id,
        name=info.item_title,
        price=_own_price(info.price_info),
        available=True,
        quantity=quantity(info.quantity_rule),
        description=info.item_description or UNSET,
        images=info.images,
        takeaway_fee=_fee(info.takeaway_fee),
        groups=info.modifier_group_ids or UNSET,
        **more,
    )


def _option(entry: Entry, known: Container[str], view: View) -> Option:
    option = copy(cast("Option", entry.plain))
    _speak(option, entry, view)
    _settle_terms(option, entry, known, view, ADDON.number, is_dine_in=view.service == _DINEIN)
    return option


def _speak(thing: Item | Option, entry: Entry, view: View) -> None:
    """Put the texts in the languages that were asked for."""
    if view.reader.asked:
        thing.name = view.reader.text(entry.texts, "itemTitle", entry.info.item_title)
        thing.description = view.optional(entry.texts, "itemDescription", entry.info.item_description)


def _settle_terms(
    thing: Item | Option, entry: Entry, known: Container[str], view: View, kind: int, *, is_dine_in: bool
) -> None:
    """Put in what holds at the moment: the price, whether it can be ordered, the fee, the groups there are."""
    times = entry.times
    reason = _sold_out(times.status, entry.status, view) or view.marks.why(kind, entry.info.item_id)
    if reason is not None:
        thing.available, thing.reason = False, reason
    if times.price is not None:
        thing.price = _price(entry.info.price_info, times.price, view)
    if is_dine_in:
        thing.takeaway_fee = UNSET
    if thing.groups is not UNSET:
        thing.groups = [name for name in thing.groups if name in known] or UNSET


def item(entry: Entry, view: View, places: Places) -> Item | None:
    """Return an item as it is shown; None when it is not, which is then noted if nothing above it says so already."""
    is_seen = places.categories.get(entry.key[1:])
    if is_seen is None:
        places.hidden.append(_hidden(entry, view.explainer.why("PARENT_GONE")))
        return None
    if not is_seen:
        return None
    unseen = _unseen(entry, view)
    if unseen is not None:
        places.hidden.append(_hidden(entry, unseen))
        return None
    for group in entry.info.modifier_group_ids or ():
        if group not in places.groups:
            reason = view.explainer.why("GONE")
            places.hidden.append(hide("group", group, UNSET, reason, item=entry.key[0], **_where(entry)))
    return _shown(entry, view, places.groups, is_dine_in=entry.key[3] == _DINEIN)


def _hidden(entry: Entry, reason: Reason) -> Hidden:
    return hide("item", entry.key[0], entry.info.item_title, reason, **_where(entry))


def _where(entry: Entry) -> dict[str, str]:
    _, category, menu, kind = entry.key
    return {"category": category, "menu": menu, "type": kind}


def _shown(entry: Entry, view: View, known: Container[str], *, is_dine_in: bool) -> Item:
    item = copy(cast("Item", entry.plain))
    _speak(item, entry, view)
    _settle_terms(item, entry, known, view, ITEM.number, is_dine_in=is_dine_in)
    if item.skus is not UNSET:
        if entry.times.skus:
            item.skus = _skus(entry.info.skus, item.skus, entry.times.skus, view)
        if item.available and item.skus and not any(sku.available for sku in item.skus):
            item.available, item.reason = False, view.explainer.why("NO_VARIANT")
    return item


def _unseen(entry: Entry, view: View) -> Reason | None:
    """Return why a thing is not shown at the moment, if it is not."""
    if entry.status == INVALID:
        return view.explainer.why("HIDDEN", "itemStatus")
    if entry.times.visible is None:
        return None
    verdict = view.evaluation.ask(entry.times.visible)
    return None if verdict.value else view.explainer.why("NOT_AT_THIS_TIME", verdict.rule, verdict.until)


def _sold_out(rules: Statuses | None, status: str | None, view: View, path: str = "") -> Reason | None:
    """Return why an item or SKU can not be ordered: it was fed as sold out, or a rule says so at the moment."""
    if status == "SOLDOUT":
        return view.explainer.why("SOLD_OUT", "itemStatus")
    verdict = None if rules is None else view.evaluation.ask(rules)
    if verdict is None or verdict.value != "SOLDOUT":
        return None
    return view.explainer.why("SOLD_OUT_BY_RULE", f"{path}{verdict.rule}", verdict.until)


def _own_price(base: fnb.PriceInfo) -> Price:
    return Price(base.sale_amount, base.currency, base.origin_amount)


def _price(base: fnb.PriceInfo, rules: Prices, view: View, path: str = "") -> Price:
    verdict = view.evaluation.ask(rules)
    timed = verdict.value
    if timed is None:
        return _own_price(base)
    listed = base.origin_amount if timed.origin_amount is UNSET else timed.origin_amount
    return Price(timed.sale_amount, timed.currency, listed, f"{path}{verdict.rule}")


def _fee(fee: fnb.Money | UnsetType) -> Price | UnsetType:
    return UNSET if fee is UNSET or fee.amount_value == 0 else Price(fee.amount_value, fee.currency)


def _properties(given: list[fnb.SkuPropertyGroup] | UnsetType) -> list[Property] | UnsetType:
    if given is UNSET:
        return UNSET
    return [
        Property(
            key=group.property_group_key,
            name=group.property_group_name,
            values=[PropertyValue(one.property_value, one.property_name) for one in group.properties],
        )
        for group in given
    ]


def _plain_sku(sku: fnb.Sku) -> Sku:
    return Sku(
        id=sku.sku_id,
        properties=sku.sku_property_pairs,
        price=_own_price(sku.price_info),
        available=True,
        image=sku.image,
    )


def _skus(skus: list[fnb.Sku], plain: list[Sku], times: tuple[Times, ...], view: View) -> list[Sku]:
    """Return SKUs of which some have rules."""
    found = []
    for index, (sku, one, rules) in enumerate(zip(skus, plain, times, strict=True)):
        shown, path = copy(one), f"skus[{index}]."
        reason = _sold_out(rules.status, None, view, path)
        if reason is not None:
            shown.available, shown.reason = False, reason
        if rules.price is not None:
            shown.price = _price(sku.price_info, rules.price, view, path)
        found.append(shown)
    return found
