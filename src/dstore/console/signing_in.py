"""Signing in and out. Strangers reach nothing else of the Console."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from dstore.clock import milliseconds
from dstore.console import accounts, audit, sessions, throttle
from dstore.console.routing import SIGN_IN, find_user, problem
from dstore.storage.port import StorageUnavailableError
from dstore.web.forms import read_form, text
from dstore.web.pages import render
from dstore.web.preferences import own_path
from dstore.web.security import drop_cookie, is_same_origin, put_cookie

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.console.visits import Platform
    from dstore.storage.port import Transaction

DOOR_COOKIE = "dstore_door"
DOOR_SECONDS = 3600
SESSION_SECONDS = sessions.LONGEST_MILLISECONDS // 1000
HOME = "/console/stores"
AT_ONCE = 2
"""Passwords are slow to check on purpose; more at once would only starve the calls."""


def routes(platform: Platform) -> list[Route]:
    """Return the routes of the door of the Console."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def show(request: Request) -> Response:
        if await find_user(platform, request.cookies.get(sessions.COOKIE, "")):
            return RedirectResponse(HOME, 303)
        return _form(request, back=request.query_params.get("back", ""))

    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        door = request.cookies.get(DOOR_COOKIE, "")
        login, back = accounts.folded(text(form, "login")), text(form, "back", 2000)
        if not door or not is_same_origin(request) or not sessions.is_form_token(door, text(form, "csrf")):
            return _form(request, status=403, back=back, login=login, problem="stale")
        address = request.client.host if request.client else ""
        now = milliseconds(platform.clock.now())
        if not await platform.write(lambda one: throttle.attempt(one, login, address, now)):
            return _form(request, status=429, back=back, login=login, problem="often")
        token = await _begin(platform, turns, request, login, text(form, "password", 1000))
        if token is None:
            return _form(request, status=401, back=back, login=login, problem="wrong")
        response = RedirectResponse(own_path(back) if back else HOME, 303, headers={"cache-control": "no-store"})
        put_cookie(request, response, sessions.COOKIE, token, SESSION_SECONDS)
        drop_cookie(request, response, DOOR_COOKIE)
        return response

    async def sign_out(request: Request) -> Response:
        form = await read_form(request)
        token = request.cookies.get(sessions.COOKIE, "")
        if not is_same_origin(request) or not sessions.is_form_token(token, text(form, "csrf")):
            raise HTTPException(403)
        await platform.write(lambda one: sessions.end(one, token))
        response = RedirectResponse(SIGN_IN, 303)
        drop_cookie(request, response, sessions.COOKIE)
        return response

    async def home(_request: Request) -> Response:
        return RedirectResponse(HOME, 303)

    return [
        Route("/console", home),
        Route(SIGN_IN, _tended(show)),
        Route(SIGN_IN, _tended(sign_in), methods=["POST"]),
        Route("/console/sign-out", _tended(sign_out), methods=["POST"]),
    ]


def _tended(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException as fault:
            return problem(request, fault.status_code)
        except StorageUnavailableError:
            return problem(request, 503)

    return answer


async def _begin(
    platform: Platform, turns: asyncio.Semaphore, request: Request, login: str, password: str
) -> str | None:
    """Return a new session's token if login and password fit."""
    known = await platform.database.read(lambda reading: accounts.kept_password(reading, login))
    async with turns:
        fits = await asyncio.to_thread(accounts.fits, known[1] if known else None, password)
    if known is None or not fits:
        return None
    user_id, old = known[0], request.cookies.get(sessions.COOKIE, "")
    now = milliseconds(platform.clock.now())

    def begin(transaction: Transaction) -> str:
        throttle.forget(transaction, login)
        throttle.sweep(transaction, now)
        audit.note(transaction, now, login, audit.NO_STORE, "sign in")
        return sessions.begin(transaction, user_id, old, now)

    return await platform.write(begin)


def _form(request: Request, *, status: int = 200, back: str, login: str = "", problem: str = "") -> Response:
    door = request.cookies.get(DOOR_COOKIE) or secrets.token_urlsafe(24)
    response = render(
        request, "console/sign-in.html", status=status, back=back[:2000], login=login, problem=problem,
        csrf_token=sessions.form_token(door), language_path=SIGN_IN,
    )  # fmt: skip
    put_cookie(request, response, DOOR_COOKIE, door, DOOR_SECONDS)
    if problem == "often":
        response.headers["retry-after"] = str(throttle.WINDOW_MILLISECONDS // 1000)
    return response
