"""The product list and a product's page: filters, the tree, photos, what a partner feeds."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from console.places import boss, built, opened, product, store_id, sync
from dstore import app
from dstore.catalog.merchant import photos, unused_photos
from dstore.clock import milliseconds
from dstore.sandbox import seeds
from dstore.vocabulary.limits import LIMITS
from harness.person import Person, add_user

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def path(platform: Platform) -> str:
    return opened(platform)


def picture(size: tuple[int, int] = (2000, 1500), form: str = "JPEG", **more: Any) -> bytes:
    target = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(target, form, **more)
    return target.getvalue()


def upload(person: Person, path: str, body: bytes) -> Person:
    """Send a file as the product's page does."""
    person.open(f"{path}/product?id=tea")
    fields = person.forms("/product/photo")[0].fields
    edge = b"edge-of-a-part"
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(
        b'Content-Disposition: form-data; name="photo"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + body
    )
    whole = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + edge + b"--\r\n"
    kind = {"content-type": f"multipart/form-data; boundary={edge.decode()}", "content-length": str(len(whole))}
    return person._send("POST", f"{path}/product/photo", whole, kind)


def test_products_are_found_by_name_and_id_and_by_what_is_the_matter_with_them(platform: Platform, path: str) -> None:
    sync(
        platform,
        [product("tea", "Tea"), {**product("cake", "Cake"), "status": "SOLDOUT"}, product("x-1", "Pie")],
        request_id="second",
    )
    person = boss(platform)
    words = person.open(f"{path}/products?filter=sold-out").words
    assert "Cake" in words
    assert "Pie" not in words
    words = person.open(f"{path}/products?q=X-1").words
    assert "Pie" in words
    assert "Tea" not in words.partition("Used in")[2]
    assert "Nothing fits" in person.open(f"{path}/products?q=nothing+like+it").words


def test_a_product_that_asks_for_more_than_there_is_is_doubtful(platform: Platform, path: str) -> None:
    group = {
        "posProductId": "g",
        "type": "GROUP",
        "status": "AVAILABLE",
        "name": "Choose five",
        "quantityRule": {"min": 5, "max": 5},
        "subProducts": ["o"],
    }
    option = {
        "posProductId": "o",
        "type": "MODIFIER",
        "status": "AVAILABLE",
        "name": "Only one",
        "price": {"currency": "SGD", "value": 0},
        "quantityRule": {"min": 0, "max": 1},
    }
    sync(platform, [product("tea", "Tea", subProducts=["g"]), group, option], request_id="doubtful")
    person = boss(platform)
    assert "Choose five" in person.open(f"{path}/products?filter=faulty").words
    words = person.open(f"{path}/product?id=tea").words
    assert "exactly 5" in words
    assert "Only one" in words


def test_a_photo_is_made_small_and_what_was_hidden_in_it_is_gone(platform: Platform, path: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a telephone"
    person = upload(boss(platform), path, picture(exif=exif))
    assert "Saved in the draft" in person.words
    [[name, body]] = platform.rows("select name, body from photo")
    with Image.open(io.BytesIO(body)) as kept:
        assert (kept.format, max(kept.size), dict(kept.getexif())) == ("WEBP", photos.LONGEST_SIDE, {})
    built(person, path, "tea")
    [item] = platform.menu()["menus"][0]["categories"][0]["items"]
    assert item["images"] == [f"/photos/{store_id(platform)}/{name}.webp"]
    answer = platform.get(item["images"][0])
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "image/webp", bytes(body))
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"no picture at all", "no picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be read"),
        (picture((20, 20), "PNG"), "too small"),
        (picture((300, 300))[:400], "no picture that can be read"),
    ],
)
def test_what_is_no_usable_photo_is_refused_and_nothing_changes(
    platform: Platform, path: str, body: bytes, said: str
) -> None:
    person = upload(boss(platform), path, body)
    assert said in person.words
    assert platform.rows("select 1 from photo") == []


def kept(platform: Platform) -> set[str]:
    return {name for [name] in platform.rows("select name from photo")}


