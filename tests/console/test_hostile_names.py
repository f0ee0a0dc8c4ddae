"""Hostile names in every text of both feeds, of merchants, operators and diners: on no page do they become markup."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from starlette.routing import compile_path

from dstore import partners
from dstore.console import accounts, routes
from dstore.console.roles import Role
from dstore.storefront.pages import routes as storefront_routes
from harness import caller, hostile
from harness.markup import Markup
from harness.person import PASSWORD, Person

if TYPE_CHECKING:
    from harness.platform import Platform

ACCOUNT = "a"
OPERATOR, MERCHANT = f"op{hostile.SCRIPT}", f"m{hostile.SCRIPT}"
DINERS = [one.path for one in storefront_routes.routes(None) if "GET" in (one.methods or ())]  # type: ignore[arg-type]
CONSOLES = [page.path for page in routes.pages() if page.method == "GET"]
PATTERNS = [(path, compile_path(path)[0]) for path in (*DINERS, *CONSOLES)]
ENOUGH = 12
"""Pages of one kind that are looked at; what follows is of the same kind."""


class Typed(HTMLParser):
    """The forms of a page that take words: address, fields as they stand, and the names of those to type into."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str], list[str]]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "form":
            self._open = given.get("method") == "post" and "sign-out" not in given.get("action", "")
            if self._open:
                self.forms.append((given["action"], {}, []))
        elif (
            self._open and name and (tag == "textarea" or (tag == "input" and kind in {"text", "search", "tel", "url"}))
        ):
            self.forms[-1][2].append(name)
        elif (
            self._open and name and tag == "input" and (kind not in {"checkbox", "radio", "file"} or "checked" in given)
        ):
            self.forms[-1][1][name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


@pytest.fixture
def place(platform: Platform) -> Platform:
    """Both hostile stores, hostile people, a hostile partner, calls that were refused."""
    for api, body in hostile.feeds(ACCOUNT):
        answer = platform.call(api, body)
        assert answer.code == "SUCCESS", answer.message
    for api, body in hostile.refused():
        assert platform.call(api, body).code == "PARAM_ILLEGAL"
    headers = caller.signed_headers("/v2/pos/syncStore", b"{}")
    platform.send("POST", "/v2/pos/syncStore", [*headers, ("user-agent", hostile.SCRIPT)], hostile.ALL.encode())
    kept, now = accounts.hashed(PASSWORD), platform.clock.now()

    def job(one: object) -> None:
        accounts.add(one, OPERATOR, hostile.ALL, Role.OPERATOR, kept, now)  # type: ignore[arg-type]
        merchant = accounts.add(one, MERCHANT, hostile.ALL, Role.OWNER, kept, now)  # type: ignore[arg-type]
        accounts.bind_account(one, merchant, "c1", ACCOUNT)  # type: ignore[arg-type]
        partners.add_partner(one, hostile.ALL, "c2", caller.public_pem("c2"), now)  # type: ignore[arg-type]

    platform.transact(job)
    return platform


def pattern(address: str) -> str:
    path = address.partition("?")[0]
    return next((name for name, compiled in PATTERNS if compiled.match(path)), "")


def wrong(page: str) -> list[str]:
    found = Markup(page).problems
    return [*found, "a template ran"] if hostile.EVALUATED in page else found


def type_into_every_form(person: Person, address: str) -> list[str]:
    """Type hostile words into every form of a page, send each, and return what is wrong with what comes back."""
    found = []
    person.open(address)
    for action, fields, names in Typed(person.text).forms:
        if names:
            person.post(action or address, {**fields, **dict.fromkeys(names, hostile.ALL)})
            found += wrong(person.text)
    return found


def walk(person: Person, beginnings: list[str]) -> tuple[set[str], dict[str, list[str]]]:
    """Open pages and follow their links; return which kinds of page were seen, and what is wrong where."""
    waiting, known, seen, found = list(beginnings), set(beginnings), dict.fromkeys(CONSOLES + DINERS, 0), {}
    while waiting:
        address = waiting.pop(0)
        kind = pattern(address)
        if not kind or seen[kind] >= ENOUGH:
            continue
        person.open(address)
        if person.status == 404 and "at=" in address:
            continue
        seen[kind] += 1
        if "html" not in person.answer.headers.get("content-type", ""):
            continue
        found[address] = wrong(person.text)
        for link in map(unescape, re.findall(r'(?:href|src)="(/[^"]*)"', person.text)):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return {kind for kind, times in seen.items() if times}, {one: what for one, what in found.items() if what}


def stores(platform: Platform) -> list[str]:
    return [row[0] for row in platform.rows("select public_id from store where feed <> 'shelf'")]


def test_hostile_names_are_words_on_every_page(place: Platform) -> None:
    person = Person(place).sign_in(MERCHANT)
    assert person.at.startswith("/console/stores")
    typed: dict[str, list[str]] = {}
    operator = Person(place).sign_in(OPERATOR)
    [pos, isv] = sorted(stores(place), key=lambda one: place.rows("select feed from store where public_id = ?", one)[0][0] != "pos")  # fmt: skip
    samples = {"store": pos, "version": "2", "partner": "1", "request": "0-0"}
    product = quote(f"0{hostile.SCRIPT}")
    for path in CONSOLES:
        query = f"?id={product}" if path.endswith("/product") else "?api=/v2/pos/syncProduct" if path.endswith("/try") else ""  # fmt: skip
        who = person if "{store}" in path else operator
        typed[path] = type_into_every_form(who, path.format_map(samples) + query)
    assert {path: found for path, found in typed.items() if found} == {}

    beginnings = ["/console/stores", f"/console/stores/{pos}", f"/console/stores/{isv}", "/console/requests", "/console/partners", f"/console/stores/{pos}/acts"]  # fmt: skip
    beginnings += ["/s", "/", *(f"/s/{one}?language={language}" for one in (pos, isv) for language in ("", "zh"))]
    beginnings += [f"/s/{pos}/quote?{urlencode({'item': f'0{hostile.SCRIPT}', 'quantity': 2})}", f"/s/{isv}?table={quote(hostile.SCRIPT[:20])}"]  # fmt: skip
    beginnings += [f"/s?q={quote(hostile.ALL)}", f"/console/requests?q={quote(hostile.ALL)}", f"/console/stores/{pos}/products?q={quote(hostile.ALL)}"]  # fmt: skip
    kinds, found = walk(operator, beginnings)
    assert not found, "\n".join(f"{where[:90]}: {what}" for where, what in found.items())
    assert set(CONSOLES + DINERS) - kinds == set()


def test_hostile_words_of_a_diner_are_words_on_the_basket_and_the_quote(place: Platform) -> None:
    for store in stores(place):
        for item in (f"0{hostile.SCRIPT}", "i0", hostile.ALL):
            body = hostile.basket(item).encode()
            answer = place.send("POST", f"/s/{store}/basket", [("host", "test")], body)
            assert answer.status == 200
            assert Markup(answer.body.decode()).problems == []
            form = urlencode({"table": hostile.SCRIPT[:20], "basket": hostile.basket(item)}).encode()
            headers = [("host", "test"), ("content-type", "application/x-www-form-urlencoded"), ("content-length", str(len(form)))]  # fmt: skip
            answer = place.send("POST", f"/s/{store}/quote", headers, form)
            assert wrong(answer.body.decode()) == []
