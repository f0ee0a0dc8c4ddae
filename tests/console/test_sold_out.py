"""Sold out: marked by a person, seen by diners, over by itself; no feed and no sync has a say in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from console.places import boss, built, opened, product, store_id, sync
from dstore.catalog.kinds import ADDON, ITEM, PRODUCT
from dstore.catalog.merchant import sold_out
from dstore.console.visits import Desk
from harness import stall
from harness.person import Person, add_user
from storefront.shops import choices, hidden, items, price, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # Sunday, 12:00 in Singapore
TEA, CAKE = f"{PRODUCT.number}:tea", f"{PRODUCT.number}:cake"
SPICY = {**product("spicy", "Extra spicy"), "type": "MODIFIER"}
MILD = {**product("mild", "Mild"), "type": "MODIFIER"}
SOUP = product("soup", "Soup", subProducts=["heat"])
PRODUCTS = [product("tea", "Tea"), product("cake", "Cake"), SOUP, choices("heat", 1, 1, "spicy", "mild"), SPICY, MILD]


@pytest.fixture
def path(platform: Platform) -> str:
    return opened(platform, PRODUCTS)


def mark(person: Person, path: str, act: str, until: str = "30m", at: str = "", reason: str = "ran-out") -> Person:
    person.open(f"{path}/sold-out")
    return person.send("/sold-out", act=act, until=until, at=at, reason=reason)


def seen(platform: Platform) -> dict[str, Any]:
    return items(read(platform, store_id(platform)))


def available(platform: Platform) -> dict[str, bool]:
    return {name: item["available"] for name, item in seen(platform).items()}


def at(platform: Platform, moment: str) -> None:
    platform.clock.set(datetime.fromisoformat(moment))


def test_half_an_hour_ends_by_itself_to_the_second_and_every_answer_knows_when(platform: Platform, path: str) -> None:
    mark(boss(platform), path, f"mark|{TEA}")
    document = read(platform, store_id(platform))
    reason = items(document)["tea"]["reason"]
    assert (reason["code"], reason["rule"]) == ("SOLD_OUT", "merchant.soldOut")
    assert reason["until"] == document["validUntil"] == "2026-11-22T12:30:00+08:00"
    status, refusal = price(platform, store_id(platform), {"item": "tea"}, service="PICKUP")
    assert (status, refusal["refusals"][0]["until"]) == (422, reason["until"])
    assert "Sold out." in platform.get(f"/s/{store_id(platform)}").body.decode()
    [[version]] = platform.rows("select version from store where ref = 's'")
    at(platform, "2026-11-22T12:29:59.999+08:00")
    assert available(platform) == {"tea": False, "cake": True, "soup": True}
    at(platform, "2026-11-22T12:30:00+08:00")
    assert available(platform) == {"tea": True, "cake": True, "soup": True}
    assert "validUntil" not in read(platform, store_id(platform))
    assert price(platform, store_id(platform), {"item": "tea"}, service="PICKUP")[0] == 200
    assert "Sold out." not in platform.get(f"/s/{store_id(platform)}").body.decode()
    assert platform.rows("select version from store where ref = 's'") == [(version,)]


def test_an_hour_of_ones_own_is_read_by_the_stores_clock_and_one_that_is_past_is_refused(
    platform: Platform, path: str
) -> None:
    person = mark(boss(platform), path, f"mark|{TEA}", "time", "2026-11-22T18:15")
    assert seen(platform)["tea"]["reason"]["until"] == "2026-11-22T18:15:00+08:00"
    for wrong in ("2026-11-22T11:59", "2028-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59-12:00", "", "soon"):
        mark(person, path, f"mark|{CAKE}", "time", wrong)
        assert "Choose a time that is still to come" in person.words
    assert available(platform)["cake"]


def test_without_an_end_it_lasts_until_somebody_says_so(platform: Platform, path: str) -> None:
    person = mark(boss(platform), path, f"mark|{TEA}", "open")
    platform.clock.advance(timedelta(days=300))
    assert "until" not in seen(platform)["tea"]["reason"]
    person = boss(platform)
    mark(person, path, f"clear|{TEA}")
    assert available(platform)["tea"]
    assert "Tea is back on sale" in person.words


def test_the_day_ends_at_midnight_where_nobody_has_set_hours(platform: Platform, path: str) -> None:
    mark(boss(platform), path, f"mark|{TEA}", "day")
    assert seen(platform)["tea"]["reason"]["until"] == "2026-11-23T00:00:00+08:00"


def test_a_sold_out_option_closes_what_can_not_do_without_it(platform: Platform, path: str) -> None:
    person = mark(boss(platform), path, f"mark|{PRODUCT.number}:spicy")
    document = read(platform, store_id(platform))
    options = {one["id"]: one["available"] for one in document["groups"][0]["options"]}
    assert (options, items(document)["soup"]["available"]) == ({"spicy": False, "mild": True}, True)
    mark(person, path, f"mark|{PRODUCT.number}:mild", "open")
    assert seen(platform)["soup"]["reason"]["code"] == "NOT_ENOUGH_OPTIONS"
    platform.clock.advance(timedelta(minutes=30))
    assert available(platform)["soup"]


def test_the_tills_word_and_the_merchants_stand_apart_and_either_is_enough(platform: Platform, path: str) -> None:
    person = mark(boss(platform), path, f"mark|{TEA}", "open")
    status = {"posAccountId": "a", "store": {"posStoreId": "s"}}
    off = {"posProductId": "tea", "status": "SOLDOUT"}
    assert platform.call("syncProduct", {**status, "requestId": "off", "products": [off]}).code == "SUCCESS"
    assert person.open(f"{path}/sold-out?filter=fed").words.count("Sold out You Sold out Ran out") == 1
    mark(person, path, f"clear|{TEA}")
    assert "the source still says Tea is sold out" in person.words
    assert seen(platform)["tea"]["reason"]["rule"] == "status"
    mark(person, path, f"mark|{TEA}", "open")
    on = {"posProductId": "tea", "status": "AVAILABLE"}
    assert platform.call("syncProduct", {**status, "requestId": "on", "products": [on]}).code == "SUCCESS"
    assert seen(platform)["tea"]["reason"]["rule"] == "merchant.soldOut"


def test_no_sync_turns_anything_back_on_and_what_returns_keeps_its_mark_while_it_lasts(
    platform: Platform, path: str
) -> None:
    built(boss(platform), path, "tea", "cake")
    mark(boss(platform), path, f"mark|{TEA}", "time", "2026-11-22T13:00")
    sync(platform, PRODUCTS, request_id="again")
    assert available(platform) == {"tea": False, "cake": True}
    sync(platform, PRODUCTS[1:], request_id="without")
    assert available(platform) == {"cake": True}
    sync(platform, PRODUCTS, request_id="back")
    assert available(platform) == {"tea": False, "cake": True}
    at(platform, "2026-11-22T13:00+08:00")
    assert available(platform) == {"tea": True, "cake": True}


def test_several_at_once_and_one_undo_brings_back_what_was_before(platform: Platform, path: str) -> None:
    person = mark(boss(platform), path, f"mark|{TEA}", "open")
    person.open(f"{path}/sold-out")
    token = person.forms("/sold-out")[0].fields["csrf"]
    person.post(f"{path}/sold-out", {"csrf": token, "act": "mark", "thing": CAKE, "until": "30m", "reason": "today"})
    assert available(platform) == {"tea": False, "cake": False, "soup": True}
    person.send("/sold-out/undo")
    assert available(platform) == {"tea": False, "cake": True, "soup": True}
    mark(person, path, f"mark|{TEA}", "30m")
    person.send("/sold-out/undo")
    assert "until" not in seen(platform)["tea"]["reason"]
    acts = [
        json.loads(what) for [what] in platform.rows("select what from audit where action = 'sold out' order by id")
    ]
    assert [one["things"] for one in acts] == [["tea"], ["cake"], ["tea"]]


def test_an_undo_leaves_alone_what_another_person_marked_since(platform: Platform, path: str) -> None:
    add_user(platform, "aunty", "staff", account="a")
    first = mark(boss(platform), path, f"mark|{TEA}")
    mark(Person(platform).sign_in("aunty"), path, f"mark|{TEA}", "open")
    first.send("/sold-out/undo")
    assert not available(platform)["tea"]
    assert "until" not in seen(platform)["tea"]["reason"]


def test_an_undo_leaves_alone_what_another_person_cleared_since(platform: Platform, path: str) -> None:
    add_user(platform, "aunty", "staff", account="a")
    first = mark(boss(platform), path, f"mark|{TEA}", "open")
    first.open(f"{path}/sold-out")
    token = first.forms("/sold-out")[0].fields["csrf"]
    first.post(f"{path}/sold-out", {"csrf": token, "act": "clear", "thing": TEA})
    other = Person(platform).sign_in("aunty")
    for act in (f"mark|{TEA}", f"clear|{TEA}"):
        mark(other, path, act)
    first.send("/sold-out/undo")
    assert available(platform)["tea"]
    third = mark(boss(platform), path, f"mark|{TEA}", "30m")
    mark(third, path, f"mark|{TEA}", "open")
    mark(other, path, f"clear|{TEA}")
    third.send("/sold-out/undo")
    assert available(platform) == {"tea": True, "cake": True, "soup": True}


def test_a_thing_named_twice_in_one_act_counts_once(platform: Platform, path: str) -> None:
    [[number]] = platform.rows("select id from store where ref = 's'")
    tea = (PRODUCT.number, "tea")

    def in_transaction(job: Callable[[Desk], Any]) -> Any:
        return platform.transact(lambda one: job(Desk(one, "boss", 1)))

    act = in_transaction(lambda desk: sold_out.mark(desk, number, [tea, tea], "today", None, "boss"))
    assert not available(platform)["tea"]
    assert in_transaction(lambda desk: sold_out.undo(desk, number, act, "boss"))
    assert available(platform)["tea"]


def test_nothing_chosen_or_unknown_changes_nothing(platform: Platform, path: str) -> None:
    person = boss(platform)
    [[version]] = platform.rows("select version from store where ref = 's'")
    for act in ("mark", f"mark|{PRODUCT.number}:nothing", "mark|x", f"mark|{ITEM.number}:tea"):
        mark(person, path, act)
        assert "Choose products or options first" in person.words
    assert platform.rows("select version from store where ref = 's'") == [(version,)]


def test_a_partners_dishes_and_add_ons_can_be_marked_too_and_the_feed_brings_none_of_them_back(
    platform: Platform,
) -> None:
    def feed() -> None:
        dish = stall.item("rice", stall.group("more", stall.addon("egg"), stall.addon("tofu")))
        menus = [
            stall.menu("m", stall.category("c", dish, stall.item("soup"))),
            stall.menu("n", stall.category("c", stall.item("rice")), kind="DINEIN"),
        ]
        assert stall.initialize(platform, stall.store("s", *menus)).code == "SUCCESS"

    feed()
    public_id = store_id(platform)
    add_user(platform, "boss", "owner", store=public_id)
    path = f"/console/stores/{public_id}"
    person = mark(boss(platform), path, f"mark|{ITEM.number}:rice")
    mark(person, path, f"mark|{ADDON.number}:egg", "open")
    for again in range(2):
        document = read(platform, public_id)
        places = [one for menu in document["menus"] for category in menu["categories"] for one in category["items"]]
        assert [one["available"] for one in places if one["id"] == "rice"] == [False, False], again
        options = {one["id"]: one["available"] for one in document["groups"][0]["options"]}
        assert options == {"egg": False, "tofu": True}
        feed()
    platform.clock.advance(timedelta(minutes=30))
    assert items(read(platform, public_id))["rice"]["available"]
    assert hidden(read(platform, public_id)) == {}


def test_lists_are_searched_and_filtered_and_say_how_long_a_mark_lasts(platform: Platform, path: str) -> None:
    person = mark(boss(platform), path, f"mark|{TEA}")
    assert "in 30 minutes (11/22/26, 12:30" in person.words
    assert 'data-left="1800"' in person.text
    assert "Cake" not in person.open(f"{path}/sold-out?q=TEA").words
    assert "Cake" not in person.open(f"{path}/sold-out?filter=mine").words
    assert "Extra spicy" in person.open(f"{path}/sold-out?kind=option").words
    assert "Everything is on sale" in person.open(f"{path}/sold-out?filter=fed").words
    platform.clock.advance(timedelta(minutes=29))
    assert 'data-left="60"' in person.open(f"{path}/sold-out").text


def test_products_and_menu_tell_the_merchants_marks_from_the_tills(platform: Platform, path: str) -> None:
    built(boss(platform), path, "tea")
    person = mark(boss(platform), path, f"mark|{TEA}")
    mark(person, path, f"mark|{CAKE}")
    off = [{**product("tea", "Tea"), "status": "SOLDOUT"}, *PRODUCTS[1:]]
    sync(platform, off, request_id="tea is off")
    assert "Products 3 Sold out 2" in person.open(path).words
    both, own = "Sold out at the POS Marked sold out by you", "Marked sold out by you"
    for page in ("products?filter=sold-out", "menu"):
        words = person.open(f"{path}/{page}").words
        assert (words.count(both), words.count(own)) == (1, 2), page
    assert "Soup" not in person.open(f"{path}/products?filter=sold-out").words.partition("Used in")[2]
    words = person.open(f"{path}/product?id=cake").words
    assert f"Available at the POS {own}" in words
    assert "Availability Available Sold out Sold out" in words
    platform.clock.advance(timedelta(minutes=30))
    assert own not in boss(platform).open(f"{path}/products").words


def test_the_list_of_what_a_partner_feeds_shows_marks_beside_what_the_feed_says(platform: Platform) -> None:
    menu = stall.menu("m", stall.category("c", stall.item("rice"), stall.item("soup")))
    assert stall.initialize(platform, stall.store("s", menu)).code == "SUCCESS"
    add_user(platform, "boss", "owner", store=store_id(platform))
    path = f"/console/stores/{store_id(platform)}"
    person = mark(boss(platform), path, f"mark|{ITEM.number}:rice")
    words = person.open(f"{path}/products").words
    assert (words.count("Marked sold out by you"), words.count("Available")) == (1, 1)
    assert "Products 2 Sold out 1" in person.open(path).words
