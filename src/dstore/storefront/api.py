"""The storefront's JSON endpoints: GET only, each with a strong ETag or no caching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from dstore.problems import problem
from dstore.storage.port import StorageUnavailableError

if TYPE_CHECKING:
    from starlette.requests import Request

    from dstore.storefront.menus import Menus


_STORES = "/storefront/v1/stores/"
_MENU = "/menu"


async def plain_menu(menus: Menus, scope: dict[str, Any], send: Any) -> bool:
    """Answer the plain read of a menu in bare ASGI; return False for anything that the routes must look at.

    It is what diners ask for most, and the routing would take longer than the reading.
    """
    path: str = scope["path"]
    if scope["method"] != "GET" or not path.startswith(_STORES) or not path.endswith(_MENU):
        return False
    if any(name == b"if-none-match" for name, _ in scope["headers"]):
        return False
    try:
        page = await menus.menu(_text(path[len(_STORES) : -len(_MENU)]))
    except StorageUnavailableError:
        page = None
    if page is None:
        return False
    headers = [
        (b"etag", page.etag.encode()),
        (b"cache-control", b"no-cache"),
        (b"content-length", b"%d" % len(page.body)),
        (b"content-type", b"application/json"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": page.body})
    return True


def routes(menus: Menus) -> list[Route]:
    """Return the storefront's routes."""

    async def stores(request: Request) -> Response:
        body = await menus.stores(_text(request.query_params.get("after", "")))
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def menu(request: Request) -> Response:
        page = await menus.menu(_text(request.path_params["id"]))
        if page is None:
            return problem(404, "No such store", f"There is no store {request.path_params['id'][:64]}.")
        headers = {"etag": page.etag, "cache-control": "no-cache"}
        if _matches(request.headers.get("if-none-match", ""), page.etag):
            return Response(status_code=304, headers=headers)
        return Response(page.body, media_type="application/json", headers=headers)

    return [Route("/storefront/v1/stores", stores), Route("/storefront/v1/stores/{id}/menu", menu)]


def _text(given: str) -> str:
    """Take NUL characters out: no id has them, and PostgreSQL takes none."""
    return given.replace("\0", "")


def _matches(wanted: str, etag: str) -> bool:
    """Compare weakly, as If-None-Match asks (RFC 9110)."""
    return wanted.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in wanted.split(","))
