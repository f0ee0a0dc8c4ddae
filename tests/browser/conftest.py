"""A real server and a real Chromium: `console` is the server with shops and users, `browser` the browser."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from browser.visitor import Shops, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shops]:
    """The demo's shops and one with hostile names, on a server of their own."""
    with Shops(f"sqlite:///{tmp_path_factory.mktemp('shops') / 'dstore.db'}") as one:
        yield one


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium of the machine, which keeps its notes in a folder that is thrown away."""
    found = os.environ.get("DSTORE_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("there is no Chromium here: install it, for example with `apt-get install chromium`")
    # Ended with the module: while it lives no test of this process can run an event loop of its own.
    with sync_playwright() as playwright:
        environment: Any = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        environment["HOME"] = str(tmp_path_factory.mktemp("home"))
        one = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], env=environment)
        yield one
        one.close()


@pytest.fixture
def visitor(shops: Shops, browser: Browser) -> Iterator[Visitor]:
    """Somebody at a desk; that nothing is complained about on the browser's console is checked at the end."""
    with Visitor(shops, browser) as one:
        yield one


@pytest.fixture
def phone(shops: Shops, browser: Browser) -> Iterator[Visitor]:
    """The same on a phone that is set to dark."""
    with Visitor(shops, browser, width=390, height=844, color_scheme="dark") as one:
        yield one
