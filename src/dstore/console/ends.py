"""When something a merchant does ends: the choices of the forms, and the end of a store's business day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from dstore.storefront import pds_menu, pos_menu
from dstore.storefront.reading import read_front
from dstore.storefront.resolving import zone_name
from dstore.storefront.standing import Offered, openings
from dstore.storefront.zones import zone_of
from dstore.web.languages import marked

if TYPE_CHECKING:
    from datetime import tzinfo

    from dstore.console.visits import Visit
    from dstore.storefront.decoded import Store

CHOICES = {
    "30m": marked("30 minutes"),
    "day": marked("End of the day"),
    "time": marked("A time"),
    "open": marked("Until I say"),
}
LONGEST = timedelta(days=366)
_SHORT = timedelta(minutes=30)
_DAY_TURNS = time(5)
_LATE = timedelta(hours=7)
_DAYS_AHEAD = timedelta(days=15)


class EndError(Exception):
    """The form names no end, or one that is past or too far ahead."""


class Front(NamedTuple):
    """A store as one looks at it from outside, without its menu, and the zone of its clock."""

    store: Store
    zone: tzinfo
    zone_name: str
    pos_zone: str


async def front(visit: Visit) -> Front:
    """Return the store of a visit; LookupError when it is gone meanwhile."""
    public_id, pos_zone = visit.store.public_id, visit.platform.settings.default_zone
    store = await visit.read(lambda reading: read_front(reading, public_id))
    if store is None:
        raise LookupError(f"no store {public_id}")
    name = zone_name(store, pos_zone)
    return Front(store, zone_of(name), name, pos_zone)


def read_end(visit: Visit, one: Front) -> datetime | None:
    """Return the end that a form chose; None: until somebody says so. Raises EndError."""
    chosen, now = visit.field("until", 10), visit.now
    if chosen == "30m":
        return (now + _SHORT).replace(microsecond=0)
    if chosen == "day":
        return end_of_day(one, now)
    if chosen == "open":
        return None
    try:
        written = datetime.fromisoformat(visit.field("at", 40))
        end = (written if written.tzinfo else written.replace(tzinfo=one.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise EndError from None
    if chosen != "time" or not now < end <= now + LONGEST:
        raise EndError
    return end


def end_of_day(one: Front, now: datetime) -> datetime:
    """Return the end of the present business day: the opening of the next one, or midnight for a store that never closes.

    A business day belongs to the date on which it begins, even if it runs past midnight.
    """
    local = now.astimezone(one.zone)
    turn = datetime.combine(local.date(), _DAY_TURNS, one.zone)
    if turn <= local:
        turn = datetime.combine(local.date() + timedelta(days=1), _DAY_TURNS, one.zone)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), one.zone)
    for start, end in openings(_by_hours_alone(one), "PICKUP", now, now + _DAYS_AHEAD):
        if end <= turn or (start <= now and end <= turn + _LATE):
            continue
        return (midnight if start <= now else start).astimezone(UTC)
    return midnight.astimezone(UTC)


def _by_hours_alone(one: Front) -> Offered:
    """Return the store's terms as if nobody had closed it, and no service had hours of its own."""
    given = pos_menu.offered(one.store, one.pos_zone) if one.store.feed == "pos" else pds_menu.offered(one.store)
    return Offered([replace(terms, status="OPEN", is_gone=False, not_for=frozenset()) for terms in given.terms])
