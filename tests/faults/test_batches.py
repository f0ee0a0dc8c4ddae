"""Batches with one defect, at every position: nothing is applied, and the message names the place."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from dstore.sandbox.catalogues import pds_store, pos_catalogue
from faults.traffic import catalogue, fresh, product_ids, statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform

    Spoil = Callable[[dict[str, Any]], object]

PRODUCTS = 24
NEW = 1_500
STORES = 20

PRODUCT_DEFECTS: dict[str, tuple[Spoil, str]] = {
    "no name": (lambda one: one.pop("name"), "products[{}].name: is required in a full sync"),
    "a price of text": (lambda one: one["price"].update(value="ten"), "products[{}].price.value"),
    "an unknown status": (lambda one: one.update(status="GONE"), "products[{}].status"),
    "a negative price": (lambda one: one["price"].update(value=-1), "products[{}].price.value"),
    "a loose end": (
        lambda one: one.update(subProducts=["nothing"]),
        "products[{}].subProducts[0]: no product 'nothing'",
    ),
    "an empty id": (lambda one: one.update(posProductId=""), "products[{}].posProductId"),
    "another currency": (lambda one: one["price"].update(currency="XXXX"), "products[{}].price.currency"),
}
STORE_DEFECTS: dict[str, tuple[Spoil, str]] = {
    "no store name": (lambda one: one["storeInfo"].pop("name"), "stores[{}].storeInfo.name"),
    "a bad zone": (lambda one: one["storeInfo"].update(timeZone="Mars"), "stores[{}].storeInfo.timeZone"),
    "a bad item status": (
        lambda one: one["menus"][1]["categories"][0]["items"][-1]["itemInfo"].update(itemStatus="GONE"),
        "stores[{}].menus[1].categories[0].items[4].itemInfo.itemStatus",
    ),
    "a menu of another store": (
        lambda one: one["menus"][1]["menuInfo"].update(storeId="elsewhere"),
        "stores[{}].menus[1].menuInfo.storeId",
    ),
    "an unknown brand": (lambda one: one["storeInfo"].update(brandId="nobody"), "stores[{}].storeInfo.brandId"),
}


def everything(platform: Platform) -> list[Any]:
    """Return all that a request may change, but the results given."""
    # What was written ahead of a refused commit belongs to no store; it is swept later.
    tables = ("account", "store", "history", "entry where tree in (select tree from store)")
    return [sorted(map(repr, platform.rows(f"select * from {table}"))) for table in tables]


def check_refused_whole(platform: Platform, api: str, body: dict[str, Any], message: str) -> None:
    """Call; assert that it is refused with the message and that no table shows it."""
    before = everything(platform)
    answer = platform.call(api, {**body, "requestId": fresh("r")})
    assert answer.code == "PARAM_ILLEGAL", message
    assert answer.message.startswith(message), answer.message
    assert everything(platform) == before


def test_one_bad_product_at_any_position_refuses_the_sync(platform: Platform) -> None:
    assert platform.call("syncProduct", catalogue("s", product_ids(3), "old", 1)).code == "SUCCESS"
    for position in range(PRODUCTS):
        for spoil, message in PRODUCT_DEFECTS.values():
            body = catalogue("s", product_ids(PRODUCTS), "new", 2)
            spoil(body["products"][position])
            check_refused_whole(platform, "syncProduct", body, message.format(position))


def test_one_bad_product_refuses_a_large_sync(platform: Platform) -> None:
    """Large catalogues are written ahead in several transactions; none of that may show."""
    assert platform.call("syncProduct", catalogue("s", product_ids(3), "old", 1)).code == "SUCCESS"
    for position in (0, 1, 700, 2_098, 2_099):
        body = catalogue("s", product_ids(2_100), "new", 2)
        body["products"][position]["subProducts"] = ["nothing"]
        check_refused_whole(platform, "syncProduct", body, f"products[{position}].subProducts[0]: no product 'nothing'")


@pytest.mark.parametrize("defect", PRODUCT_DEFECTS)
def test_a_new_store_s_catalogue_is_refused_for_itself_and_that_is_not_remembered(
    platform: Platform, defect: str
) -> None:
    """On PostgreSQL it is checked while the database takes it; one that it does not take is refused likewise."""
    spoil, message = PRODUCT_DEFECTS[defect]
    for position in (0, 1, NEW // 2, NEW - 1):
        body = {**catalogue(fresh("s"), product_ids(NEW), "new", 2), "requestId": fresh("r")}
        good = copy.deepcopy(body)
        spoil(body["products"][position])
        before = everything(platform)
        answer = platform.call("syncProduct", body)
        assert (answer.code, answer.message.startswith(message.format(position))) == ("PARAM_ILLEGAL", True)
        assert everything(platform) == before
        answer = platform.call("syncProduct", good)
        assert answer.code == "SUCCESS", answer.message


@pytest.mark.parametrize("place", [1, NEW // 2, NEW - 1])
def test_a_product_that_is_there_twice_is_named_whatever_the_database_says_of_it(
    platform: Platform, place: int
) -> None:
    body = catalogue(fresh("s"), product_ids(NEW), "new", 2)
    body["products"][place] = body["products"][0]
    name = body["products"][0]["posProductId"]
    check_refused_whole(platform, "syncProduct", body, f"products[{place}].posProductId: product '{name}' is in")
    small = catalogue(fresh("s"), product_ids(3), "new", 2)
    for _ in range(3):  # whichever connection it was is in order
        assert platform.call("syncProduct", {**small, "requestId": fresh("r")}).code == "SUCCESS"


def test_what_is_wrong_with_a_new_catalogue_goes_before_what_is_wrong_with_its_store(platform: Platform) -> None:
    body = catalogue("s", product_ids(NEW), "new", 2)
    body["products"][7]["subProducts"] = ["nothing"]
    del body["store"]["name"]
    check_refused_whole(platform, "syncProduct", body, "products[7].subProducts[0]: no product 'nothing'")
    del body["products"][7]["subProducts"]
    check_refused_whole(platform, "syncProduct", body, "store.name: is required")


def test_one_unknown_product_at_any_position_refuses_a_status_update(platform: Platform) -> None:
    names = product_ids(PRODUCTS)
    assert platform.call("syncProduct", catalogue("s", names, "old", 1)).code == "SUCCESS"
    for position in range(PRODUCTS):
        wanted = ["nothing" if index == position else name for index, name in enumerate(names)]
        body = statuses("s", dict.fromkeys(wanted, "SOLDOUT"))
        check_refused_whole(platform, "syncProduct", body, f"products[{position}].posProductId: no product 'nothing'")


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.full)])
def test_one_bad_store_among_twenty_refuses_all(platform: Platform, step: int) -> None:
    twenty = [pds_store(f"s{number}", 10) for number in range(STORES)]
    older = {"requestId": fresh("r"), "stores": [pds_store("s3", 4, seed=9)]}
    assert platform.call("initializeStore", older).code == "SUCCESS"
    for position in range(0, STORES, step):
        for spoil, message in STORE_DEFECTS.values():
            stores = list(twenty)
            stores[position] = copy.deepcopy(stores[position])
            spoil(stores[position])
            check_refused_whole(platform, "initializeStore", {"stores": stores}, message.format(position))
    assert platform.call("initializeStore", {"requestId": fresh("r"), "stores": twenty}).code == "SUCCESS"
    assert platform.rows("select count(*) from store") == [(STORES,)]


def test_a_store_that_only_the_database_knows_to_be_bad_undoes_those_before_it(platform: Platform) -> None:
    """Every kind of large and small store stands before the bad one."""
    stores = [pds_store("small", 3), pds_store("large", 1_200), pds_store("last", 3)]
    stores[2]["storeInfo"]["brandId"] = "nobody"
    check_refused_whole(platform, "initializeStore", {"stores": stores}, "stores[2].storeInfo.brandId")


def test_every_product_of_a_made_up_catalogue_is_needed(platform: Platform) -> None:
    """Leave out any product that another one names: the sync is refused."""
    products = pos_catalogue(30)
    linked = {name for one in products for name in one.get("subProducts", [])}
    for name in sorted(linked):
        body = catalogue("s", [], "new", 2)
        body["products"] = [one for one in products if one["posProductId"] != name]
        answer = platform.call("syncProduct", body)
        assert answer.code == "PARAM_ILLEGAL"
        assert f"no product '{name}' in this request" in answer.message
    assert platform.rows("select count(*) from store") == [(0,)]
