"""Hours and closing: the week, each service's own, dates with other hours, and closing for a while."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from dstore.catalog.merchant import settings
from dstore.catalog.merchant.settings import SERVICES, Closing, DayException
from dstore.catalog.moments import read_moment
from dstore.catalog.schedules.serving import open_at
from dstore.console import ends, service_forms, setting, weekly
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.storefront.pages.week import weeks
from dstore.storefront.questions import NOW
from dstore.storefront.resolving import look
from dstore.web.languages import language_of, marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.catalog.merchant.settings import ServiceName, StoreSettings
    from dstore.console.ends import Front
    from dstore.console.visits import Visit
    from dstore.storage.port import Reading

DAY_NAMES = {
    "MONDAY": marked("Monday"),
    "TUESDAY": marked("Tuesday"),
    "WEDNESDAY": marked("Wednesday"),
    "THURSDAY": marked("Thursday"),
    "FRIDAY": marked("Friday"),
    "SATURDAY": marked("Saturday"),
    "SUNDAY": marked("Sunday"),
}
NAMES = {
    "": marked("Opening hours"),
    "DINEIN": marked("Dine-in"),
    "PICKUP": marked("Pickup"),
    "DELIVERY": marked("Delivery"),
}
REASONS = {
    "busy": marked("Too busy"),
    "kitchen": marked("Kitchen problem"),
    "staff": marked("Short of staff"),
    "event": marked("Private event"),
    "other": marked("Another reason"),
}
_FORMS: dict[str, Callable[[Visit, StoreSettings, str], None]] = {
    "PICKUP": service_forms.read_pickup,
    "DINEIN": service_forms.read_dine_in,
    "DELIVERY": service_forms.read_delivery,
}
YEARS_AHEAD = timedelta(days=2 * 366)
_path = "/console/stores/{store}/hours"


async def show(visit: Visit) -> Response:
    """Show how the store stands, and the hours of the store or of a service as a form; what is fed only to be read."""
    store, chosen = visit.store, visit.query("for", 10)
    chosen = chosen if chosen in NAMES else ""
    one = await ends.front(visit)
    _, said = await visit.read(lambda reading: settings.kept(reading, store.id))
    own = said.hours if not chosen else said.service_hours.get(_named(chosen), UNSET)
    return visit.page(
        "console/hours.html", chosen=chosen, names=NAMES, said=said, own=own, days=weekly.days_of(own if own is not UNSET else said.hours),
        kinds=weekly.KINDS, day_names=DAY_NAMES, choices=ends.CHOICES, reasons=REASONS, forms=service_forms,
        currency=await currency(visit), upcoming=_upcoming(said, one, visit), moment=read_moment, at=visit.now, day=date.fromisoformat,
        **_standing(visit, one),
    )  # fmt: skip


def _standing(visit: Visit, one: Front) -> dict[str, Any]:
    """Return how the store stands now, and what the feed alone says of it."""
    now, info = visit.now, one.store.top.info
    seen = look(one.store, NOW._replace(languages=(language_of(visit.request),)), now, one.pos_zone)
    status = info.status if visit.store.is_pos else info.store_status
    until = getattr(info, "closing_end_time", UNSET)
    fed = open_at(status, until, now)
    today = now.astimezone(one.zone).date()
    services = [service.type for service in seen.card.services] or ["PICKUP"]
    return {
        "card": seen.card,
        "zone": one.zone,
        "zone_name": one.zone_name,
        "end_of_day": ends.end_of_day(one, now),
        "fed_closed": not fed.value,
        "fed_end": fed.until,
        "today": today,
        "fed_weeks": weeks(one.store, services[:1], one.zone, today, one.pos_zone) if not visit.store.is_pos else [],
    }


def _upcoming(said: StoreSettings, one: Front, visit: Visit) -> list[DayException]:
    yesterday = visit.now.astimezone(one.zone).date() - timedelta(days=1)
    return [day for day in said.exceptions if date.fromisoformat(day.date) >= yesterday]


async def currency(visit: Visit) -> str:
    """Return the currency a store sells in; empty while nothing has a price."""
    if not visit.store.is_pos:
        return ""

    def first(reading: Reading) -> str:
        lines = visit.platform.surveys.survey(reading, visit.store).lines.values()
        return next((line.product.price.currency for line in lines if line.product.price is not UNSET), "")

    return await visit.read(first)


def _named(name: str) -> ServiceName:
    """Return a service by its name; KeyError for none."""
    return {one: one for one in SERVICES}[name]  # type: ignore[index]


def _address(visit: Visit, chosen: str) -> str:
    return f"{visit.store.path}/hours" + (f"?for={chosen}" if chosen in NAMES and chosen else "")


async def save(visit: Visit) -> Response:
    """Keep the form: the store's week, or a service's settings with its own week."""
    chosen = visit.field("for", 10)
    chosen = chosen if chosen in NAMES else ""
    copied = visit.field("act", 20).removeprefix("copy:") if visit.field("act", 20).startswith("copy:") else ""
    copied = copied if copied in weekly.DAYS else ""
    money = await currency(visit)
    try:
        week = UNSET if visit.field("week", 10) == "as-store" else weekly.read_week(visit, copied)
        if chosen:  # tried on a spare document first: a transaction is no place to find out what is wrong
            _FORMS[chosen](visit, settings.StoreSettings(), money)
    except (weekly.HoursError, service_forms.FormError) as fault:
        return setting.refused(visit, _address(visit, chosen), str(fault))

    def change(said: StoreSettings) -> None:
        if not chosen:
            said.hours = week
            return
        name = _named(chosen)
        _FORMS[name](visit, said, money)
        is_on = visit.field("on", 1) == "1"
        said.services = tuple(one for one in SERVICES if (is_on if one == name else one in said.services))
        said.service_hours.pop(name, None)
        if week is not UNSET:
            said.service_hours[name] = week

    said = visit.say("Copied to all days") if copied else visit.say("Saved: it holds from now on")
    return await setting.changed(visit, _address(visit, chosen), said, "hours", change, of=chosen or "store")


async def copy_to_services(visit: Visit) -> Response:
    """Give every service that is on hours of its own: the store's."""

    def change(said: StoreSettings) -> None:
        for name in said.services:
            if said.hours is UNSET:
                said.service_hours.pop(name, None)
            else:
                said.service_hours[name] = said.hours

    return await setting.changed(
        visit, _address(visit, ""), visit.say("Every service has the store's hours now"), "hours copied", change
    )


