"""Syncs: every call that touched a store, what it changed, and the way back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from starlette.exceptions import HTTPException

from dstore.catalog import entries, stores, undo
from dstore.catalog.replacement import Replacement
from dstore.catalog.stores import StoreKey
from dstore.clock import from_milliseconds
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.sync_changes import changes
from dstore.console.visits import Notice
from dstore.protocol.calls import Call
from dstore.protocol.envelope import Caller
from dstore.requestlog import searching
from dstore.requestlog.searching import Found, Wanted
from dstore.web.forms import number
from dstore.web.languages import marked
from dstore.work import Work

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.catalog.undo import Step
    from dstore.console.stores import StoreLine
    from dstore.console.visits import Desk, Visit
    from dstore.storage.port import Database, Reading

PAGE = 30
MOST_CALLS = 100
MOST_SHOWN = 300
NEWEST = (1 << 31) - 1
RESTORE = "console: restore"
DEEDS = {"added": marked("Added"), "changed": marked("Changed"), "removed": marked("Removed")}


class Sync(NamedTuple):
    """A line of the list: a change from the history, or a call that changed nothing. `what` is the history's word."""

    at: int
    api: str
    version: int
    request_id: str
    what: dict[str, Any]
    call: Found | None
    can_restore: bool


async def show(visit: Visit) -> Response:
    """Show what touched the store, newest first."""
    await visit.platform.calls.flush()
    store, before = visit.store, visit.number("before")
    found = await asyncio.to_thread(visit.platform.database.read_now, lambda reading: _page(reading, store, before))
    versions = [sync.version for sync in found if sync.version]
    more = versions[-2] if len(versions) > PAGE else 0
    shown = [sync for sync in found if not more or sync.version != versions[-1]]
    return visit.page("console/syncs.html", syncs=shown, more=more)


def _page(reading: Reading, store: StoreLine, before: int) -> list[Sync]:
    """Return the changes of a page and one more, and between them the calls that changed nothing."""
    rows = reading.rows(
        "select version, at, api, request_id, what from history where store_id = ? and version < ?"
        " order by version desc limit ?",
        (store.id, before or NEWEST, PAGE + 1),
    )
    kept = undo.kept_versions(reading, store.id)
    until = 0
    if before:
        row = reading.row("select at from history where store_id = ? and version = ?", (store.id, before))
        until = int(row[0]) if row else 0
    since = int(rows[-1][1]) if len(rows) > PAGE else 0
    calls = searching.search(reading, Wanted(store_id=store.id, since=since, until=until), MOST_CALLS)
    by_version = {
        version: call for call in calls for store_id, version in call.stores if store_id == store.id and version
    }
    found = [
        Sync(int(at), api, int(version), request_id, msgspec.json.decode(bytes(what)), by_version.get(version), version in kept)
        for version, at, api, request_id, what in rows
    ]  # fmt: skip
    changed = set(by_version.values())
    found += [
        Sync(call.head.at, call.head.api, 0, call.head.request_id, {}, call, False)
        for call in calls
        if call not in changed
    ]
    return sorted(found, key=lambda sync: (sync.at, sync.version), reverse=True)


async def detail(visit: Visit) -> Response:
    """Show what one change did."""
    store, version = visit.store, visit.request.path_params["version"]
    if not version.isdecimal() or len(version) > 9:  # noqa: PLR2004 - a version is a 32-bit number
        raise HTTPException(404)
    looked = await asyncio.to_thread(
        visit.platform.database.read_now, lambda reading: _look(reading, store, int(version))
    )
    if looked is None:
        raise HTTPException(404)
    sync, steps = looked
    found = None if steps is None else changes(steps)
    counts = {deed: sum(one.deed == deed for one in found or ()) for deed in DEEDS}
    return visit.page(
        "console/sync.html",
        sync=sync,
        found=None if found is None else found[:MOST_SHOWN],
        left_out=max(len(found or ()) - MOST_SHOWN, 0),
        counts=counts,
        deeds=DEEDS,
    )


def _look(reading: Reading, store: StoreLine, version: int) -> tuple[Sync, list[Step] | None] | None:
    row = reading.row(
        "select at, api, request_id, what from history where store_id = ? and version = ?", (store.id, version)
    )
    if row is None:
        return None
    at = int(row[0])
    # A call is noted when it has been answered, up to its own time limit after its change.
    calls = searching.search(reading, Wanted(store_id=store.id, since=at, until=at + 120_000), MOST_CALLS)
    call = next((one for one in calls if (store.id, version) in one.stores), None)
    steps = undo.steps(reading, store.id, store.tree, version)
    what = msgspec.json.decode(bytes(row[3]))
    return Sync(at, row[1], version, row[2], what, call, steps is not None), steps


async def restore(visit: Visit) -> Response:
    """Put the catalogue back as it was before a change, as a new version."""
    store, version = visit.store, min(number(visit.form, "version"), NEWEST)
    back = f"{store.path}/syncs"
    what = {"change": "restore", "before": version, "by": visit.user.login}
    replacement = await asyncio.to_thread(_prepared, visit.platform.database, store, version, what)
    if replacement is None:
        text = visit.say("The catalogue before this sync is no longer kept.")
        return visit.go(back, Notice(text, tone="bad"))
    made = await visit.write(lambda desk: _put_back(desk, store, replacement))
    if not made:
        return visit.go(back, Notice(visit.say("The catalogue is as it was before this sync already.")))
    text = visit.say("The catalogue is as it was before the sync.")
    undoing = {"version": str(made)}
    return visit.go(back, Notice(text, undo=f"{back}/restore", fields=undoing))


def _prepared(database: Database, store: StoreLine, version: int, what: dict[str, Any]) -> Replacement | None:
    """Work out ahead of the transaction what has to be written."""

    def wanted(reading: Reading) -> list[entries.Entry] | None:
        then = undo.before(reading, store.id, store.tree, version)
        return None if then is None else undo.wanted_again(entries.stored(reading, store.tree), then)

    found = database.read_now(wanted)
    if found is None:
        return None
    key = StoreKey(store.feed, store.account, store.ref)
    replacement = Replacement(key, None, found, what)
    replacement.prepare(database, stores.find_now(database, store.partner_id, key))
    return replacement


def _put_back(desk: Desk, store: StoreLine, replacement: Replacement) -> int:
    """Write the earlier catalogue; return the version that this made, or 0 when nothing differs."""
    caller = Caller(store.partner_id, "", 0)
    call = Call(caller, RESTORE, "", False, b"", "", from_milliseconds(desk.now))
    work = Work(desk.transaction, call, may_claim=False)
    held = stores.lock(work, replacement.key)
    if held is None:
        raise HTTPException(404)
    replacement.apply(work, held, tombstones=not store.is_pos)
    made = work.stores.get(store.id, 0)
    if made:
        desk.note(store.id, "restore the catalogue", version=made)
    return made


PAGES = [
    Page("/console/stores/{store}/syncs", Action.SEE_SYNCS, show),
    Page("/console/stores/{store}/syncs/restore", Action.RESTORE_SYNC, restore, "POST"),
    Page("/console/stores/{store}/syncs/{version}", Action.SEE_SYNCS, detail),
]
