"""Requests: every signed call, and why it failed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from dstore import partners
from dstore.clock import milliseconds
from dstore.console.clinic import diagnosis
from dstore.console.curling import as_curl
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.findings import RULES, Finding
from dstore.requestlog import searching
from dstore.requestlog.answers import with_answer
from dstore.requestlog.searching import Wanted
from dstore.results import Code
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from dstore.console.visits import Visit
    from dstore.requestlog.records import Text
    from dstore.requestlog.searching import Found
    from dstore.storage.port import Reading

PAGE = 50
LONGEST_SHOWN = 64 * 1024
HOURS = {"1": marked("Last hour"), "24": marked("Last 24 hours"), "168": marked("Last 7 days"), "": marked("Any time")}
VERDICTS = {"new": marked("New"), "replay": marked("Repeated"), "changed": marked("Repeated, another body")}


async def show(visit: Visit) -> Response:
    """Show the newest calls that are as wanted."""
    await visit.platform.calls.flush()
    wanted, before = await _wanted(visit), visit.query("before", 40)
    # Searching reads and compares thousands of rows: not on the event loop.
    database = visit.platform.database
    found = await asyncio.to_thread(
        database.read_now, lambda reading: searching.search(reading, wanted, PAGE + 1, before)
    )
    shown = found[:PAGE]
    stores = await visit.read(lambda reading: store_names(reading, shown))
    return visit.page(
        "console/requests.html",
        found=shown,
        more=shown[-1].id if len(found) > PAGE else "",
        stores=stores,
        given={name: visit.query(name) for name in ("partner", "api", "code", "request", "store", "hours", "only")},
        apis=visit.platform.calls.apis,
        codes=list(Code),
        hours=HOURS,
        verdicts=VERDICTS,
        is_on=visit.platform.calls.log is not None,
        is_filtered=wanted != Wanted(),
    )  # fmt: skip


async def _wanted(visit: Visit) -> Wanted:
    named = visit.query("store")
    store_id = 0
    if named:
        row = await visit.platform.database.peek(
            "select id from store where (public_id = ? or ref = ?) and feed <> 'shelf'", (named, named)
        )
        store_id = -1 if row is None else int(row[0])
    hours = visit.query("hours")
    since = milliseconds(visit.now - timedelta(hours=int(hours))) if hours in HOURS and hours else 0
    return Wanted(
        client_id=visit.query("partner"),
        api=visit.query("api"),
        code=visit.query("code"),
        request_id=visit.query("request"),
        store_id=store_id,
        since=since,
        doubtful=visit.query("only") == "doubtful",
    )


def store_names(reading: Reading, found: Iterable[Found]) -> dict[int, tuple[str, str]]:
    """Return public id and the partner's own id of the stores that calls touched."""
    names: dict[int, tuple[str, str]] = {}
    for store_id in {one for call in found for one, _ in call.stores}:
        row = reading.row("select public_id, ref from store where id = ? and feed <> 'shelf'", (store_id,))
        if row is not None:
            names[store_id] = (row[0], row[1])
    return names


async def detail(visit: Visit) -> Response:
    """Show a call as it went over the wire, with everything that can be said about it."""
    call, text = await _read(visit)
    stores = await visit.read(lambda reading: store_names(reading, [call]))
    verdict = None
    if call.head.code == Code.INVALID_SIGNATURE.name and text.whole:
        verdict = await diagnosis(visit.platform, call.head.client_id, text)
    dry = await dry_run(visit, call, text) if visit.query("dry") else None
    return visit.page(
        "console/request.html",
        call=call,
        text=text,
        stores=stores,
        code=Code[call.head.code],
        findings=[_finding(*one) for one in text.findings],
        rules=RULES,
        verdict=verdict,
        dry=dry,
        dry_possible=text.whole and call.head.direction == "in" and call.head.api in visit.platform.calls.family,
        verdicts=VERDICTS,
        body=shown(text.body),
        curl=as_curl(str(visit.request.base_url).rstrip("/"), text),
    )


async def _read(visit: Visit) -> tuple[Found, Text]:
    name = visit.request.path_params["request"]
    found = await visit.read(lambda reading: searching.read(reading, name))
    if found is None:
        raise HTTPException(404)
    keys = await visit.read(partners.platform_keys)
    return found[0], with_answer(found[0].head, found[1], keys)


async def dry_run(visit: Visit, call: Found, text: Text) -> list[Finding] | None:
    """Return everything the dry run says of a call's body; nothing of it is stored."""
    if not text.whole:
        return None
    return await asyncio.to_thread(visit.platform.calls.findings, call.head.api, text.body)


def _finding(path: str, rule: str, cause: str) -> Finding:
    # The rule of an older program may be gone; what it found is still worth reading.
    return Finding(path, rule if rule in RULES else "type.value", cause)


def shown(body: bytes) -> tuple[str, int]:
    """Return the beginning of a body as text, and how many bytes are left out."""
    return body[:LONGEST_SHOWN].decode("utf-8", "replace"), max(len(body) - LONGEST_SHOWN, 0)


PAGES = [
    Page("/console/requests", Action.SEE_REQUESTS, show),
    Page("/console/requests/{request}", Action.SEE_REQUESTS, detail),
]
