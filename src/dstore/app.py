"""Composition root: settings, database, door, storefront, one ASGI application."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dstore import apis, settings
from dstore.catalog import trees, undo
from dstore.catalog.merchant import unused_photos
from dstore.clock import SystemClock, milliseconds
from dstore.console import routes as console
from dstore.console.calls import Calls
from dstore.console.visits import Platform
from dstore.deferred import Deferred
from dstore.observing import count_logged, count_waiting, deferred_observer, exposition, observer
from dstore.operations import api as operations
from dstore.partners import Partners
from dstore.problems import problem
from dstore.protocol.api import collect
from dstore.protocol.door import Door
from dstore.reference import serving as reference
from dstore.requestlog.writing import RequestLog
from dstore.storage import schema
from dstore.storage.opening import dialect, open_database
from dstore.storage.port import StorageUnavailableError
from dstore.storefront import api as storefront
from dstore.storefront import photos
from dstore.storefront.menus import Menus
from dstore.storefront.pages import routes as diner_pages
from dstore.vocabulary.limits import LIMITS
from dstore.web import assets, preferences
from dstore.work import Works

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator

    from starlette.requests import Request

    from dstore.clock import Clock
    from dstore.settings import Settings
    from dstore.storage.port import Database

    Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

log = logging.getLogger(__name__)

TEND_SECONDS = 2.0
SWEEP_PAUSE = 0.02
PHOTOS_EVERY = timedelta(hours=1)
SWITCH_SECONDS = 0.0002


def from_environment() -> Asgi:
    """Build the application of a worker process."""
    application = build(settings.load()[0])
    # What the program itself is made of is there for good; the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    return application


def build(chosen: Settings, clock: Clock | None = None) -> Asgi:
    """Put the parts together. The database must have been migrated."""
    clock = clock or SystemClock()
    database = open_database(chosen.database, synchronous=chosen.durability)
    schema.check(database, dialect(chosen.database))
    partners = Partners(database)
    works = Works(database, chosen)
    requests = RequestLog(database, clock, chosen, count_logged) if chosen.request_log == "keep" else None
    observe = observer(clock, log=chosen.log == "json", note=None if requests is None else requests.note)
    family = collect(apis)
    deferred = Deferred(
        chosen, database, works, family, clock, deferred_observer(clock, log=chosen.log == "json"), count_waiting
    )
    door = Door(family, partners, works, chosen, clock, observe)
    tend = partial(_tend, database, partners, clock, chosen.undo_days)
    menus = Menus(database, clock, chosen.default_zone)
    pages = Starlette(
        routes=[
            *storefront.routes(menus),
            *diner_pages.routes(menus),
            *operations.routes(database, menus, chosen),
            *_operations(database, chosen),
            *reference.routes(apis),
            *assets.routes(),
            *photos.routes(database),
            *preferences.routes(),
            *console.routes(Platform(database, clock, chosen, Calls(family, door, requests))),
        ],
        exception_handlers={404: _not_found, StorageUnavailableError: _unavailable},
        lifespan=_lifespan(database, door, tend, requests, deferred),
    )
    pages.state.settings = chosen

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if await storefront.plain_menu(menus, scope, send):
                return
            if _is_signed(scope):
                await door(scope, receive, send)
                return
        await pages(scope, receive, send)

    return application


def _is_signed(scope: dict[str, Any]) -> bool:
    """Whether a request is meant for the signed API: a path written almost right deserves an answer it can verify."""
    path: str = scope["path"]
    return f"{path.lstrip('/')}/".lower().startswith("v2/") or "://" in path


def _lifespan(
    database: Database,
    door: Door,
    tend: Callable[[], Coroutine[Any, Any, None]],
    requests: RequestLog | None,
    deferred: Deferred,
) -> Any:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # Large bodies are worked on beside the event loop; a short switch interval keeps small calls quick.
        sys.setswitchinterval(SWITCH_SECONDS)
        tasks = [asyncio.create_task(tend()), asyncio.create_task(deferred.run())]
        if requests is not None:
            tasks.append(asyncio.create_task(requests.run()))
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await deferred.close()
        await door.close()
        if requests is not None:
            await requests.flush()
        database.close()

    return lifespan


@contextmanager
def _logged() -> Iterator[None]:
    """Whatever else goes wrong once is logged, and tried again: the sweeping must not end while calls go on."""
    try:
        yield
    except StorageUnavailableError:
        raise
    except Exception:
        log.exception("sweeping failed")


async def _tend(database: Database, partners: Partners, clock: Clock, undo_days: int) -> None:
    """Delete what nobody needs any more, a little at a time; learn of new keys where no call brings them."""
    photos_next = clock.now() + PHOTOS_EVERY
    while True:
        with suppress(StorageUnavailableError), _logged():
            await partners.refresh()
            loose = await database.peek(
                "select 1 from loose_tree where since < ?", (milliseconds(clock.now()) - trees.ABANDONED_MILLISECONDS,)
            )
            swept = len(loose or ())
            while swept:
                swept = await asyncio.to_thread(trees.sweep, database, milliseconds(clock.now()))
                await asyncio.sleep(SWEEP_PAUSE)
            oldest = milliseconds(clock.now() - timedelta(days=undo_days))
            while await database.peek("select 1 from undo where at < ?", (oldest,)):
                await asyncio.to_thread(undo.sweep, database, oldest)
                await asyncio.sleep(SWEEP_PAUSE)
            if clock.now() >= photos_next:
                photos_next = clock.now() + PHOTOS_EVERY
                await asyncio.to_thread(unused_photos.sweep, database, milliseconds(clock.now()))
        await asyncio.sleep(TEND_SECONDS)


def _operations(database: Database, chosen: Settings) -> list[Route]:
    """Return the routes for whoever runs the platform, and the limits for whoever calls it."""
    kind = dialect(chosen.database)

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        try:
            at = await database.read(lambda reading: schema.version(reading, kind))
        except StorageUnavailableError as fault:
            return problem(503, "Not ready", f"The database does not answer: {fault}")
        if at != schema.newest():
            return problem(503, "Not ready", f"The database has schema {at}, this program needs {schema.newest()}.")
        return PlainTextResponse(f"ready, schema {at}\n")

    async def limits(_request: Request) -> Response:
        table = {name: limit._asdict() for name, limit in LIMITS.items()}
        return Response(msgspec.json.encode(table), media_type="application/json")

    async def metrics(_request: Request) -> Response:
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/limits", limits)]
    return [*routes, Route("/metrics", metrics)] if chosen.metrics else routes


async def _not_found(request: Request, _fault: Exception) -> Response:
    return problem(404, "Not found", f"There is nothing at {request.url.path[:200]}.")


async def _unavailable(_request: Request, fault: Exception) -> Response:
    return problem(503, "Try again", f"The database does not answer: {fault}")
