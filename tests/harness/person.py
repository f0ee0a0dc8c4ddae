"""Somebody with a browser without script: keeps cookies, follows redirects, sends the forms that pages hold."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from dstore.console import accounts
from dstore.console.roles import Role

if TYPE_CHECKING:
    from harness.caller import Answer
    from harness.platform import Platform

PASSWORD = "correct horse battery"
_kept = accounts.hashed(PASSWORD)


def add_user(platform: Platform, login: str, role: str, account: str = "", store: str = "") -> None:
    """Add a user with `PASSWORD` who sees an account of `c1`, or a store."""

    def job(one: Any) -> None:
        user = accounts.add(one, login, login.title(), Role(role), _kept, platform.clock.now())
        if account:
            accounts.bind_account(one, user, "c1", account)
        if store:
            accounts.bind_store(one, user, store)

    platform.transact(job)


class Form:
    """A form of a page: its address and the fields as they stand."""

    def __init__(self, action: str, method: str) -> None:
        self.action = action
        self.method = method
        self.fields: dict[str, str] = {}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._in: Form | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._in)
        elif self._in is None:
            return
        elif (
            tag == "input"
            and given.get("name")
            and (given.get("type") not in {"checkbox", "radio", "file"} or "checked" in given)
        ):
            self._in.fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._in.fields):
            self._in.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = given.get("name", "")
            self._in.fields[self._area] = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._area and self._in is not None:
            self._in.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


class Person:
    """Somebody who looks at pages and sends their forms."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.cookies: dict[str, str] = {}
        self.at = "/"
        self._answer: Answer | None = None

    @property
    def answer(self) -> Answer:
        """The last answer."""
        assert self._answer is not None
        return self._answer

    @property
    def text(self) -> str:
        """The page that is seen now, as HTML."""
        return self.answer.body.decode()

    @property
    def words(self) -> str:
        """What can be read on the page."""
        return " ".join(unescape(" ".join(self._parsed().words)).split())

    @property
    def status(self) -> int:
        """The HTTP status of the last answer."""
        return self.answer.status

    def open(self, path: str, **headers: str) -> Person:
        """Open a page and follow where it leads."""
        return self._send("GET", path, b"", headers)

    def forms(self, action: str) -> list[Form]:
        """Return the forms of the page whose address ends like this."""
        return [form for form in self._parsed().forms if form.action.endswith(action)]

    def send(self, action: str, index: Any = 0, **fields: Any) -> Person:
        """Fill a form of the page and send it, and follow where it leads."""
        form = self.forms(action)[index]
        return self.post(form.action, {**form.fields, **fields})

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> Person:
        """Send fields to an address."""
        body = urlencode({name: value for name, value in fields.items() if value is not None}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
        return self._send("POST", path, body, {**kind, **headers})

    def sign_in(self, login: str, password: str = PASSWORD) -> Person:
        """Sign in through the page for it."""
        return self.open("/console/sign-in").send("/console/sign-in", login=login, password=password)

    def _parsed(self) -> _Forms:
        found = _Forms()
        found.feed(self.text)
        return found

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Person:
        path = urljoin(self.at, path)
        for _ in range(6):
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            every = {"host": "test", **({"cookie": cookie} if cookie else {}), **headers}
            self._answer = self.platform.send(
                method, path, [(name.replace("_", "-"), value) for name, value in every.items()], body
            )
            self._keep_cookies()
            self.at = path
            if self.answer.status not in {302, 303, 307}:
                break
            path = urljoin(path, self.answer.headers["location"])
            method, body, headers = "GET", b"", {}
        return self

    def _keep_cookies(self) -> None:
        for line in self.answer.cookies:
            pair, *_rest = line.split(";")
            name, _, value = pair.partition("=")
            if "Max-Age=0" in line or value in {"", '""'}:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
