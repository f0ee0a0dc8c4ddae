"""What a rule engine answers: a value, the rule that decides it, and until when both hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

T = TypeVar("T")


class Verdict(NamedTuple, Generic[T]):
    """What holds at a moment.

    `rule` is the path of the rule that decides, relative to the thing it is about, such as
    `businessRules[0].ruleData[2]`; None: no rule applies and the base value holds. `until` is the
    next moment (UTC) at which value or rule are others; None: never.
    """

    value: T
    rule: str | None
    until: datetime | None


class Timed(Protocol[T]):
    """Rules of one kind, read and made ready to be asked about any moment."""

    def at(self, zone: tzinfo, at: int) -> Verdict[T]:
        """Return what holds at a moment (microseconds since 1970)."""
        ...


def earliest(untils: Iterable[datetime | None]) -> datetime | None:
    """Return the first of several moments; None stands for never."""
    return min((until for until in untils if until is not None), default=None)
