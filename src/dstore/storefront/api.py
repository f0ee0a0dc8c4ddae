"""The storefront's JSON endpoints: each with a strong ETag that must be asked after, or no caching at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dstore.problems import problem
from dstore.storage.port import StorageUnavailableError
from dstore.storefront.answers import Basket, StoreList
from dstore.storefront.baskets import price_basket
from dstore.storefront.languages import ranges
from dstore.storefront.questions import (
    NOW,
    BadParameterError,
    Question,
    question,
    read_languages,
    read_moment,
    read_number,
)
from dstore.storefront.quotes import quote, slot_list
from dstore.storefront.reading import PAGE
from dstore.storefront.resolving import look, tag_of
from dstore.storefront.standing import SERVICES
from dstore.storefront.translations import report

if TYPE_CHECKING:
    from dstore.storefront.decoded import Store
    from dstore.storefront.menus import Menus

Endpoint = Callable[[Request], Awaitable[Response]]
LONGEST_BASKET = 256 * 1024
_VARY = {"vary": "accept-language"}
_read_basket = msgspec.json.Decoder(Basket).decode
_STORES = "/storefront/v1/stores/"
_MENU = "/menu"
_BEFORE, _BEHIND = len(_STORES), -len(_MENU)


async def plain_menu(menus: Menus, scope: dict[str, Any], send: Any) -> bool:
    """Answer the plain read of a menu in bare ASGI; return False for anything that the routes must look at.

    It is what diners ask for most, and the routing would take longer than the reading.
    """
    path: str = scope["path"]
    if scope["method"] != "GET" or not path.startswith(_STORES) or not path.endswith(_MENU) or scope["query_string"]:
        return False
    asked = NOW
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            return False
        if name == b"accept-language":
            asked = Question(languages=ranges(value.decode("latin-1")))
    try:
        page = await menus.menu(_text(path[_BEFORE:_BEHIND]), asked)
    except StorageUnavailableError:
        page = None
    if page is None:
        return False
    await send({"type": "http.response.start", "status": 200, "headers": page.headers})
    await send({"type": "http.response.body", "body": page.body})
    return True


def routes(menus: Menus) -> list[Route]:
    """Return the storefront's routes."""
    reads = _Reads(menus)
    paths = {
        "": reads.stores,
        "/{id}/menu": reads.menu,
        "/{id}/slots": reads.slots,
        "/{id}/delivery-quote": reads.quote,
        "/{id}/translations": reads.translations,
    }
    return [
        *(Route(f"/storefront/v1/stores{path}", _guarded(read)) for path, read in paths.items()),
        Route("/storefront/v1/stores/{id}/price", _guarded(reads.price), methods=["POST"]),
    ]


def _guarded(read: Endpoint) -> Endpoint:
    async def guarded(request: Request) -> Response:
        try:
            return await read(request)
        except BadParameterError as fault:
            return problem(400, "Bad parameter", str(fault)[:400], parameter=fault.name)
        except _NoStoreError:
            return problem(404, "No such store", f"There is no store {request.path_params['id'][:64]}.")

    return guarded


class _NoStoreError(Exception):
    """There is no store of the id in the path."""


class _Reads:
    """What each path answers."""

    def __init__(self, menus: Menus) -> None:
        self._menus = menus

    async def menu(self, request: Request) -> Response:
        page = await self._menus.menu(_text(request.path_params["id"]), _question(request))
        if page is None:
            raise _NoStoreError
        return _cached(request, page.body, page.etag)

    async def stores(self, request: Request) -> Response:
        asked = _question(request)
        found = await self._menus.stores(_text(request.query_params.get("after", "")))
        now, zone = self._menus.clock.now(), self._menus.pos_zone
        cards = await asyncio.to_thread(lambda: [look(store, asked, now, zone).card for store in found])
        answer = StoreList(stores=cards)
        if len(found) == PAGE:
            answer.next = found[-1].public_id
        return _answer(answer)

    async def slots(self, request: Request) -> Response:
        asked = _question(request)
        if asked.service is None:
            raise BadParameterError("service", f"is required: one of {', '.join(SERVICES)}")
        since = read_moment(request.query_params, "from")
        store, now = await self._store(request), self._menus.clock.now()
        # Slots take time by what the rules say, however small the store is.
        found = await asyncio.to_thread(slot_list, store, asked, since, now, self._menus.pos_zone)
        return _answer(found)

    async def quote(self, request: Request) -> Response:
        asked = _question(request)._replace(service="DELIVERY")
        distance, amount = (read_number(request.query_params, name) for name in ("distance", "amount"))
        store = await self._store(request)
        return _answer(quote(store, asked, distance, amount, self._menus.clock.now(), self._menus.pos_zone))

    async def translations(self, request: Request) -> Response:
        asked = read_languages(request.query_params, "")
        store = await self._store(request)
        body = await self._menus.look_at(store, lambda: msgspec.json.encode(report(store, asked)))
        return _cached(request, body, tag_of(body))

    async def price(self, request: Request) -> Response:
        asked = _question(request)
        basket = await _basket(request)
        if isinstance(basket, Response):
            return basket
        store, now = await self._store(request), self._menus.clock.now()
        price, refusals = await self._menus.look_at(
            store, partial(price_basket, store, asked, now, self._menus.pos_zone, basket)
        )
        if refusals:
            first = f"{refusals[0].path}: {refusals[0].text}"
            return problem(422, "Can not be ordered", first, refusals=refusals)
        return _answer(price)

    async def _store(self, request: Request) -> Store:
        store = await self._menus.store(_text(request.path_params["id"]))
        if store is None:
            raise _NoStoreError
        return store


async def _basket(request: Request) -> Basket | Response:
    """Read a basket; what can not be read is answered with the place in it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BASKET:
            return problem(413, "Too large", f"A basket has at most {LONGEST_BASKET:,} bytes.")
    try:
        return _read_basket(bytes(body))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        return problem(400, "Bad basket", str(fault)[:400])


def _question(request: Request) -> Question:
    return question(request.query_params, request.headers.get("accept-language", ""))


def _answer(answer: msgspec.Struct) -> Response:
    body = msgspec.json.encode(answer)
    return Response(body, media_type="application/json", headers={"cache-control": "no-store", **_VARY})


def _cached(request: Request, body: bytes, etag: str) -> Response:
    headers = {"etag": etag, "cache-control": "no-cache", **_VARY}
    if _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _text(given: str) -> str:
    """Take NUL characters out: no id has them, and PostgreSQL takes none."""
    return given.replace("\0", "")


def _matches(wanted: str, etag: str) -> bool:
    """Compare weakly, as If-None-Match asks (RFC 9110)."""
    return wanted.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in wanted.split(","))
