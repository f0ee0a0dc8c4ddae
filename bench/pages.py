"""`python -m bench.pages`: how soon large pages are painted and can be used, in a real Chromium. Run by hand."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import App, Parameter
from playwright.sync_api import sync_playwright

from bench import report
from dstore.console import accounts
from dstore.console.roles import Role
from dstore.sandbox.catalogues import pos_catalogue
from dstore.storage.opening import open_database

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from harness.person import PASSWORD
from harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ACCOUNT, SLOWER = "bench", 4
app = App(name="bench.pages", help="Measure pages in a browser.", version_flags=[])
# The longest wait for the page's own thread counts as "not yet usable".
_READ = """() => new Promise((done) => {
  const [load] = performance.getEntriesByType("navigation");
  let blocked = load.domContentLoadedEventEnd;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) blocked = Math.max(blocked, one.startTime + one.duration); })
    .observe({ type: "longtask", buffered: true });
  const scripts = performance.getEntriesByType("resource").filter((one) => one.name.endsWith(".js"));
  // By then the first paint has been noted, too.
  setTimeout(() => done({
    first_byte: load.responseStart, paint: performance.getEntriesByName("first-contentful-paint")[0].startTime, interactive: blocked, page: load.transferSize,
    script: scripts.reduce((sum, one) => sum + one.decodedBodySize, 0),
  }), 300);
})"""


class Case(NamedTuple):
    """A page, how much slower the processor is made for it, and what it is to keep to, in milliseconds."""

    name: str
    path: str
    slower: int
    figure: str
    target: int


class Shop(Server):
    """A server with a store of 5,000 products, and one of 1,000 items for diners."""

    def fill(self) -> dict[str, str]:
        """Feed it; return the stores' public ids."""
        for ref, items in (("many", 3425), ("thousand", 1000)):
            body = {
                "requestId": ref,
                "posAccountId": ACCOUNT,
                "store": {"posStoreId": ref, "name": ref.title()},
                "products": pos_catalogue(items),
            }
            answer = self.call("syncProduct", body)
            assert answer.code == "SUCCESS", answer.message
            print(f"{ref}: {len(body['products']):,} products")
        database = open_database(self.url)
        kept = accounts.hashed(PASSWORD)

        def add_owner(one: Any) -> None:
            user = accounts.add(one, "owner", "Owner", Role.OWNER, kept, datetime.now(UTC))
            accounts.bind_account(one, user, "c1", ACCOUNT)

        database.transact_now(add_owner)
        rows = database.read_now(lambda reading: reading.rows("select ref, public_id from store where feed <> 'shelf'"))
        database.close()
        return dict(rows)


@app.default
def main(
    *, rounds: Annotated[int, Parameter(help="How often each page is opened; medians are over these.")] = 7
) -> None:
    """Open large pages and print their figures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Shop(f"sqlite:///{folder}/dstore.db") as shop,
        sync_playwright() as playwright,
    ):
        ids = shop.fill()
        many, thousand = f"/console/stores/{ids['many']}", f"/s/{ids['thousand']}"
        cases = (
            Case("product list, 5,000 products", f"{many}/products", 1, "paint", 500),
            Case("builder, 5,000 products", f"{many}/menu", 1, "paint", 500),
            Case("menu of 1,000 items, 4 x slower", thousand, SLOWER, "interactive", 1000),
        )
        path = os.environ.get("DSTORE_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        origin = f"http://127.0.0.1:{shop.port}"
        rows = [_row(case, _measured(browser, origin, case, rounds)) for case in cases]
        browser.close()
    head = ["page", "first byte ms", "first paint ms", "interactive ms", "page bytes", "script bytes", "target"]
    report.show("Pages in Chromium", (head, rows))


def _measured(browser: Browser, origin: str, case: Case, rounds: int) -> list[dict[str, float]]:
    """Open a page several times, each with a browser that has kept nothing."""
    found = []
    for turn in range(rounds + 1):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        if case.path.startswith("/console"):
            _sign_in(context, origin)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": case.slower})
        page.goto(origin + case.path, wait_until="load")
        figures: dict[str, float] = page.evaluate(_READ)
        # The first visit after a sync builds what the following ones share.
        found += [figures] if turn else []
        context.close()
    return found


def _sign_in(context: BrowserContext, origin: str) -> None:
    page = context.new_page()
    page.goto(f"{origin}/console")
    page.get_by_label("Login").fill("owner")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/stores**")
    page.close()


def _row(case: Case, figures: list[dict[str, float]]) -> list[str]:
    middle = {name: statistics.median(one[name] for one in figures) for name in figures[0]}
    kept = "kept" if middle[case.figure] < case.target else "missed"
    return [
        case.name,
        *(f"{middle[name]:.0f}" for name in ("first_byte", "paint", "interactive")),
        *(f"{middle[name]:,.0f}" for name in ("page", "script")),
        f"{case.figure} < {case.target} ms: {kept}",
    ]


if __name__ == "__main__":
    app()
