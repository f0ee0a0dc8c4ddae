"""An F&B store's items, SKUs and groups at a moment. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from msgspec import UNSET
from msgspec.structs import replace

from dstore.catalog.choices import MODIFIER_GROUPS
from dstore.catalog.kinds import ADDON, ITEM, MODIFIER_GROUP
from dstore.catalog.pds_sync_texts import property_column, property_value_column
from dstore.catalog.pricing import DINEIN
from dstore.storefront.resolved import Group, Item, Option, Price, Property, PropertyValue
from dstore.storefront.settling import Settling
from dstore.storefront.view import hide, quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.schedules.timed import Prices, Statuses, Turns
    from dstore.catalog.schedules.times import Clock, Times
    from dstore.storefront.decoded import Entry, Store
    from dstore.storefront.languages import Reader, Texts
    from dstore.storefront.resolved import Hidden, Reason, Sku
    from dstore.storefront.view import View
    from dstore.vocabulary import fnb
    from dstore.vocabulary.objects import StoredGroup

INVALID = "INVALID"
"""The status of an item, add-on item or category that is hidden."""


class Shelf(NamedTuple):
    """A category's place for its items: where that is, and the items; None when the category is not shown."""

    where: dict[str, str]
    items: list[Item] | None


class Terms(NamedTuple):
    """What holds at a moment of things alike: why they are not shown or sold out, and which scheduled price they have."""

    unseen: Reason | None = None
    sold_out: Reason | None = None
    turn: int | None = None


class ItemsAt:
    """A store's groups, and its items one after another, at a moment; `hidden` fills with what is not shown.

    Where the document is only to be written, items of which nothing is to be said stand in it as they were written before.
    """

    def __init__(self, store: Store, view: View, *, is_to_be_written: bool) -> None:
        """Resolve the groups."""
        addons = store.entries.get(ADDON.number, {})
        entries = store.entries.get(MODIFIER_GROUP.number, {})
        self.hidden: list[Hidden] = []
        self._view = view
        self._is_to_be_written = is_to_be_written
        self._terms: dict[tuple[str | None, Clock], Terms] = {}
        self._names = frozenset(entries)
        self.groups = [self._group(entry, addons) for entry in entries.values()]
        self._settling = Settling(self.groups, MODIFIER_GROUPS, view.explainer, self.hidden)

    def _group(self, entry: Entry, addons: dict[str, Entry]) -> Group:
        info, view = cast("StoredGroup", entry.info), self._view
        where = {"group": info.group_id}
        options = []
        for child in info.child_item_ids:
            addon = addons.get(child)
            if addon is None:
                self.hidden.append(hide("option", child, UNSET, view.explainer.why("GONE"), where))
                continue
            terms = self._terms_of(addon)
            if terms.unseen is None:
                options.append(self._option(addon, terms))
            else:
                self.hidden.append(hide("option", child, addon.info.item_title, terms.unseen, where))
        return Group(
            id=info.group_id,
            name=view.reader.text(entry.texts, "groupName", info.group_name),
            available=True,
            quantity=quantity(info.quantity_rule),
            options=options,
        )

    def _option(self, entry: Entry, terms: Terms) -> Option:
        plain = cast("Option", entry.plain)
        changes = self._changes(plain, entry, ADDON.number, terms)
        if self._view.service == DINEIN and plain.takeaway_fee is not UNSET:
            changes["takeaway_fee"] = UNSET
        return replace(plain, **changes) if changes else plain

    def place(self, entry: Entry, shelf: Shelf | None) -> None:
        """Put an item on the shelf of its category (None: the category is gone), or take note that it is not shown."""
        if shelf is None:
            reason = self._view.explainer.why("PARENT_GONE")
            self.hidden.append(hide("item", entry.key[0], entry.info.item_title, reason, where_of(entry.key[1:])))
            return
        if shelf.items is None:
            return
        terms = self._terms_of(entry)
        if terms.unseen is not None:
            self.hidden.append(hide("item", entry.key[0], entry.info.item_title, terms.unseen, shelf.where))
            return
        plain = cast("Item", entry.plain)
        changes = self._changes(plain, entry, ITEM.number, terms)
        if "groups" in changes:
            self._miss(entry, shelf)
        if plain.skus is not UNSET and plain.skus:
            _settle_skus(plain.skus, entry, changes, self._view)
        item = self._settling.settled(replace(plain, **changes) if changes else plain)
        shelf.items.append(cast("Item", entry.written) if item is plain and self._is_to_be_written else item)

    def _miss(self, entry: Entry, shelf: Shelf) -> None:
        """Take note of the groups of an item that are gone."""
        reason = self._view.explainer.why("GONE")
        where = {"item": entry.key[0], **shelf.where}
        gone = [name for name in entry.info.modifier_group_ids if name not in self._names]
        self.hidden += [hide("group", name, UNSET, reason, where) for name in gone]

    def _terms_of(self, entry: Entry) -> Terms:
        alike = entry.status, entry.times.clock
        terms = self._terms.get(alike)
        if terms is None:
            terms = self._terms[alike] = _terms(entry.status, entry.times.clock, self._view)
        return terms

    def _changes(self, plain: Item | Option, entry: Entry, kind: int, terms: Terms) -> dict[str, Any]:
        """Return what is otherwise than in the plain shape: texts, price, whether it can be ordered, the groups there are."""
        changes: dict[str, Any] = {}
        reader = self._view.reader
        reason = terms.sold_out or self._view.marks.why(kind, plain.id)
        if reason is not None:
            changes["available"], changes["reason"] = False, reason
        if terms.turn is not None and entry.times.prices is not None:
            changes["price"] = _timed_price(entry.info.price_info, entry.times.prices, terms.turn)
        if plain.groups is not UNSET and not self._names.issuperset(plain.groups):
            changes["groups"] = [name for name in plain.groups if name in self._names] or UNSET
        if reader.asked:
            changes["name"] = reader.text(entry.texts, "itemTitle", entry.info.item_title)
            changes["description"] = self._view.optional(entry.texts, "itemDescription", entry.info.item_description)
            if isinstance(plain, Item) and plain.properties is not UNSET:
                changes["properties"] = _read_properties(plain.properties, entry.texts, reader)
        return changes


