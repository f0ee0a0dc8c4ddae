"""Value objects of the POS family and those shared by both: amounts, quantity rules, the message base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from dstore.findings import Finding
from dstore.vocabulary import fields
from dstore.vocabulary.limits import most

if TYPE_CHECKING:
    from collections.abc import Iterator


class Value(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """A part of a message: names are camelCase on the wire, absent members stay absent."""


class Message(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """What a call carries. `check` yields what types alone can not say, warnings included."""

    def check(self) -> Iterator[Finding]:
        """Yield the findings of this message's own rules."""
        yield from ()


class Amount(Value, frozen=True, gc=False):
    """An amount of money of the POS family."""

    currency: fields.Currency
    value: fields.AmountValue


class QuantityRule(Value, frozen=True, gc=False):
    """How few and how many may be chosen."""

    min: fields.Quantity
    max: fields.Quantity

    def check(self, path: str) -> Iterator[Finding]:
        """A rule whose minimum is above its maximum can not be kept."""
        if self.min > self.max:
            yield Finding(path, "quantity.order", f"min {self.min} is above max {self.max}")


def extend_info_findings(info: fields.ExtendInfo | UnsetType, path: str) -> Iterator[Finding]:
    """Measure extendInfo as the pages count it: characters of its compact JSON."""
    if info is not UNSET:
        length, limit = len(msgspec.json.encode(info).decode()), most("extend_info")
        if length > limit:
            yield Finding(path, "extend.length", f"has {length:,} characters as JSON, at most {limit:,} are allowed")
