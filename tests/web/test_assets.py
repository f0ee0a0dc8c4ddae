"""Assets: kept for ever under an address that changes with them, packed where the browser takes it, and small."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from dstore.web import assets

if TYPE_CHECKING:
    from harness.platform import Platform

MOST_SCRIPT = 30 * 1024


def test_an_asset_is_kept_for_ever_under_todays_address_and_not_under_another(platform: Platform) -> None:
    answer = platform.get(assets.address("web/app.css"))
    assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    old = platform.get("/assets/000000000000/web/app.css")
    assert (old.body, old.headers["cache-control"]) == (answer.body, "no-cache")
    assert platform.get("/assets/000000000000/web/nothing.css").status == 404
    assert platform.get("/assets/000000000000/../settings.py").status == 404


def test_an_asset_travels_packed_to_browsers_that_take_it(platform: Platform) -> None:
    plain = platform.get(assets.address("web/app.js"))
    packed = platform.get(assets.address("web/app.js"), accept_encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)


def test_the_scripts_of_a_folder_together_stay_small() -> None:
    for folder in assets.FOLDERS:
        size = sum(
            len(one.plain) for name, one in assets.files().items() if name.startswith(folder) and name.endswith(".js")
        )
        assert size <= MOST_SCRIPT, folder


def test_scripts_and_styles_name_no_other_host() -> None:
    for name, one in assets.files().items():
        text = one.plain.decode().replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, name
        assert "https:" not in text, name
