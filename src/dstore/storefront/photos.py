"""Photos of products, as diners' browsers load them: their names are made from their bytes, so they never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from dstore.catalog.merchant import photos
from dstore.problems import problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from dstore.storage.port import Database

HEADERS = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


def routes(database: Database) -> list[Route]:
    """Return the route of the photos."""

    async def photo(request: Request) -> Response:
        store, name = (request.path_params[part].replace("\0", "") for part in ("store", "name"))
        body = await database.read(lambda reading: photos.find(reading, store, name))
        if body is None:
            return problem(404, "No such photo", "There is no photo of this name.")
        return Response(body, media_type="image/webp", headers=HEADERS)

    return [Route("/photos/{store}/{name}.webp", photo)]