def where_of(category: Sequence[str]) -> dict[str, str]:
    """Return where the items of a category are, given its key."""
    return {"category": category[0], "menu": category[1], "type": category[2]}


def _terms(status: str | None, clock: Clock, view: View) -> Terms:
    if status == INVALID:
        return Terms(view.explainer.why("HIDDEN", "itemStatus"))
    if clock.visible is not None:
        verdict = view.evaluation.ask(clock.visible)
        if not verdict.value:
            return Terms(view.explainer.why("NOT_AT_THIS_TIME", verdict.rule, verdict.until))
    return Terms(None, _sold_out(clock.status, status, view), _turn(clock.price, view))


def _sold_out(rules: Statuses | None, status: str | None, view: View, path: str = "") -> Reason | None:
    """Return why an item or SKU can not be ordered: it was fed as sold out, or a rule says so at the moment."""
    if status == "SOLDOUT":
        return view.explainer.why("SOLD_OUT", "itemStatus")
    verdict = None if rules is None else view.evaluation.ask(rules)
    if verdict is None or verdict.value != "SOLDOUT":
        return None
    return view.explainer.why("SOLD_OUT_BY_RULE", f"{path}{verdict.rule}", verdict.until)


def _turn(turns: Turns | None, view: View) -> int | None:
    """Return whose turn it is in a schedule of prices; None: the thing's own price holds."""
    return None if turns is None else view.evaluation.ask(turns).value


def _timed_price(base: fnb.PriceInfo, prices: Prices, turn: int, path: str = "") -> Price:
    timed, rule = prices.given(turn)
    listed = base.origin_amount if timed.origin_amount is UNSET else timed.origin_amount
    return Price(timed.sale_amount, timed.currency, listed, f"{path}{rule}")


def _read_properties(plain: list[Property], texts: Texts | None, reader: Reader) -> list[Property]:
    """Return properties with their names, and those of their values, in the reader's language."""
    return [
        Property(
            key=group.key,
            name=reader.text(texts, property_column(index), group.name),
            values=[
                PropertyValue(one.value, reader.text(texts, property_value_column(index, place), one.name))
                for place, one in enumerate(group.values)
            ],
        )
        for index, group in enumerate(plain)
    ]


def _settle_skus(plain: list[Sku], entry: Entry, changes: dict[str, Any], view: View) -> None:
    """Put in SKUs that have rules; without any that can be ordered the item can not be either."""
    skus = plain
    if entry.times.skus:
        skus = changes["skus"] = _skus(entry.info.skus, plain, entry.times.skus, view)
    if "available" not in changes and not any(sku.available for sku in skus):
        reasons = [("", sku.reason) for sku in skus if sku.reason is not UNSET]
        changes["available"], changes["reason"] = False, view.explainer.follow("NO_VARIANT", reasons)


def _skus(skus: list[fnb.Sku], plain: list[Sku], times: tuple[Times, ...], view: View) -> list[Sku]:
    """Return SKUs of which some have rules."""
    found = []
    for index, (sku, one, rules) in enumerate(zip(skus, plain, times, strict=True)):
        path, turn = f"skus[{index}].", _turn(rules.clock.price, view)
        changes: dict[str, Any] = {}
        if turn is not None and rules.prices is not None:
            changes["price"] = _timed_price(sku.price_info, rules.prices, turn, path)
        reason = _sold_out(rules.clock.status, None, view, path)
        if reason is not None:
            changes["available"], changes["reason"] = False, reason
        found.append(replace(one, **changes) if changes else one)
    return found
