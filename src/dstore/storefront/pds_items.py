"""An F&B store's items, SKUs and groups at a moment. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import ADDON, ITEM, MODIFIER_GROUP
from dstore.storefront.resolved import Group, Item, Option, Price, Property, PropertyValue, Sku
from dstore.storefront.settling import Settling
from dstore.storefront.view import hide, quantity

if TYPE_CHECKING:
    from collections.abc import Container

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


class Places(NamedTuple):
    """Where items may stand: the menus that are shown, all living categories, all living groups; and what is hidden.

    `unseen` are the categories that are hidden with everything in them.
    """

    menus: Container[tuple[str, ...]]
    categories: Container[tuple[str, ...]]
    groups: Container[str]
    hidden: list[Hidden]
    unseen: Container[tuple[str, ...]] = ()


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


def _option(entry: Entry, known: Container[str], view: View) -> Option:
    info = cast("StoredItem", entry.info)
    reason = _sold_out(entry.times.status, entry.status, view) or view.marks.why(ADDON.number, info.item_id)
    return Option(
        id=info.item_id,
        name=view.reader.text(entry.texts, "itemTitle", info.item_title),
        price=_price(info.price_info, entry.times.price, view),
        available=reason is None,
        reason=UNSET if reason is None else reason,
        quantity=quantity(info.quantity_rule),
        description=view.optional(entry.texts, "itemDescription", info.item_description),
        images=info.images,
        takeaway_fee=UNSET if view.service == _DINEIN else _fee(info.takeaway_fee),
        groups=_living(info.modifier_group_ids, known),
    )


def item(entry: Entry, view: View, places: Places) -> Item | None:
    """Return an item as it is shown; None when it is not, which is then noted if nothing above it says so already."""
    info = cast("StoredItem", entry.info)
    above = entry.key[1:]
    if above not in places.categories:
        places.hidden.append(_hidden(entry, info.item_title, view.explainer.why("PARENT_GONE")))
        return None
    if above[1:] not in places.menus or above in places.unseen:
        return None
    unseen = _unseen(entry, view)
    if unseen is not None:
        places.hidden.append(_hidden(entry, info.item_title, unseen))
        return None
    for group in info.modifier_group_ids or ():
        if group not in places.groups:
            reason = view.explainer.why("GONE")
            places.hidden.append(hide("group", group, UNSET, reason, item=entry.key[0], **_where(entry)))
    return _shown(entry, info, view, places.groups, is_dine_in=above[2] == _DINEIN)


def _hidden(entry: Entry, title: str, reason: Reason) -> Hidden:
    return hide("item", entry.key[0], title, reason, **_where(entry))


def _where(entry: Entry) -> dict[str, str]:
    _, category, menu, kind = entry.key
    return {"category": category, "menu": menu, "type": kind}


def _shown(entry: Entry, info: StoredItem, view: View, known: Container[str], *, is_dine_in: bool) -> Item:
    reason = _sold_out(entry.times.status, entry.status, view) or view.marks.why(ITEM.number, info.item_id)
    skus = _skus(info.skus, entry.times.skus, view)
    if reason is None and skus and not any(sku.available for sku in skus):
        reason = view.explainer.why("NO_VARIANT")
    return Item(
        id=info.item_id,
        name=view.reader.text(entry.texts, "itemTitle", info.item_title),
        price=_price(info.price_info, entry.times.price, view),
        available=reason is None,
        reason=UNSET if reason is None else reason,
        quantity=quantity(info.quantity_rule),
        description=view.optional(entry.texts, "itemDescription", info.item_description),
        images=info.images,
        takeaway_fee=UNSET if is_dine_in else _fee(info.takeaway_fee),
        groups=_living(info.modifier_group_ids, known),
        properties=_properties(info.sku_property_groups),
        skus=skus,
    )


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


def _price(base: fnb.PriceInfo, rules: Prices | None, view: View, path: str = "") -> Price:
    verdict = None if rules is None else view.evaluation.ask(rules)
    if verdict is None or verdict.value is None:
        return Price(base.sale_amount, base.currency, base.origin_amount)
    timed = verdict.value
    listed = base.origin_amount if timed.origin_amount is UNSET else timed.origin_amount
    return Price(timed.sale_amount, timed.currency, listed, f"{path}{verdict.rule}")


def _fee(fee: fnb.Money | UnsetType) -> Price | UnsetType:
    return UNSET if fee is UNSET or fee.amount_value == 0 else Price(fee.amount_value, fee.currency)


def _living(names: list[str] | UnsetType, known: Container[str]) -> list[str] | UnsetType:
    return UNSET if names is UNSET else [name for name in names if name in known] or UNSET


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


def _skus(skus: list[fnb.Sku] | UnsetType, times: tuple[Times, ...], view: View) -> list[Sku] | UnsetType:
    if skus is UNSET:
        return UNSET
    found = []
    for index, (sku, rules) in enumerate(zip(skus, times, strict=True)):
        path = f"skus[{index}]."
        reason = _sold_out(rules.status, None, view, path)
        found.append(
            Sku(
                id=sku.sku_id,
                properties=sku.sku_property_pairs,
                price=_price(sku.price_info, rules.price, view, path),
                available=reason is None,
                reason=UNSET if reason is None else reason,
                image=sku.image,
            )
        )
    return found
