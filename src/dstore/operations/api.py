"""The operator's endpoints: GET only, behind a bearer token; without the setting there is nothing."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from dstore.operations import stored
from dstore.problems import problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from dstore.operations.stored import Found
    from dstore.settings import Settings
    from dstore.storage.port import Database, Reading
    from dstore.storefront.menus import Menus

    Endpoint = Callable[[Request], Awaitable[Response]]

BASE = "/operator/v1/stores"
_BEARER = "bearer "


def routes(database: Database, menus: Menus, chosen: Settings) -> list[Route]:
    """Return the routes; where no token is set, nobody can tell that they exist."""
    reads = _Reads(database, menus)
    table: list[tuple[str, Endpoint]] = [
        ("", reads.stores),
        ("/{id}", reads.store),
        ("/{id}/entries", reads.entries),
        ("/{id}/resolved", reads.resolved),
        ("/{id}/changes", reads.changes),
    ]
    return [Route(BASE + path, _guarded(endpoint, chosen.operator_token)) for path, endpoint in table]


def _guarded(endpoint: Endpoint, token: str) -> Endpoint:
    """Let through who knows the token; comparing takes as long whatever is given."""
    wanted = token.encode()

    async def guarded(request: Request) -> Response:
        if not wanted:
            raise HTTPException(404)
        given = request.headers.get("authorization", "")
        is_bearer = given[: len(_BEARER)].lower() == _BEARER
        if not hmac.compare_digest(given[len(_BEARER) :].strip().encode() if is_bearer else b"", wanted):
            refusal = problem(401, "Unauthorized", "Send the operator's token: Authorization: Bearer <token>.")
            refusal.headers["www-authenticate"] = "Bearer"
            return refusal
        answer = await endpoint(request)
        answer.headers["cache-control"] = "no-store"
        return answer

    return guarded


class _Reads:
    """The endpoints' work."""

    def __init__(self, database: Database, menus: Menus) -> None:
        self._database = database
        self._menus = menus

    async def stores(self, request: Request) -> Response:
        """Answer with the stores of both feeds, a page at a time."""
        after = _text(request.query_params.get("after", ""))
        return _json(await self._database.read(lambda reading: stored.stores(reading, after)))

    async def store(self, request: Request) -> Response:
        """Answer with a store and its document."""
        return await self._of(request, lambda _, found: found.store)

    async def entries(self, request: Request) -> Response:
        """Answer with a store's objects, deleted ones too."""
        kind, after = request.query_params.get("kind", ""), request.query_params.get("after", "")
        return await self._of(request, lambda reading, found: stored.entries(reading, found.tree, kind, after))

    async def changes(self, request: Request) -> Response:
        """Answer with what changed since a version."""
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 10):  # noqa: PLR2004 - versions fit 32 bits
            return problem(400, "Bad request", "since is a version, such as 17; 0 reads everything.")
        after = request.query_params.get("after", "")
        return await self._of(request, lambda reading, found: stored.changes(reading, found, int(since), after))

    async def resolved(self, request: Request) -> Response:
        """Answer with a store as diners see it now."""
        page = await self._menus.menu(_text(request.path_params["id"]))
        if page is None:
            return _no_store(request)
        return Response(page.body, media_type="application/json")

    async def _of(self, request: Request, what: Callable[[Reading, Found], Any]) -> Response:
        """Read something of the store that the path names, all on one snapshot."""
        public_id = _text(request.path_params["id"])

        def read(reading: Reading) -> Any:
            found = stored.find(reading, public_id)
            return None if found is None else what(reading, found)

        try:
            answer = await self._database.read_long(read)
        except KeyError as unknown:
            return problem(400, "Bad request", f"kind: {str(unknown.args[0])[:60]!r} is not a kind of object.")
        except stored.UnreadableCursorError:
            return problem(400, "Bad request", "after is the `next` of the page before, as it was given.")
        except stored.ReplacedError:
            return problem(410, "Gone", "The catalogue was replaced between two pages; start again without after.")
        return _no_store(request) if answer is None else _json(answer)


def _no_store(request: Request) -> Response:
    return problem(404, "No such store", f"There is no store {request.path_params['id'][:64]}.")


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _text(given: str) -> str:
    """Take NUL characters out: no id has them, and PostgreSQL takes none."""
    return given.replace("\0", "")
