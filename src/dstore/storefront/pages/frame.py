"""From a template to a page of the storefront: what every page of it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.storefront.pages.kept import pack, send
from dstore.storefront.pages.visit import read_visit
from dstore.web.languages import Words
from dstore.web.pages import environment, render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.pages.visit import Visit


def html(visit: Visit, template: str, **context: Any) -> str:
    """Return a page in the language that a diner reads."""
    made = environment(visit.ui).get_template(f"storefront/{template}")
    return made.render(theme=visit.theme, visit=visit, path="", language_path="/", **context)


def page(request: Request, visit: Visit, template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page that is made for this request alone."""
    headers = {"cache-control": "no-store", "vary": "accept-encoding, accept-language, cookie"}
    return send(request, pack(html(visit, template, **context)), headers, status)


def missing(request: Request) -> Response:
    """Return the page that says that there is no such store or item."""
    say = Words(read_visit(request).ui).say
    return render(
        request,
        "web/problem.html",
        status=404,
        title=say("Nothing here"),
        detail=say("There is no such page. The store may have moved, or the link is not complete."),
        way_on="/s",
    )
