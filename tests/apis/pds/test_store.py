"""initializeStore: trees replaced whole, all stores or none, first record wins, links checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness import stall

if TYPE_CHECKING:
    from harness.platform import Platform


def test_a_store_is_seen_with_its_menu_nested_groups_and_prices(platform: Platform) -> None:
    assert stall.initialize(platform).code == "SUCCESS"
    menu = platform.menu()
    assert menu["store"]["name"] == "Stall stall1"
    [category] = menu["menus"][0]["categories"]
    assert [(one["id"], one["price"]["amount"], one["groups"]) for one in category["items"]] == [
        ("horfun", 400, ["toppings"]),
        ("laksa", 550, ["toppings"]),
    ]
    groups = {group["id"]: group for group in menu["groups"]}
    assert [option["id"] for option in groups["toppings"]["options"]] == ["chicken", "egg"]
    assert groups["toppings"]["options"][0]["groups"] == ["sides"]
    assert groups["sides"]["options"][0]["price"] == {"amount": 10, "currency": "SGD"}


def test_of_a_repeated_group_the_first_record_counts(platform: Platform) -> None:
    first, second = stall.group("g", stall.addon("a")), stall.group("g", stall.addon("b"), most=9)
    stall.initialize(
        platform,
        stall.store("s", stall.menu("m", stall.category("c", stall.item("x", first), stall.item("y", second)))),
    )
    [group] = platform.menu()["groups"]
    assert group["quantity"]["max"] == 1
    assert [option["id"] for option in group["options"]] == ["a"]
    assert [one["groups"] for one in platform.menu()["menus"][0]["categories"][0]["items"]] == [["g"], ["g"]]


def test_initializing_again_replaces_the_listed_store_and_leaves_others(platform: Platform) -> None:
    stall.initialize(
        platform, stall.noodles(), stall.store("stall2", stall.menu("m", stall.category("c", stall.item("tea"))))
    )
    smaller = stall.store("stall1", stall.menu("m1", stall.category("c1", stall.item("laksa"))))
    assert stall.initialize(platform, smaller, request_id="again").code == "SUCCESS"
    shown = {menu["store"]["name"]: menu for menu in (platform.menu(0), platform.menu(1))}
    assert [one["id"] for one in shown["Stall stall1"]["menus"][0]["categories"][0]["items"]] == ["laksa"]
    assert [one["id"] for one in shown["Stall stall2"]["menus"][0]["categories"][0]["items"]] == ["tea"]


def test_one_bad_store_among_many_applies_nothing_and_is_named(platform: Platform) -> None:
    stores = [stall.store(f"s{number}", stall.menu("m", stall.category("c", stall.item("x")))) for number in range(20)]
    stores[13]["menus"][0]["categories"][0]["items"][0]["itemInfo"]["priceInfo"]["saleAmount"] = -1
    answer = stall.initialize(platform, *stores)
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "stores[13].menus[0].categories[0].items[0].itemInfo.priceInfo.saleAmount: -1 is below 0"
    assert platform.rows("select count(*) from store") == [(0,)]


def test_a_store_in_an_area_that_was_not_fed_is_refused(platform: Platform) -> None:
    answer = stall.initialize(platform, stall.noodles(), stall.store("s2", areaId="A9"))
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "stores[1].storeInfo.areaId: no shopping area 'A9' has been fed, or it is deleted"
    assert platform.rows("select count(*) from store where feed = 'pds'") == [(0,)]


def test_a_circle_of_groups_is_refused(platform: Platform) -> None:
    inner = stall.group("g2", stall.addon("b", stall.group("g1", stall.addon("a"))))
    answer = stall.initialize(
        platform,
        stall.store(
            "s", stall.menu("m", stall.category("c", stall.item("x", stall.group("g1", stall.addon("a", inner)))))
        ),
    )
    assert answer.code == "PARAM_ILLEGAL"
    assert "modifier groups make a circle: g1 > g2 > g1" in answer.message


def nested(letter: str, levels: int, *below: Any) -> Any:
    """Return a group that nests so many levels of groups; below the last one there are others."""
    group = stall.group(f"{letter}{levels}", stall.addon(f"{letter}{levels}-in", *below))
    for level in range(levels - 1, 0, -1):
        group = stall.group(f"{letter}{level}", stall.addon(f"{letter}{level}-in", group))
    return group


def test_levels_are_counted_through_groups_that_are_repeated(platform: Platform) -> None:
    for levels, code in ((1, "PARAM_ILLEGAL"), (9, "PARAM_ILLEGAL"), (0, "SUCCESS")):
        again = stall.group("g1")
        second = nested("h", levels, again) if levels else again
        dishes = stall.item("i", nested("g", 10)), stall.item("j", second)
        store = stall.store("s", stall.menu("m", stall.category("c", *dishes)))
        answer = stall.initialize(platform, store, request_id=f"{levels}")
        assert answer.code == code
        if levels:
            assert answer.message == (
                "stores[0].menus[0].categories[0].items[1].modifierGroups[0]: "
                f"nests {10 + levels} levels of groups, at most 10 are allowed"
            )


def test_an_unchanged_store_keeps_its_version_and_a_changed_item_raises_it(platform: Platform) -> None:
    stall.initialize(platform)
    version = platform.menu()["version"]
    stall.initialize(platform, request_id="same")
    assert platform.menu()["version"] == version
    changed = stall.noodles()
    changed["menus"][0]["categories"][0]["items"][1]["itemInfo"]["itemTitle"] = "laksa lemak"
    stall.initialize(platform, changed, request_id="other")
    assert platform.menu()["version"] == version + 1
    [[what]] = platform.rows("select what from history order by id desc limit 1")
    assert json.loads(what)["changed"] == 1


@pytest.mark.parametrize("padding", [0, 200_000])
def test_a_store_that_was_hidden_is_shown_again_by_feeding_it_anew(platform: Platform, padding: int) -> None:
    """Also where the bytes are those it was last fed with, of which a large body's are known by their digest."""

    def feed(request_id: str) -> None:
        body = json.dumps({"requestId": request_id, "stores": [stall.noodles()]}).encode() + b" " * padding
        assert platform.call("initializeStore", body).code == "SUCCESS"

    def status() -> int:
        return platform.get(f"/storefront/v1/stores/{public_id}/menu").status

    feed("1")
    [[public_id, digest]] = platform.rows("select public_id, feed_hash from store where feed = 'pds'")
    hide = {"requestId": "2", "store": {"storeId": "stall1", "status": "INVALID"}}
    assert platform.call("/v2/pds/store/syncStore", hide).code == "SUCCESS"
    assert status() == 404
    platform.transact(lambda one: one.run("update store set feed_hash = ? where feed = 'pds'", (digest,)))
    feed("3")
    assert status() == 200
    assert platform.menu()["version"] == 3


@pytest.mark.parametrize("padding", [0, 200_000])
def test_a_large_body_takes_the_same_way(platform: Platform, padding: int) -> None:
    """The bulk of a large body is read store by store; what is stored is the same."""
    body = json.dumps({"requestId": "big", "stores": [stall.noodles()]}).encode() + b" " * padding
    assert platform.call("initializeStore", body).code == "SUCCESS"
    again = json.dumps({"requestId": "big2", "stores": [stall.noodles()]}).encode() + b" " * padding
    assert platform.call("initializeStore", again).code == "SUCCESS"
    assert len(platform.menu()["menus"][0]["categories"][0]["items"]) == 2
    assert platform.rows("select count(*) from history") == [(1,)]
