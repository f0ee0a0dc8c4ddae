"""Findings: what is wrong or doubtful in a message, each with its path, rule and advice.

A rule is defined once in `RULES`; checks name it by its id. Errors refuse a request, warnings are
shown by the dry run (`dstore check`) and never refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Rule(NamedTuple):
    """A rule of the contract: whether breaking it refuses, and what to do about it."""

    error: bool
    advice: str


def _error(advice: str) -> Rule:
    return Rule(error=True, advice=advice)


def _warning(advice: str) -> Rule:
    return Rule(error=False, advice=advice)


RULES: dict[str, Rule] = {
    "findings.cut": _warning("Mend what is listed, and try again."),
    "json.syntax": _error("Send one JSON object in UTF-8 without a byte order mark."),
    "json.depth": _error("Flatten the document; at most 64 levels are read."),
    "json.text": _error("Remove the NUL character; text must be storable everywhere."),
    "json.duplicate": _warning("Send each member once; of repeated members the last one counts."),
    "type.mismatch": _error("Send the type that the API description gives."),
    "type.missing": _error("Add the member; it is required."),
    "type.value": _error("Use one of the values of the API description."),
    "type.range": _error("Keep the number inside its limits; amounts are in the smallest currency unit."),
    "type.length": _error("Keep the text inside its limit; characters are counted, not bytes."),
    "type.size": _error("Send fewer elements, or split the call; GET /limits shows every limit."),
    "type.unknown-member": _warning("Remove the member or mend its spelling; it is ignored."),
    "product.duplicate": _error("Give every product of the request its own posProductId."),
    "product.incomplete": _error(
        "A full sync needs type, name, status and (unless GROUP) price on every product; "
        "a status update carries only posProductId and status on every product.",
    ),
    "product.reference": _error("Send the referenced product in the same request; a full sync is the whole catalogue."),
    "product.edge": _error("A SINGLE or MODIFIER may hold GROUPs; a GROUP may hold SINGLEs and MODIFIERs."),
    "product.cycle": _error("Break the circle: a product can not be part of itself."),
    "product.depth": _error("Nest fewer groups."),
    "product.currency": _error("Price all products of a store in one currency."),
    "product.overload-parent": _warning(
        "Name a GROUP whose subProducts hold this product; elsewhere the overload has no effect."
    ),
    "product.overload-price": _warning("An overload price is expected to be below the product's own price."),
    "product.unsatisfiable": _warning(
        "Let the quantities of the children reach the group's minimum and stay within its maximum."
    ),
    "status.repeated": _warning("Name each product once in a status update; of repeated ones the last one counts."),
    "quantity.order": _error("Let min be at most max."),
    "account.length": _warning("Order calls carry at most 64 characters of posAccountId; use a shorter id."),
    "extend.length": _error("Keep extendInfo, as compact JSON, within 4,096 characters."),
    "time.format": _error("Send ISO 8601 with an offset, for example 2024-01-04T00:00:00+08:00."),
    "zone.unknown": _error("Send GMT+8:00, +08:00 or an IANA name such as Asia/Singapore."),
    "location.empty": _error("Send latitude and longitude, or postCode."),
    "item.context": _error("Pass menuId, menuType and categoryId for a SINGLE; an ADDON belongs to the store alone."),
    "sku.pairing": _error("Send skus and skuPropertyGroups together."),
    "sku.coverage": _error("Give every SKU one value for each propertyGroupKey, and no other key."),
    "sku.duplicate": _error("Give every SKU its own skuId and its own combination of values."),
    "sku.price": _warning("A SKU costs more than its item; check that this is meant."),
    "sku.addon": _warning(
        "Make each variant an add-on item of its own; the SKUs of an ADDON are kept, and not offered."
    ),
    "property.duplicate": _error("Use each propertyGroupKey and propertyValue once in its list."),
    "list.duplicate": _error("Send each id once in the list."),
    "tree.parent": _error("Repeat the ids of the enclosing objects, or leave them out."),
    "tree.copy": _warning("Send the same data each time an id is repeated; only the first record counts."),
    "tree.depth": _error("Nest fewer modifier groups."),
    "tree.cycle": _error("Break the circle: a group can not be reached from its own add-ons."),
    "rule.scene": _error("Use one of the documented scenes for this kind of object, each once."),
    "rule.data": _error("Send ruleData as JSON text of the shape that the scene documents."),
    "rule.never": _warning("Check the days and times; this rule never applies."),
    "content.value": _error('Send TEXT as JSON text of {"value": {"en-US": "…"}}, IMAGE as the picture\'s address.'),
    "content.scene": _warning("Use ANNOUNCEMENT or DESCRIPTION for texts; others are not kept."),
    "schedule.zone": _error("Write the times of serviceSchedules with their offset, such as 10:00+08:00."),
    "item.sale": _error("A category holds SINGLE items, a modifier group ADDON items."),
    "item.currency": _error("Send the currency with the first item of a store: beside saleAmount, or inside it."),
    "menu.type": _error("A store has one menu of each type, hidden ones counted, and a menu keeps its type."),
    "share.differs": _error("Give the objects of the two stores ids of their own, or make them alike before sharing."),
    "text.language": _warning("Send a language tag such as en, zh_cn or zh-CN; nobody can ask for another."),
    "update.empty": _error("Required fields can not be cleared; send a new value or leave the member out."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a message: where (`products[3].name`), which rule, and the cause in words."""

    path: str
    rule: str
    cause: str

    @property
    def is_error(self) -> bool:
        """Whether this finding refuses the request."""
        return RULES[self.rule].error

    @property
    def advice(self) -> str:
        """What the sender should do."""
        return RULES[self.rule].advice

    @property
    def sentence(self) -> str:
        """Path and cause on one line, as a result message shows them."""
        return f"{self.path}: {self.cause}" if self.path else self.cause

    def under(self, prefix: str) -> Finding:
        """Return the same finding as seen from an enclosing object."""
        if not self.path:
            return Finding(prefix, self.rule, self.cause)
        dot = "" if self.path.startswith("[") else "."
        return Finding(f"{prefix}{dot}{self.path}", self.rule, self.cause)


class Findings:
    """Different findings in the order in which they came, the first so many: a message may be wrong in millions of places.

    `rules` are those of all.
    """

    def __init__(self, most: int) -> None:
        self.rules: set[str] = set()
        self._most = most
        self._found: dict[Finding, None] = {}

    def add(self, *found: Finding) -> None:
        """Take in findings, each once."""
        for one in found:
            self.rules.add(one.rule)
            if len(self._found) < self._most:
                self._found[one] = None

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)


def some_of(found: Iterable[Finding], most: int) -> list[Finding]:
    """Return the first errors and the first doubts, at most so many of each; behind the last of the errors nothing is looked at."""
    some: list[Finding] = []
    left = {True: most, False: most}
    for one in found:
        if left[one.is_error]:
            left[one.is_error] -= 1
            some.append(one)
        if not left[True]:
            break
    return some
