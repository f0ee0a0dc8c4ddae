"""When a store's ways of ordering are open, on each of the next seven days. Pure functions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, cast

from dstore.storefront import pds_menu, pos_menu
from dstore.storefront.standing import openings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from dstore.catalog.schedules.serving import Service as Name
    from dstore.storefront.decoded import Store

DAYS = 7
_DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """A stretch in the store's zone; `is_whole_day` where it has neither beginning nor end on the day."""

    start: datetime
    end: datetime
    is_whole_day: bool


class Row(NamedTuple):
    """The stretches that begin on a day."""

    day: date
    stretches: tuple[Stretch, ...]


class Week(NamedTuple):
    """The ways of ordering that share their hours, and these."""

    services: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_always(self) -> bool:
        """Whether it is open all of every day."""
        return all(row.stretches and row.stretches[0].is_whole_day for row in self.rows)


def weeks(store: Store, services: Sequence[str], zone: tzinfo, today: date, pos_zone: str) -> list[Week]:
    """Return the hours from today on; ways of ordering with the same hours stand together."""
    offered = pos_menu.offered(store, pos_zone) if store.feed == "pos" else pds_menu.offered(store)
    # One that began yesterday is not today's.
    first = datetime.combine(today - _DAY, time(), zone)
    last = datetime.combine(today + DAYS * _DAY, time(), zone)
    known: dict[tuple[Row, ...], list[str]] = {}
    for name in services:
        found = [
            (start.astimezone(zone), end.astimezone(zone))
            for start, end in openings(offered, cast("Name", name), first, last)
        ]
        days = {day: tuple(_on(day, found, zone)) for day in (today + number * _DAY for number in range(DAYS))}
        known.setdefault(tuple(Row(day, its) for day, its in days.items()), []).append(name)
    return [Week(tuple(names), rows) for rows, names in known.items()]


def _on(day: date, found: Sequence[tuple[datetime, datetime]], zone: tzinfo) -> Iterator[Stretch]:
    begin = datetime.combine(day, time(), zone)
    following = datetime.combine(day + _DAY, time(), zone)
    for start, end in found:
        if start <= begin and end >= following:
            yield Stretch(begin, following, is_whole_day=True)
        elif start.date() == day:
            yield Stretch(start, end, is_whole_day=False)
        elif start < begin < end and end - start > _DAY:
            # The last day of a stretch of several.
            yield Stretch(begin, end, is_whole_day=False)