def test_photos_go_a_day_after_nothing_uses_them_neither_a_draft_nor_a_menu_that_may_come_back(
    platform: Platform, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(shade: int) -> str:
        target = io.BytesIO()
        Image.new("RGB", (100, 100), (shade, 0, 0)).save(target, "PNG")
        before = kept(platform)
        assert "Saved in the draft" in upload(boss(platform), path, target.getvalue()).words
        [new] = kept(platform) - before
        return new

    published = put(0)
    built(boss(platform), path, "tea")
    replaced, undoable, drafted = put(60), put(120), put(180)
    day = timedelta(milliseconds=unused_photos.KEPT_MILLISECONDS)
    now = milliseconds(platform.clock.now())
    assert unused_photos.sweep(platform.database, now) == 0
    platform.clock.advance(day + app.PHOTOS_EVERY)
    monkeypatch.setattr(app, "TEND_SECONDS", 0)
    platform.restart()
    platform.clock.advance(app.PHOTOS_EVERY)
    for _ in range(10_000):
        if replaced not in kept(platform):
            break
        platform.get("/healthz")
    assert kept(platform) == {published, undoable, drafted}


def test_a_store_has_only_so_many_photos_and_one_that_it_has_is_no_other(
    platform: Platform, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "photos", LIMITS["photos"]._replace(number=1))
    first, second = picture((60, 60)), picture((70, 70))
    upload(boss(platform), path, first)
    names = kept(platform)
    assert "as many photos as it may have, 1;" in upload(boss(platform), path, second).words
    assert kept(platform) == names
    platform.clock.advance(timedelta(days=2))
    assert "Saved in the draft" in upload(boss(platform), path, first).words
    assert platform.rows("select at from photo") == [(milliseconds(platform.clock.now()),)]


def test_a_file_larger_than_the_limit_is_not_even_read(platform: Platform, path: str) -> None:
    person = upload(boss(platform), path, b"\xff\xd8" + bytes(photos.MOST_BYTES + 100_000))
    assert person.status == 413


def test_a_store_that_a_partner_feeds_is_shown_as_it_came_and_has_no_builder(platform: Platform) -> None:
    for _, target, body in seeds.feeds():
        assert platform.call(target, body).code == "SUCCESS"
    add_user(platform, "stall", "owner", store=store_id(platform, "ah-seng"))
    person = Person(platform).sign_in("stall")
    path = f"/console/stores/{store_id(platform, 'ah-seng')}"
    assert person.at == path
    assert "Satay, ten sticks" in person.open(f"{path}/products").words
    assert person.open(f"{path}/menu").status == 404
    assert f'href="{path}/menu"' not in person.open(path).text


def test_five_thousand_products_are_paged(platform: Platform, path: str) -> None:
    sync(platform, [product(f"p{number}", f"Dish {number}") for number in range(5000)], request_id="many")
    person = boss(platform).open(f"{path}/products")
    assert "Page 1 of 50" in person.words
    assert len(person.answer.body) < 150_000
    assert "Dish 4999" in person.open(f"{path}/products?page=50").words
    assert "5,000 on no menu" in person.open(f"{path}/menu").words or "5000 on no menu" in person.words
    assert len(person.answer.body) < 150_000


def test_what_costs_nothing_before_a_choice_is_made_is_listed_from_its_cheapest_as_diners_see_it(
    platform: Platform, path: str
) -> None:
    def money(value: int) -> dict[str, Any]:
        return {"currency": "SGD", "value": value}

    sizes = {"posProductId": "size", "type": "GROUP", "status": "AVAILABLE", "name": "Size", "subProducts": ["s", "l"]}
    in_group = [
        {"posProductIds": ["size"], "price": money(600)},
        {"posProductIds": ["size"], "price": money(999)},
    ]
    shop = [
        product("latte", "Latte", 0, subProducts=["size"]),
        {**sizes, "quantityRule": {"min": 1, "max": 1}},
        {**product("s", "Small", 450, overloads=in_group), "type": "MODIFIER"},
        {**product("l", "Large", 700), "type": "MODIFIER"},
        product("tea", "Tea"),
    ]
    sync(platform, shop, request_id="sizes")
    person, cheapest = boss(platform), re.compile(r"from SGD\s?6\.00")
    assert cheapest.search(person.open(f"/s/{store_id(platform)}").words)
    for page in ("products", "menu"):
        words = person.open(f"{path}/{page}").words
        assert cheapest.search(words), page
        assert (words.count("from SGD"), "0.00" in words) == (1, False), page
    words = person.open(f"{path}/product?id=latte").words
    assert re.search(r"Price SGD\s?0\.00 follows the POS from SGD\s?6\.00", words)
    assert re.search(r"Here at its own price or quantity SGD\s?6\.00", words)
    off = [{**one, "status": "SOLDOUT"} if one["posProductId"] in {"s", "l"} else one for one in shop]
    sync(platform, off, request_id="sizes are off")
    assert cheapest.search(person.open(f"{path}/products").words)
