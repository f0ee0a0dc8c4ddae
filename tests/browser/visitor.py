"""A server with shops to look at, and a visitor who looks at its pages in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from axe_playwright_python.sync_playwright import Axe

from browser.filled import Filled
from dstore.clock import SystemClock
from dstore.console import accounts
from dstore.console.roles import Role
from dstore.sandbox import seeds
from harness.hostile import CORPUS
from harness.person import PASSWORD

if TYPE_CHECKING:
    from types import TracebackType

    from playwright.sync_api import Browser, Page


_KNOWN = [
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "{{ 7 * 7 }}${7*7}",
    "\u202eesrever\u202c \u2066isolated",
    "🍜👩‍👩‍👧‍👦𠮷野家🇸🇬",
    "W" * 255,
    "a'b\"c&amp;<b>",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
]
HOSTILE = [*_KNOWN, *(one for one in CORPUS if one not in _KNOWN)]


class Shops(Filled):
    """A server fed with the demo's shops and one whose names are hostile; `boss` owns all that a POS feeds."""

    def fill(self) -> None:
        """Feed all of them, and add `boss`."""
        self.feed([*seeds.feeds(), ("hostile names", "syncProduct", hostile_shop())])
        kept = accounts.hashed(PASSWORD)

        def add_boss(one: Any) -> None:
            user = accounts.add(one, "boss", HOSTILE[0], Role.OWNER, kept, SystemClock().now())
            accounts.bind_account(one, user, "c1", seeds.ACCOUNT)

        self.transact(add_boss)


def hostile_shop() -> Any:
    """Return a full sync whose every name is meant to do harm."""
    price = {"currency": "SGD", "value": 100}
    options = [
        {"posProductId": f"o{i}", "type": "MODIFIER", "status": "AVAILABLE", "name": name, "price": price}
        for i, name in enumerate(HOSTILE)
    ]
    group = {
        "posProductId": "g",
        "type": "GROUP",
        "status": "AVAILABLE",
        "name": HOSTILE[1],
        "quantityRule": {"min": 0, "max": len(HOSTILE)},
        "subProducts": [one["posProductId"] for one in options],
    }
    items = [
        {
            "posProductId": f"<i>{i}",
            "type": "SINGLE",
            "status": "AVAILABLE",
            "name": name,
            "price": price,
            "subProducts": ["g"],
        }
        for i, name in enumerate(HOSTILE)
    ]
    return {
        "requestId": "hostile",
        "posAccountId": seeds.ACCOUNT,
        "store": {"posStoreId": "hostile", "name": HOSTILE[1]},
        "products": [*items, group, *options],
    }


class Visitor:
    """A page in a browser context of its own."""

    def __init__(
        self, shops: Filled, browser: Browser, *, width: int = 1280, height: int = 900, **context: Any
    ) -> None:
        self.shops = shops
        self.complaints: list[str] = []
        self._context = browser.new_context(viewport={"width": width, "height": height}, **context)
        self._context.set_default_timeout(15_000)
        self.page: Page = self._context.new_page()
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()
        if fault is None:
            assert self.complaints == [], self.complaints

    def open(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(self.shops.origin + path)
        return self.page

    def sign_in(self) -> Page:
        """Sign in as the owner."""
        page = self.open("/console")
        page.get_by_label("Login").fill("boss")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/console/stores")
        return page

    def store(self, ref: str) -> str:
        """Return where the Console's pages of a store begin."""
        return f"/console/stores/{self.shops.ids[ref]}"

    def faults(self, *rules: str) -> list[str]:
        """Return what axe finds to be serious on the page, by all of its rules or these."""
        chosen = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
        found = Axe().run(self.page, options={"resultTypes": ["violations"], **chosen}).response["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(0, wide)
