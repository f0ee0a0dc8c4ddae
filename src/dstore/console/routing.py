"""From a table of pages to routes that are guarded: signed in, allowed, the store one's own, the form our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from dstore.clock import milliseconds
from dstore.console import roles, sessions, stores
from dstore.console.visits import Visit
from dstore.storage.port import StorageUnavailableError
from dstore.web.forms import MOST_BYTES, read_form, text
from dstore.web.languages import marked
from dstore.web.pages import render, words_of
from dstore.web.security import is_same_origin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.console.accounts import User
    from dstore.console.visits import Platform

    Endpoint = Callable[[Visit], Awaitable[Response]]

SIGN_IN = "/console/sign-in"
_PROBLEMS = {
    403: (marked("This is not for you"), marked("Your role does not allow this, or the form is too old: go back and try again.")),
    404: (marked("There is nothing here"), marked("The page does not exist, or it belongs to a store that is not yours.")),
    413: (marked("That is too much"), marked("What you sent is larger than this page takes.")),
    503: (marked("Try again in a moment"), marked("The database does not answer.")),
}  # fmt: skip
_OTHER = (marked("This did not work"), marked("The page could not make sense of what was sent."))


class Page(NamedTuple):
    """A page, or a form's target: its address, what one must be allowed to do, and the function that answers.

    A path with `{store}` is only answered for stores the user may see.
    """

    path: str
    action: roles.Action
    endpoint: Endpoint
    method: str = "GET"
    most_bytes: int = MOST_BYTES
    files: int = 0
    pos_only: bool = False
    """Whether stores that a partner feeds with a finished menu have no such page."""


def route(page: Page, platform: Platform) -> Route:
    """Return the guarded route of a page."""

    async def guarded(request: Request) -> Response:
        try:
            return await _answer(page, platform, request)
        except HTTPException as fault:
            return problem(request, fault.status_code)
        except StorageUnavailableError:
            return problem(request, 503)

    return Route(page.path, guarded, methods=[page.method])


def problem(request: Request, status: int) -> Response:
    """Return a page that says what went wrong and leads on."""
    title, detail = _PROBLEMS.get(status, _OTHER)
    say = words_of(request).say
    return render(
        request, "web/problem.html", status=status, title=say(title), detail=say(detail), way_on="/console/stores"
    )


async def _answer(page: Page, platform: Platform, request: Request) -> Response:
    token = request.cookies.get(sessions.COOKIE, "")
    user = await find_user(platform, token)
    if user is None:
        return to_sign_in(request)
    if not roles.may(user.role, page.action):
        raise HTTPException(403)
    store = None
    if "store" in request.path_params:
        public_id: str = request.path_params["store"]
        store = await platform.database.read(lambda reading: stores.find(reading, user, public_id))
        if store is None or (page.pos_only and not store.is_pos):
            raise HTTPException(404)
    form = FormData()
    if page.method == "POST":
        if not is_same_origin(request):
            raise HTTPException(403)
        form = await read_form(request, most_bytes=page.most_bytes, files=page.files)
        if not sessions.is_form_token(token, text(form, "csrf")):
            await form.close()
            raise HTTPException(403)
    try:
        return await page.endpoint(Visit(platform, request, user, token, store, form))
    finally:
        await form.close()


async def find_user(platform: Platform, token: str) -> User | None:
    """Return whose session a token opens, and note that it was used."""
    if not token:
        return None
    now = milliseconds(platform.clock.now())
    row = await platform.database.peek(sessions.FIND, (sessions.kept(token),))
    user = sessions.living(row, now, platform.settings.session_hours)
    if user is not None and row is not None and sessions.is_due(row, now):
        await platform.write(lambda transaction: sessions.note_use(transaction, token, now))
    return user


def to_sign_in(request: Request) -> Response:
    """Send a stranger to the sign-in page, and back afterwards to what was only read."""
    back = request.url.path if request.method == "GET" else "/console/stores"
    query = request.url.query if request.method == "GET" else ""
    address = request.url.replace(path=SIGN_IN, query="").include_query_params(
        back=f"{back}?{query}" if query else back
    )
    return RedirectResponse(f"{address.path}?{address.query}", 303, headers={"cache-control": "no-store"})
