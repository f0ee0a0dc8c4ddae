"""A reader's choice of language and theme, kept in cookies; no account is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from dstore.web.forms import read_form, text
from dstore.web.languages import COOKIE, LANGUAGES
from dstore.web.pages import THEME_COOKIE, THEMES
from dstore.web.security import is_same_origin, put_cookie

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

YEAR = 365 * 86_400


def own_path(path: str) -> str:
    """Return the path if it leads nowhere but to our own pages, else the first page."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own and "\\" not in path else "/"


async def choose(request: Request) -> Response:
    """Remember the chosen language or theme and go back to the page."""
    form = await read_form(request)
    response = RedirectResponse(own_path(text(form, "back", 2000)), 303)
    if is_same_origin(request):
        for field, cookie, choices in (("language", COOKIE, LANGUAGES), ("theme", THEME_COOKIE, THEMES)):
            if text(form, field) in choices:
                put_cookie(request, response, cookie, text(form, field), YEAR)
    return response


def routes() -> list[Route]:
    """Return the route of the choice."""
    return [Route("/preferences", choose, methods=["POST"])]
