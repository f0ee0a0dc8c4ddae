"""The demo: what it prints leads somewhere, who it names may sign in, and it leaves nothing behind."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S*")
# login, password, role: three cells of a row that a terminal draws.
ROW = re.compile(r"│ (\w+) +│ (\S{16}) │ (\w+) +│")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What a demo prints until it waits; it is stopped with Ctrl-C, and then its folder is gone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DSTORE_")}
    environment = {**kept, "COLUMNS": "120", "TMPDIR": str(tmp_path_factory.mktemp("demo"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "dstore", "demo"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    yield "".join(lines)
    process.send_signal(signal.SIGINT)
    assert "deleted" in process.stdout.read()
    process.stdout.close()
    assert process.wait(timeout=30) == 0
    assert list(Path(environment["TMPDIR"]).iterdir()) == []


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def read(opener: urllib.request.OpenerDirector, url: str, **fields: str) -> str:
    request = urllib.request.Request(url, headers={"Accept-Language": "en-SG"})
    with opener.open(request, urlencode(fields).encode() if fields else None, timeout=10) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
    return text


def test_every_link_leads_somewhere(printed: str) -> None:
    links = LINK.findall(printed)
    assert len(links) > 12
    assert {re.sub(r".*:\d+(/[a-z]*).*", r"\1", link) for link in links} >= {"/s", "/console", "/docs", "/storefront"}
    for link in links:
        assert read(browser(), link)


def test_everybody_it_names_may_sign_in_and_sees_what_a_merchant_made(printed: str) -> None:
    [console] = [link for link in LINK.findall(printed) if link.endswith("/console")]
    people = {role: (login, password) for login, password, role in ROW.findall(printed)}
    assert set(people) == {"owner", "staff", "operator"}
    assert len({password for _, password in people.values()}) == 3
    for role, (login, password) in people.items():
        one = browser()
        token = re.findall(r'name="csrf" value="([^"]+)"', read(one, console))[0]
        stores = read(one, f"{console}/sign-in", csrf=token, login=login, password=password)
        assert "Kopi &amp; Co" in stores
        assert ("Ah Seng" in stores) == (role == "operator")


def test_the_coffee_shops_page_shows_the_menu_that_was_published(printed: str) -> None:
    [coffee] = re.findall(r"Kopi & Co +(http\S+/s/\S+)", printed)
    page = read(browser(), coffee)
    assert "Pulled tea" in page
    assert "Kaya toast" in page
    assert "Coconut jam and cold butter" in page
    assert "Iced lemon tea" not in page
    assert re.search(r'src="/photos/[^"]+\.webp"', page)
    assert "咖椰吐司" in read(browser(), f"{coffee}?language=zh")


def test_told_to_end_it_leaves_nothing_behind_either(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DSTORE_")}
    environment = {**kept, "COLUMNS": "200", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "dstore", "demo"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "database and keys are in" in process.stdout.readline()
        assert list(tmp_path.iterdir()) != []
        process.send_signal(signal.SIGTERM)
        assert "deleted" in process.stdout.read()
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []
