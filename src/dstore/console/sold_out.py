"""Sold out: products and options of either feed, marked until a moment or until somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from dstore.catalog.merchant import photos, sold_out
from dstore.clock import milliseconds
from dstore.console import ends
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.sellable import things
from dstore.console.visits import Notice
from dstore.web import forms
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.catalog.merchant.sold_out import Mark, Thing
    from dstore.console.sellable import Sellable
    from dstore.console.visits import Desk, Visit

PAGE = 100
REASONS = {
    "ran-out": marked("Ran out"),
    "kitchen": marked("Kitchen problem"),
    "today": marked("Not today"),
    "other": marked("Another reason"),
}
FILTERS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": (marked("All"), lambda _row: True),
    "off": (marked("Sold out now"), lambda row: row.mark is not None or row.one.is_fed_sold_out),
    "mine": (marked("Marked by you"), lambda row: row.mark is not None),
    "fed": (marked("Sold out at the source"), lambda row: row.one.is_fed_sold_out),
}
KINDS = {"": marked("Products and options"), "product": marked("Products"), "option": marked("Options")}
_path = "/console/stores/{store}/sold-out"


class Row(NamedTuple):
    """A row of the list: a thing, and the mark that stands on it."""

    one: Sellable
    mark: Mark | None


class Listing(NamedTuple):
    """One page of the list, how many rows fit, and how many of every filter."""

    rows: list[Row]
    total: int
    counts: dict[str, int]


async def show(visit: Visit) -> Response:
    """Show a page of what the store sells, with what the feed and the merchant say of each."""
    store = visit.store
    found = await visit.read(lambda reading: things(visit, reading))
    marks = await visit.read(visit.marks)
    asked = {"filter": visit.query("filter"), "kind": visit.query("kind"), "q": visit.query("q", 100)}
    number = max(1, visit.number("page"))
    one = await ends.front(visit)
    return visit.page(
        "console/sold-out.html", listing=listed(found, marks, asked, number), asked=asked, number=number, photo=photos.address,
        filters=FILTERS, kinds=KINDS, reasons=REASONS, choices=ends.CHOICES, zone=one.zone,
        end_of_day=ends.end_of_day(one, visit.now), here=_address(store.path, asked, number), at=visit.now,
    )  # fmt: skip


def listed(found: list[Sellable], marks: dict[Thing, Mark], asked: dict[str, str], number: int) -> Listing:
    """Return one page of the things that fit; words are looked for in names and ids. Pure."""
    words, kind = asked["q"].casefold(), asked["kind"]
    rows = [
        Row(one, marks.get(one.thing))
        for one in found
        if (not kind or one.is_option == (kind == "option")) and (not words or words in one.words.casefold())
    ]
    counts = {name: sum(map(fits, rows)) for name, (_, fits) in FILTERS.items()}
    fits = FILTERS.get(asked["filter"], FILTERS[""])[1]
    fitting = [row for row in rows if fits(row)]
    return Listing(fitting[(number - 1) * PAGE : number * PAGE], len(fitting), counts)


def _address(store_path: str, asked: dict[str, str], number: int) -> str:
    given = {**asked, "page": str(number) if number > 1 else ""}
    query = urlencode({name: text for name, text in given.items() if text})
    return f"{store_path}/sold-out" + (f"?{query}" if query else "")


async def change(visit: Visit) -> Response:
    """Mark what was chosen, or take its marks away; several things at once, or the one whose button was pressed."""
    store, back = visit.store, visit.field("back", 1000)
    back = back if back.startswith(f"{store.path}/sold-out") else f"{store.path}/sold-out"
    act, _, single = visit.field("act", 400).partition("|")
    chosen = {single} if single else set(forms.texts(visit.form, "thing", 400))
    known = await visit.read(lambda reading: things(visit, reading))
    picked = [one for one in known if one.value in chosen][: sold_out.MOST_AT_ONCE]
    if not picked:
        return visit.go(back, Notice(visit.say("Choose products or options first"), "bad"))
    if act == "clear":
        return await _done(visit, picked, back, _clear(visit, picked), _said_clear(visit, picked))
    try:
        until = ends.read_end(visit, await ends.front(visit))
    except ends.EndError:
        return visit.go(back, Notice(visit.say("Choose a time that is still to come, within a year"), "bad"))
    job = _mark(visit, picked, None if until is None else milliseconds(until))
    return await _done(visit, picked, back, job, _said_mark(visit, picked))


def _mark(visit: Visit, picked: list[Sellable], until: int | None) -> Callable[[Desk], int]:
    reason = visit.field("reason", 20)
    reason = reason if reason in REASONS else "other"

    def job(desk: Desk) -> int:
        names = [one.thing for one in picked]
        desk.note(visit.store.id, "sold out", things=[one.key for one in picked], reason=reason, until=until)
        return sold_out.mark(desk, visit.store.id, names, reason, until, desk.login)

    return job


def _clear(visit: Visit, picked: list[Sellable]) -> Callable[[Desk], int]:
    def job(desk: Desk) -> int:
        desk.note(visit.store.id, "back on sale", things=[one.key for one in picked])
        return sold_out.clear(desk, visit.store.id, [one.thing for one in picked], desk.login)

    return job


def _said_mark(visit: Visit, picked: list[Sellable]) -> str:
    if len(picked) == 1:
        return visit.say("%(name)s is sold out", name=picked[0].name)
    return visit.say_many("%(num)s thing is sold out", "%(num)s things are sold out", len(picked))


def _said_clear(visit: Visit, picked: list[Sellable]) -> str:
    if len(picked) > 1:
        return visit.say_many("%(num)s thing is no longer marked", "%(num)s things are no longer marked", len(picked))
    if picked[0].is_fed_sold_out:
        return visit.say("Your mark is gone; the source still says %(name)s is sold out", name=picked[0].name)
    return visit.say("%(name)s is back on sale", name=picked[0].name)


async def _done(visit: Visit, picked: list[Sellable], back: str, job: Callable[[Desk], int], said: str) -> Response:
    act = await visit.write(job)
    said = said if len(picked) > 1 else said[:300]
    undo = {"act": str(act), "back": back}
    return visit.go(back, Notice(said, undo=f"{visit.store.path}/sold-out/undo", fields=undo))


async def undo(visit: Visit) -> Response:
    """Take one's own last act back."""
    store, back = visit.store, visit.field("back", 1000)
    act = forms.number(visit.form, "act")

    def job(desk: Desk) -> bool:
        done = sold_out.undo(desk, store.id, act, desk.login)
        if done:
            desk.note(store.id, "sold out undone", act=act)
        return done

    if await visit.write(job):
        return visit.go(back or f"{store.path}/sold-out", Notice(visit.say("Undone")))
    said = visit.say("This can not be undone any more")
    return visit.go(back or f"{store.path}/sold-out", Notice(said, "bad"))


PAGES = [
    Page(_path, Action.MARK_SOLD_OUT, show),
    Page(_path, Action.MARK_SOLD_OUT, change, "POST"),
    Page(f"{_path}/undo", Action.MARK_SOLD_OUT, undo, "POST"),
]
