"""What a store says of itself, its tables and their codes; every change has its role, its row and its way back."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from console.places import boss, opened, product, store_id, sync
from dstore.console.table_codes import labels
from harness.person import Person, add_user
from storefront.shops import read

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def path(platform: Platform) -> str:
    return opened(platform)


def upload(person: Person, path: str, body: bytes) -> Person:
    """Send a picture as a browser does."""
    token = person.open(path).forms("/details")[0].fields["csrf"]
    edge = "edge-of-parts"
    parts = [
        f'--{edge}\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'.encode(),
        f'--{edge}\r\ncontent-disposition: form-data; name="photo"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n'.encode(),
        body,
        f"\r\n--{edge}--\r\n".encode(),
    ]
    sent = b"".join(parts)
    headers = {"content-type": f"multipart/form-data; boundary={edge}", "content-length": str(len(sent))}
    return person._send("POST", f"{path}/pictures", sent, headers)


def picture(colour: str) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(body, "PNG")
    return body.getvalue()


def test_diners_read_what_the_store_says_of_itself_and_no_sync_changes_it(platform: Platform, path: str) -> None:
    person = boss(platform).open(f"{path}/details")
    person.send("/details", announcement="Closed on Monday <b>", description="Slow food.", language="zh")
    for number in range(2):
        card = read(platform, store_id(platform))["store"]
        assert (card["announcements"], card["description"]) == (["Closed on Monday <b>"], "Slow food.")
        page = platform.get(f"/s/{store_id(platform)}").body.decode()
        assert "Closed on Monday &lt;b&gt;" in page
        assert read(platform, store_id(platform), language="zh")["language"] == "zh"
        assert read(platform, store_id(platform), language="zh")["fallbacks"] == []
        sync(platform, [product("tea", "Tea")], request_id=f"again-{number}")
    person.open(f"{path}/details").send("/details", announcement="Hello", description="")
    person.send("/details/undo")
    assert read(platform, store_id(platform))["store"]["announcements"] == ["Closed on Monday <b>"]


def test_an_undo_that_comes_too_late_changes_nothing(platform: Platform, path: str) -> None:
    first, second = boss(platform), boss(platform)
    first.open(f"{path}/details").send("/details", announcement="one")
    second.open(f"{path}/details").send("/details", announcement="two")
    first.send("/details/undo")
    assert "changed again meanwhile" in first.words
    assert read(platform, store_id(platform))["store"]["announcements"] == ["two"]


def test_pictures_are_kept_in_order_and_the_first_is_the_cover(platform: Platform, path: str) -> None:
    person = boss(platform)
    for colour in ("red", "blue"):
        upload(person, f"{path}/details", picture(colour))
    [red, blue] = read(platform, store_id(platform))["store"]["images"]
    assert platform.get(red).headers["content-type"] == "image/webp"
    person.open(f"{path}/details").send("/details/picture", 1, act="first")
    assert read(platform, store_id(platform))["store"]["images"] == [blue, red]
    person.open(f"{path}/details").send("/details/picture", 0, act="remove")
    assert read(platform, store_id(platform))["store"]["images"] == [red]
    upload(person, f"{path}/details", b"no picture")
    assert "no picture that can be read" in person.words
    assert f'src="{red}"' in platform.get(f"/s/{store_id(platform)}").body.decode()


def test_tables_have_links_and_codes_and_a_sheet(platform: Platform, path: str) -> None:
    person = boss(platform).open(f"{path}/tables")
    person.send("/tables", label="T1-3")
    person.open(f"{path}/tables").send("/tables", label="Terrace & garden")
    assert "http://test/s/" + store_id(platform) + "?table=Terrace%20%26%20garden" in person.text
    sheet = person.open(f"{path}/tables/sheet").text
    assert sheet.count("qr.svg?table=") == 4
    code = platform.get(f"/s/{store_id(platform)}/qr.svg?table=T2")
    assert code.headers["content-type"] == "image/svg+xml"
    person.open(f"{path}/tables").send("/tables/remove", 1, label="T2")
    assert person.open(f"{path}/tables/sheet").text.count("qr.svg?table=") == 3
    page = platform.get(f"/s/{store_id(platform)}?table=Terrace%20%26%20garden").body.decode()
    assert "Terrace &amp; garden" in page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7", ["7"]), ("1-3", ["1", "2", "3"]), ("T8-10", ["T8", "T9", "T10"]), ("3-1", ["3-1"]), ("A-B", ["A-B"]),
        ("1-9999", ["1-9999"]), ("x" * 21, []), ("", []), ("two\nlines", ["two lines"]),
    ],
)  # fmt: skip
def test_a_label_may_be_a_range(text: str, found: Any) -> None:
    assert labels(text) == found


def test_staff_mark_things_sold_out_and_set_nothing_else(platform: Platform, path: str) -> None:
    add_user(platform, "aunty", "staff", account="a")
    person = Person(platform).sign_in("aunty")
    assert person.open(f"{path}/sold-out").status == 200
    assert "Hours" not in person.words
    assert [person.open(f"{path}/{one}").status for one in ("hours", "details", "tables")] == [403, 403, 403]


def test_every_change_raises_the_version_and_leaves_a_row(platform: Platform, path: str) -> None:
    [[before]] = platform.rows("select version from store where ref = 's'")
    person = boss(platform)
    person.open(f"{path}/details").send("/details", announcement="one")
    person.open(f"{path}/tables").send("/tables", label="1")
    person.open(f"{path}/hours").send("/hours/close", until="open", reason="busy")
    person.send("/hours/undo")
    rows = platform.rows("select login, action, what from audit order by id")
    assert [(login, action) for login, action, _ in rows[-4:]] == [
        ("boss", "details"), ("boss", "tables added"), ("boss", "closed"), ("boss", "settings undone"),
    ]  # fmt: skip
    assert json.loads(rows[-2][2]) == {"reason": "busy", "until": None}
    [[after]] = platform.rows("select version from store where ref = 's'")
    assert after == before + 4
