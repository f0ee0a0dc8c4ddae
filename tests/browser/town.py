"""A server on which every page has something to show: the demo's shops as its merchant left them, and a bistro."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from browser.filled import Filled
from dstore.cli import demo_merchant
from dstore.console import accounts, routes
from dstore.console.roles import Role
from dstore.sandbox import seeds
from dstore.storefront.pages import routes as storefront_routes
from harness import caller
from harness.bistro import bistro
from harness.person import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.console.roles import Action

# Where a page says more with a question after its address.
QUERIES = {
    "/console/stores/{store}/product": "?id=latte",
    "/console/try": "?api=/v2/pos/syncProduct",
    "/s/{id}": "?table=12",
    "/s/{id}/item": "?item=garden",
    "/s/{id}/quote": "?item=tea&quantity=2",
}


class Town(Filled):
    """The server; users are called as their roles are."""

    def fill(self) -> None:
        """Feed the demo's shops and the bistro, add users, do what the demo's merchant does, and fail once."""
        now = datetime.now(UTC)
        self.feed([*seeds.feeds(), ("bistro", "initializeStore", bistro())])
        kept = accounts.hashed(PASSWORD)

        def add_users(one: Any) -> None:
            for role in Role:
                user = accounts.add(one, role.value, role.value.title(), role, kept, now)
                accounts.bind_account(one, user, "c1", seeds.ACCOUNT)

        self.transact(add_users)
        self.transact(lambda one: demo_merchant.set_up_shops(one, now))
        self.feed(seeds.later_feeds())
        raw = b'{"requestId": "clinic"}'
        headers = dict(caller.signed_headers("/v2/pos/syncProduct", raw))
        assert b"INVALID_SIGNATURE" in self.request("POST", "/v2/pos/syncProduct", headers, raw + b"\n").body

    def console_pages(self, find: Callable[[str], str]) -> list[tuple[str, Action]]:
        """Return (address, action) of every page of the Console; `find` tells what a parameter stands for."""
        return [
            (_filled(page.path, {"store": self.ids["coffee"], "version": "2", "partner": "1"}, find), page.action)
            for page in routes.pages()
            if page.method == "GET"
        ]

    def diners_pages(self) -> list[str]:
        """Return the address of every page for diners."""
        found = storefront_routes.routes(None)  # type: ignore[arg-type]  # only their addresses are asked for
        paths = [one.path for one in found if "GET" in (one.methods or ()) and not one.path.endswith(".svg")]
        return [_filled(path, {"id": self.ids["bistro"]}, str) for path in dict.fromkeys(paths)]


def _filled(path: str, samples: dict[str, str], find: Callable[[str], str]) -> str:
    """Return a path with its parameters; one that nobody knows is a page that this test has to learn."""
    if "{request}" in path:
        samples = {**samples, "request": find("request")}
    return path.format_map(samples) + QUERIES.get(path, "")
