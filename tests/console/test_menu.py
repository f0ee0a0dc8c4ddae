"""From a sync to a published menu, and what becomes of the merchant's work when the POS sends again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from console.places import act, boss, built, opened, product, store_id, sync

if TYPE_CHECKING:
    from harness.platform import Platform

PRODUCTS = [product("tea", "Tea"), product("cake", "Cake"), product("soup", "Soup")]


@pytest.fixture
def path(platform: Platform) -> str:
    return opened(platform, PRODUCTS)


def shown(platform: Platform, query: str = "") -> dict[str, list[str]]:
    """What diners see: the names below each heading."""
    document = json.loads(platform.get(f"/storefront/v1/stores/{store_id(platform)}/menu{query}").body)
    return {
        category["title"]: [item["name"] for item in category["items"]]
        for menu in document["menus"] for category in menu["categories"]
    }  # fmt: skip


def test_diners_see_everything_until_the_first_publishing_and_then_only_what_was_published(
    platform: Platform, path: str
) -> None:
    assert shown(platform) == {"Products": ["Tea", "Cake", "Soup"]}
    person = boss(platform)
    act(person, f"{path}/menu", "add-category", name="Drinks")
    act(person, person.at, "place", product="tea")
    assert shown(platform) == {"Products": ["Tea", "Cake", "Soup"]}
    person.open(f"{path}/menu/publish")
    assert "Tea" in person.words
    person.send("/menu/publish", note="first")
    assert shown(platform) == {"Drinks": ["Tea"]}


def test_publishing_is_a_new_version_of_the_store_and_editing_the_draft_is_none(platform: Platform, path: str) -> None:
    [[before]] = platform.rows("select version from store where ref = 's'")
    person = boss(platform)
    act(person, f"{path}/menu", "add-category", name="Drinks")
    act(person, person.at, "place", product="tea")
    [[draft]] = platform.rows("select version from store where ref = 's'")
    tag = platform.get(f"/storefront/v1/stores/{store_id(platform)}/menu").headers["etag"]
    person.open(f"{path}/menu/publish").send("/menu/publish", note="")
    [[published]] = platform.rows("select version from store where ref = 's'")
    assert (draft, published) == (before, before + 1)
    assert platform.get(f"/storefront/v1/stores/{store_id(platform)}/menu").headers["etag"] != tag


def test_the_layer_survives_any_number_of_full_syncs_removals_and_returns(platform: Platform, path: str) -> None:
    person = boss(platform)
    person.open(f"{path}/product?id=tea").send(
        "/product", 0, **{"name": "House tea", "description": "Hot", "name-zh": "茶"}
    )
    built(person, path, "tea", "cake")
    for number in range(6):
        sync(platform, PRODUCTS[number % 2 :], request_id=f"again-{number}")
        assert shown(platform) == {"Drinks": ["House tea", "Cake"] if number % 2 == 0 else ["Cake"]}
    gone = person.open(f"{path}/products?filter=gone").words
    assert "House tea" in gone
    assert "Gone from the POS" in gone
    sync(platform, PRODUCTS, request_id="back")
    assert shown(platform) == {"Drinks": ["House tea", "Cake"]}
    assert shown(platform, "?language=zh") == {"Drinks": ["茶", "Cake"]}


def test_price_and_status_are_the_tills_and_reach_diners_without_publishing(platform: Platform, path: str) -> None:
    built(boss(platform), path, "tea")
    sync(platform, [{**product("tea", "Tea", 990), "status": "SOLDOUT"}], request_id="dearer")
    [item] = platform.menu()["menus"][0]["categories"][0]["items"]
    assert (item["price"]["amount"], item["available"]) == (990, False)


def test_a_new_name_of_the_till_is_offered_and_can_be_taken_or_left(platform: Platform, path: str) -> None:
    person = boss(platform)
    person.open(f"{path}/product?id=tea").send("/product", name="House tea")
    assert "POS now says" not in person.words
    sync(platform, [product("tea", "Ceylon tea"), *PRODUCTS[1:]], request_id="renamed")
    person.open(f"{path}/product?id=tea")
    assert "POS now says “ Ceylon tea ”" in person.words
    person.send("/product/name", choice="keep")
    assert "POS now says" not in person.words
    assert "House tea" in person.words
    sync(platform, [product("tea", "Green tea"), *PRODUCTS[1:]], request_id="renamed again")
    person.open(f"{path}/product?id=tea").send("/product/name", choice="take")
    built(person, path, "tea")
    assert shown(platform) == {"Drinks": ["Green tea"]}


def test_new_products_wait_and_are_counted(platform: Platform, path: str) -> None:
    person = boss(platform)
    built(person, path, "tea", "cake", "soup")
    sync(platform, [*PRODUCTS, product("pie", "Pie"), product("jam", "Jam")], request_id="more")
    assert "2 products are not on a menu" in person.open(f"{path}/products").words
    for chosen in ("waiting", "new"):
        words = person.open(f"{path}/products?filter={chosen}").words
        assert "Pie" in words
        assert "Cake" not in words
    assert shown(platform) == {"Drinks": ["Tea", "Cake", "Soup"]}


def test_the_difference_is_shown_before_publishing_and_only_that_draft_is_published(
    platform: Platform, path: str
) -> None:
    person, other = boss(platform), boss(platform)
    built(person, path, "tea")
    act(person, f"{path}/menu", "place", product="cake")
    person.open(f"{path}/menu/publish")
    assert "1 change" in person.words
    act(other, f"{path}/menu", "place", product="soup")
    person.send("/menu/publish", note="")
    assert "The draft was changed meanwhile" in person.words
    assert shown(platform) == {"Drinks": ["Tea"]}


def test_a_page_opened_before_a_publishing_publishes_nothing_of_a_later_draft(platform: Platform, path: str) -> None:
    person, other = boss(platform), boss(platform)
    built(person, path, "tea")
    act(person, f"{path}/menu", "place", product="cake")
    person.open(f"{path}/menu/publish")
    other.open(f"{path}/menu/publish").send("/menu/publish", note="")
    act(other, f"{path}/menu", "place", product="soup")
    person.send("/menu/publish", note="")
    assert "The draft was changed meanwhile" in person.words
    assert shown(platform) == {"Drinks": ["Tea", "Cake"]}


def test_an_earlier_version_can_be_brought_back(platform: Platform, path: str) -> None:
    person = boss(platform)
    built(person, path, "tea")
    act(person, f"{path}/menu", "remove::tea", category="c1")
    act(person, f"{path}/menu", "place", product="cake", category="c1")
    person.open(f"{path}/menu/publish").send("/menu/publish", note="")
    assert shown(platform) == {"Drinks": ["Cake"]}
    person.open(f"{path}/menu/publish").send("/menu/restore", 1)
    assert shown(platform) == {"Drinks": ["Cake"]}
    person.send("/menu/publish", note="back")
    assert shown(platform) == {"Drinks": ["Tea"]}


def test_an_edit_can_be_undone_until_the_next_one(platform: Platform, path: str) -> None:
    person = boss(platform)
    act(person, f"{path}/menu", "add-category", name="Drinks")
    act(person, person.at, "place", product="tea")
    person.send("/menu/undo")
    assert "Undone" in person.words
    act(person, f"{path}/menu", "place", product="cake")
    stale = person.forms("/menu/undo")[0].fields
    act(person, f"{path}/menu", "place", product="soup")
    person.post(f"{path}/menu/undo", stale)
    assert "can not be undone any more" in person.words
    person.open(f"{path}/menu/publish").send("/menu/publish", note="")
    assert shown(platform) == {"Drinks": ["Cake", "Soup"]}


def test_products_and_categories_are_put_in_order(platform: Platform, path: str) -> None:
    person = boss(platform)
    act(person, f"{path}/menu", "add-category", name="Drinks")
    for one in ("tea", "cake", "soup"):
        act(person, person.at, "place", product=one)
    act(person, f"{path}/menu?category=c1", "move:0:soup")
    act(person, f"{path}/menu", "add-category", name="Food")
    act(person, f"{path}/menu?category=c2", "place", product="cake")
    act(person, f"{path}/menu?category=c1", "move-category:0:c2")
    person.open(f"{path}/menu/publish").send("/menu/publish", note="")
    assert list(shown(platform).items()) == [("Food", ["Cake"]), ("Drinks", ["Soup", "Tea", "Cake"])]


def test_a_service_may_have_a_menu_of_its_own(platform: Platform, path: str) -> None:
    person = boss(platform)
    built(person, path, "tea", "cake")
    act(person, f"{path}/menu", "add-menu::DINEIN")
    act(person, f"{path}/menu?service=DINEIN&category=c1", "remove::cake")
    person.open(f"{path}/menu/publish").send("/menu/publish", note="")
    assert shown(platform, "?service=DINEIN") == {"Drinks": ["Tea"]}
    assert shown(platform, "?service=PICKUP") == {"Drinks": ["Tea", "Cake"]}
    types = [menu["type"] for menu in platform.menu()["menus"]]
    assert sorted(types) == ["DINEIN", "PICKUP"]


def test_every_act_leaves_a_row_of_who_did_it(platform: Platform, path: str) -> None:
    built(boss(platform), path, "tea")
    rows = platform.rows("select login, action from audit where store_id <> 0 order by id")
    assert rows == [("boss", "add-category"), ("boss", "place"), ("boss", "publish")]


def test_the_preview_is_the_storefronts_own_answer_with_the_draft(platform: Platform, path: str) -> None:
    person = boss(platform)
    built(person, path, "tea")
    act(person, f"{path}/menu", "place", product="cake")
    assert "Cake" in person.open(f"{path}/menu/preview/page?at=2026-11-23T09:00").words
    assert person.answer.headers["cache-control"] == "no-store"
    person.open(f"{path}/menu/preview?at=2026-11-23T09:00&service=DINEIN")
    assert f"{path}/menu/preview/page?at=2026-11-23T09%3A00&amp;service=DINEIN" in person.text
    person.open(f"{path}/menu/preview?of=published")
    assert f'src="/s/{store_id(platform)}"' in person.text
    assert "Cake" not in person.open(f"/s/{store_id(platform)}").words
