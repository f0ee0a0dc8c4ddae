"""A server on which every page has something to show: the demo's shops as its merchant left them, and a bistro."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from dstore.cli import demo_merchant
from dstore.console import accounts, routes
from dstore.console.roles import Role
from dstore.sandbox import seeds
from dstore.storage.opening import open_database
from dstore.storefront.pages import routes as storefront_routes
from harness import caller
from harness.bistro import bistro
from harness.person import PASSWORD
from harness.server import Server

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


class Town(Server):
    """The server; users are called as their roles are."""

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self._fill()
        except BaseException:
            self.close()
            raise
        return self

    def _fill(self) -> None:
        now = datetime.now(UTC)
        for _, path, body in seeds.feeds():
            assert self.call(path, body).code == "SUCCESS"
        assert self.call("initializeStore", bistro()).code == "SUCCESS"
        database = open_database(self.url)
        kept = accounts.hashed(PASSWORD)

        def add_users(one: Any) -> None:
            for role in Role:
                user = accounts.add(one, role.value, role.value.title(), role, kept, now)
                accounts.bind_account(one, user, "c1", seeds.ACCOUNT)

        database.transact_now(add_users)
        database.transact_now(lambda one: demo_merchant.set_up_shops(one, now))
        for _, path, body in seeds.later_feeds():
            assert self.call(path, body).code == "SUCCESS"
        raw = b'{"requestId": "clinic"}'
        headers = dict(caller.signed_headers("/v2/pos/syncProduct", raw))
        assert b"INVALID_SIGNATURE" in self.request("POST", "/v2/pos/syncProduct", headers, raw + b"\n").body
        rows = database.read_now(lambda reading: reading.rows("select ref, public_id from store where feed <> 'shelf'"))
        self.ids: dict[str, str] = dict(rows)
        database.close()

    @property
    def origin(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

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
