"""Every example of every page works as shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docs import pages, shell

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = {pages.name_of(page): page for page in pages.documents() if pages.examples(page)}
SERVER = """\
cp "$PREPARED"/* .
dstore serve > dstore.log &
curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:8080/readyz
"""


@pytest.mark.parametrize("name", SHOWN)
def test_the_examples_of_a_page_do_what_it_says(
    name: str, tmp_path: Path, prepared: Path, request: pytest.FixtureRequest
) -> None:
    page = SHOWN[name]
    wanted = pages.setup(page)
    before = SERVER.replace("$PREPARED", str(prepared)) if "server" in wanted else ""
    known: dict[str, str] = {}
    if "postgresql" in wanted:
        urls = request.getfixturevalue("two_databases")
        shown = ("postgresql://dstore@localhost/dstore", "postgresql://dstore@localhost/restored")
        known = dict(zip(shown, urls, strict=True))
    examples = pages.examples(page)
    for example, ran in zip(examples, shell.run(examples, tmp_path, before=before, known=known), strict=True):
        where = f"{name}:{example.block.line}"
        assert ran.failed == example.fails, f"{where}: {ran.printed}"
        if example.printed is not None:
            assert pages.fits(example.printed, ran.printed), f"{where} printed:\n{ran.printed}"


def test_the_first_call_by_hand_works_with_what_stands_in_for_curl_and_openssl(tmp_path: Path, prepared: Path) -> None:
    by_hand = pages.examples(pages.ROOT / "README.md")[1:4]
    before = SERVER.replace("$PREPARED", str(prepared))
    ran = shell.run(by_hand, tmp_path, before=before, without=["curl", "openssl"])
    assert [one.failed for one in ran] == [False] * 3
    assert all(pages.fits(example.printed or "…", one.printed) for example, one in zip(by_hand, ran, strict=True))
