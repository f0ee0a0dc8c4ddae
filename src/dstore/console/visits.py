"""What a page of the Console works with: who asks, for which store, with which form; reading and writing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from starlette.responses import RedirectResponse, Response

from dstore.catalog.merchant import sold_out
from dstore.clock import milliseconds
from dstore.console import audit, navigation, roles, sessions
from dstore.console.catalogues import Surveys
from dstore.web import forms
from dstore.web.pages import render, words_of
from dstore.web.preferences import own_path
from dstore.web.security import drop_cookie, put_cookie

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from dstore.catalog.merchant.sold_out import Mark, Thing
    from dstore.clock import Clock
    from dstore.console.accounts import User
    from dstore.console.calls import Calls
    from dstore.console.catalogues import Shop
    from dstore.console.stores import StoreLine
    from dstore.settings import Settings
    from dstore.storage.port import Database, Reading, Transaction

    T = TypeVar("T")

NOTICE_COOKIE = "dstore_notice"
NOTICE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Platform:
    """What all pages of the Console share."""

    database: Database
    clock: Clock
    settings: Settings
    calls: Calls
    surveys: Surveys = field(default_factory=Surveys)

    def write(self, job: Callable[[Transaction], T]) -> Awaitable[T]:
        """Run a job in a transaction of its own."""
        return self.database.transact_long(job)


class Notice(msgspec.Struct):
    """What the next page says; `undo` is an address to post `fields` to."""

    text: str
    tone: str = "good"
    undo: str = ""
    fields: dict[str, str] = {}


class Desk:
    """An open transaction of a signed-in user; `now` is in milliseconds."""

    __slots__ = ("login", "now", "transaction")

    def __init__(self, transaction: Transaction, login: str, now: int) -> None:
        self.transaction = transaction
        self.login = login
        self.now = now

    def note(self, store_id: int, action: str, **what: Any) -> None:
        """Write a row of the audit log."""
        audit.note(self.transaction, self.now, self.login, store_id, action, **what)


class Visit:
    """One request of a signed-in user."""

    def __init__(
        self, platform: Platform, request: Request, user: User, token: str, store: StoreLine | None, form: FormData
    ) -> None:
        self.platform = platform
        self.request = request
        self.user = user
        self.form = form
        self._token = token
        self._store = store
        self._words = words_of(request)

    @property
    def store(self) -> StoreLine:
        """The store of the address; only for pages whose path has `{store}`."""
        if self._store is None:
            raise LookupError("the path of this page names no store")
        return self._store

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.platform.clock.now()

    def say(self, text: str, **values: Any) -> str:
        """Return a text in the reader's language."""
        return self._words.say(text, **values)

    def say_many(self, one: str, many: str, number: int) -> str:
        """Return the form of a text that fits a number, which stands in it as `%(num)s`."""
        return self._words.say_many(one, many, number)

    def query(self, name: str, most: int = 255) -> str:
        """Return a parameter of the address, without NUL; empty when it is missing."""
        return self.request.query_params.get(name, "").replace("\0", "").strip()[:most]

    def number(self, name: str) -> int:
        """Return a parameter of the address as a whole number; 0 when it is none."""
        given = self.query(name, 9)
        return int(given) if given.isdecimal() else 0

    def field(self, name: str, most: int = 255) -> str:
        """Return a field of the form; empty when it is missing."""
        return forms.text(self.form, name, most)

    def may(self, action: roles.Action) -> bool:
        """Return whether the user may do something."""
        return roles.may(self.user.role, action)

    def read(self, query: Callable[[Reading], T]) -> Awaitable[T]:
        """Run a query on a consistent view, beside the event loop."""
        return self.platform.database.read_long(query)

    def shop(self, reading: Reading) -> Shop:
        """Return the POS store of the address as its merchant works on it."""
        return self.platform.surveys.shop(reading, self.store, milliseconds(self.now))

    def marks(self, reading: Reading) -> dict[Thing, Mark]:
        """Return what is marked as sold out in the store of the address."""
        return sold_out.marks(reading, self.store.id, milliseconds(self.now))

    def write(self, job: Callable[[Desk], T]) -> Awaitable[T]:
        """Run a job in one transaction; what it raises rolls it back."""
        now = milliseconds(self.now)
        return self.platform.write(lambda transaction: job(Desk(transaction, self.user.login, now)))

    def page(self, template: str, *, status: int = 200, framed_by: str = "'none'", **context: Any) -> Response:
        """Return a page inside the Console's frame."""
        notice = self._notice()
        response = render(
            self.request, template, status=status, framed_by=framed_by, user=self.user, may=self.may, role=roles.Action,
            csrf_token=sessions.form_token(self._token), store=self._store, notice=notice, now=self.now,
            sections=navigation.sections(self.user.role, self._store), **context,
        )  # fmt: skip
        if notice is not None:
            drop_cookie(self.request, response, NOTICE_COOKIE)
        return response

    def go(self, path: str, notice: Notice | None = None) -> Response:
        """Send the reader on to a page of ours, which then says what happened."""
        response = RedirectResponse(own_path(path), 303, headers={"cache-control": "no-store"})
        if notice is not None:
            body = base64.urlsafe_b64encode(msgspec.json.encode(notice)).decode()
            put_cookie(self.request, response, NOTICE_COOKIE, f"{body}.{self._sealed(body)}", NOTICE_SECONDS)
        return response

    def _notice(self) -> Notice | None:
        body, _, seal = self.request.cookies.get(NOTICE_COOKIE, "").partition(".")
        if not seal or not hmac.compare_digest(seal.encode(), self._sealed(body).encode()):
            return None
        return msgspec.json.decode(base64.urlsafe_b64decode(body), type=Notice)

    def _sealed(self, body: str) -> str:
        """Return a seal that only this session can make: nobody else's words appear on the page."""
        return hmac.new(self._token.encode(), body.encode(), hashlib.sha256).hexdigest()
