"""Every documented sample of the family, in order, on one platform: the storefront then shows what they say."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from contract.family import path_of
from dstore import samples

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def fed(platform: Platform) -> Platform:
    """A platform after all samples; it is Sunday noon at the stores."""
    for sample in samples.all():
        if sample.family == "pds":
            answer = platform.call(path_of(sample), sample.compact)
            assert answer.result == {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}, (
                sample.api,
                sample.name,
                answer.message,
            )
    return platform


def menus(platform: Platform) -> dict[str, Any]:
    """Return the menu of every store by the store's name."""
    stores = json.loads(platform.get("/storefront/v1/stores").body)["stores"]
    return {store["name"]: platform.menu(index) for index, store in enumerate(stores)}


def tree(menu: Any) -> dict[str, Any]:
    """Return what is in a menu document by ids: items with their price and their groups."""
    return {
        f"{one['id']} {one['type']}": {
            category["id"]: {
                item["id"]: (item["price"]["amount"], item.get("groups", [])) for item in category["items"]
            }
            for category in one["categories"]
        }
        for one in menu["menus"]
    }


def test_stores_are_those_that_were_fed_or_added_and_not_deleted(fed: Platform) -> None:
    names = set(menus(fed))
    assert {"Uncle Hock Noodles", "Green Bowl Kitchen", "Kopi on Wheels 3"} <= names
    assert "Pop-up 1" not in names
    assert [menu["type"] for menu in menus(fed)["Green Bowl Kitchen"]["menus"]] == ["PICKUP", "DELIVERY", "DINEIN"]


def test_a_stall_shows_what_single_calls_added_changed_and_deleted(fed: Platform) -> None:
    on_sunday = menus(fed)["Uncle Hock Noodles"]
    assert tree(on_sunday)["menu-stall-17 PICKUP"] == {
        "cat-noodles": {"dry-noodles": (600, ["grp-toppings"]), "laksa": (820, [])},
        "cat-drinks": {"barley-water": (220, [])},
    }
    groups = {group["id"]: [option["id"] for option in group["options"]] for group in on_sunday["groups"]}
    assert groups == {
        "grp-toppings": ["extra-prawns", "egg"],
        "grp-egg-style": ["egg-soft", "egg-hard"],
        "grp-eggs": ["egg", "egg-soft"],
    }
    fed.clock.advance(timedelta(days=5, hours=6))
    on_friday_evening = tree(menus(fed)["Uncle Hock Noodles"])["menu-stall-17 PICKUP"]
    assert on_friday_evening["cat-noodles"] == {
        "prawn-noodles": (850, ["grp-toppings", "grp-eggs"]),
        "dry-noodles": (600, ["grp-toppings"]),
    }


def test_a_store_made_of_single_calls_shows_what_they_left(fed: Platform) -> None:
    cart = menus(fed)["Kopi on Wheels 3"]
    assert tree(cart) == {"menu-cart PICKUP": {"cat-coffee": {"kopi-o": (180, [])}}}
    assert cart["store"]["address"] == "77 Lantern Street, cart 3"
    assert "description" not in cart["store"]
    [take_away] = cart["menus"]
    assert (take_away["title"], take_away.get("subTitle")) == ("To take away", None)
    assert take_away["description"] == "Sugar is in everything unless you say kosong."
    [coffee] = take_away["categories"]
    assert (coffee["title"], coffee["subTitle"], coffee.get("icon")) == ("Coffee and tea", "Roasted with butter", None)


def test_the_history_tells_every_call(fed: Platform) -> None:
    told = {api for (api,) in fed.rows("select distinct api from history")}
    assert told == {path_of(sample) for sample in samples.all() if sample.family == "pds"}


def test_a_store_made_of_single_calls_is_kept_as_if_it_was_fed_whole(fed: Platform) -> None:
    """The same words sent as one tree change nothing of what is kept."""
    [[number, doc]] = fed.rows("select tree, doc from store where ref = 'cart-03'")
    rows = "select kind, key, status, doc from entry where tree = ? and deleted = 0 order by kind, key"
    kept = fed.rows(rows, number)
    menu, category, item = (json.loads(one) for _, _, _, one in kept)
    categories = [{"categoryInfo": category, "items": [{"itemInfo": item}]}]
    whole = {"storeInfo": json.loads(doc), "menus": [{"menuInfo": menu, "categories": categories}]}
    answer = fed.call("initializeStore", {"requestId": "whole", "stores": [whole]})
    assert answer.code == "SUCCESS", answer.message
    assert fed.rows(rows, number) == kept
