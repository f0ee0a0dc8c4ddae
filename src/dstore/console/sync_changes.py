"""What a sync did to a catalogue, in words: names and prices, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from dstore.catalog.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dstore.catalog.entries import Stored
    from dstore.catalog.undo import Step

_NAMES = ("name", "itemTitle", "title", "groupName")


class Price(NamedTuple):
    """An amount in the currency's smallest unit."""

    amount: int
    currency: str


class Changed(NamedTuple):
    """One thing that a sync added, changed or removed; `members` are those that differ beside name and price."""

    deed: str
    word: str
    id: str
    name: str
    old_name: str
    price: Price | None
    old_price: Price | None
    members: list[str]


def changes(steps: Iterable[Step]) -> list[Changed]:
    """Return what happened, one line for each thing: what was added first, then what changed, then what went."""
    found = [_changed(step) for step in steps]
    order = {"added": 0, "changed": 1, "removed": 2}
    return sorted((one for one in found if one is not None), key=lambda one: order[one.deed])


def _changed(step: Step) -> Changed | None:
    old, new = _document(step.before), _document(step.after)
    if old is None and new is None:
        return None
    deed = "added" if old is None else "removed" if new is None else "changed"
    before, after = old or {}, new or {}
    members = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if deed == "changed":
        members = [name for name in members if name not in (*_NAMES, "price")]
        members = sorted({*members} - _priced(before, after))
        if not members and _name(before) == _name(after) and _price(before) == _price(after):
            members = [_beside(step)]
    kind = KINDS[step.kind]
    return Changed(
        deed,
        kind.word,
        kind.own_id(step.key),
        _name(after) or _name(before),
        _name(before) if old is not None and new is not None and _name(before) != _name(after) else "",
        _price(after),
        _price(before),
        members if deed == "changed" else [],
    )


def _beside(step: Step) -> str:
    """Return what changed when the document did not: statuses are set by themselves, so they are not kept."""
    moved = step.before is not None and step.after is not None and step.before.position != step.after.position
    return "position" if moved else "status"


def _document(one: Stored | None) -> dict[str, Any] | None:
    if one is None or one.deleted:
        return None
    document: dict[str, Any] = msgspec.json.decode(one.doc)
    document.pop("status", None)
    return document


def _name(document: dict[str, Any]) -> str:
    return next((str(document[name]) for name in _NAMES if document.get(name)), "")


def _price(document: dict[str, Any]) -> Price | None:
    match document:
        case {"price": {"value": int(value), "currency": str(currency)}}:
            return Price(value, currency)
        case {"priceInfo": {"saleAmount": int(value), "currency": str(currency)}}:
            return Price(value, currency)
    return None


def _priced(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Return the member that is told as a price, if nothing else in it differs."""
    before, after = dict(old.get("priceInfo") or {}), dict(new.get("priceInfo") or {})
    before.pop("saleAmount", None)
    after.pop("saleAmount", None)
    return {"priceInfo"} if before == after else set()