async def close(visit: Visit) -> Response:
    """Close the store for a while, or until somebody opens it."""
    back, one = _address(visit, ""), await ends.front(visit)
    try:
        end = ends.read_end(visit, one)
    except ends.EndError:
        return setting.refused(visit, back, marked("Choose a time that is still to come, within a year"))
    reason = visit.field("reason", 20)
    closing = Closing(
        visit.now.astimezone(one.zone).isoformat(timespec="seconds"), reason if reason in REASONS else "other"
    )
    if end is not None:
        closing.until = end.astimezone(one.zone).isoformat()

    def change(said: StoreSettings) -> None:
        said.closing = closing

    said = visit.say("The store takes no orders now")
    until = None if end is None else closing.until
    return await setting.changed(visit, back, said, "closed", change, reason=closing.reason, until=until)


async def reopen(visit: Visit) -> Response:
    """End a temporary closing."""

    def change(said: StoreSettings) -> None:
        said.closing = UNSET

    return await setting.changed(visit, _address(visit, ""), visit.say("Your closing is over"), "opened", change)


async def add_exception(visit: Visit) -> Response:
    """Let other hours hold on a date, or none, in place of what was said of the date before."""
    back, one = _address(visit, ""), await ends.front(visit)
    today = visit.now.astimezone(one.zone).date()
    try:
        day = date.fromisoformat(visit.field("date", 10))
        periods = weekly.read_periods(visit, "holiday-")
    except weekly.HoursError as fault:
        return setting.refused(visit, back, str(fault))
    except ValueError:
        return setting.refused(visit, back, marked("Choose a date"))
    if not today <= day <= today + YEARS_AHEAD:
        return setting.refused(visit, back, marked("Choose a date from today on, within two years"))
    new = DayException(day.isoformat(), visit.field("name", 60), periods)

    def change(said: StoreSettings) -> None:
        others = [old for old in said.exceptions if old.date != new.date and date.fromisoformat(old.date) >= today]
        said.exceptions = sorted([*others, new][-settings.MOST_EXCEPTIONS :], key=lambda old: old.date)

    said = visit.say("Saved: it holds from now on")
    return await setting.changed(visit, back, said, "holiday", change, date=new.date, closed=not periods)


async def remove_exception(visit: Visit) -> Response:
    """Let the usual hours hold on a date again."""
    gone = visit.field("date", 10)

    def change(said: StoreSettings) -> None:
        said.exceptions = [one for one in said.exceptions if one.date != gone]

    return await setting.changed(
        visit, _address(visit, ""), visit.say("The usual hours hold again"), "holiday removed", change, date=gone
    )


PAGES = [
    Page(_path, Action.SET_HOURS, show),
    Page(_path, Action.SET_HOURS, save, "POST", pos_only=True),
    Page(f"{_path}/services", Action.SET_HOURS, copy_to_services, "POST", pos_only=True),
    Page(f"{_path}/close", Action.SET_HOURS, close, "POST"),
    Page(f"{_path}/open", Action.SET_HOURS, reopen, "POST"),
    Page(f"{_path}/dates", Action.SET_HOURS, add_exception, "POST", pos_only=True),
    Page(f"{_path}/dates/remove", Action.SET_HOURS, remove_exception, "POST", pos_only=True),
]
