"""syncProduct: full syncs, status updates, once only, on both databases."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from dstore import apis
from dstore.protocol.api import collect
from harness.caller import PATHS

if TYPE_CHECKING:
    from harness.platform import Platform


def price(value: int) -> dict[str, Any]:
    return {"currency": "SGD", "value": value}


COLA: dict[str, Any] = {
    "requestId": "r1",
    "posAccountId": "shop-1",
    "store": {"posStoreId": "s1", "name": "Corner shop"},
    "products": [
        {
            "posProductId": "p1",
            "type": "SINGLE",
            "status": "AVAILABLE",
            "name": "cola",
            "price": price(1000),
            "subProducts": ["g1"],
        },
        {
            "posProductId": "g1",
            "type": "GROUP",
            "status": "AVAILABLE",
            "name": "ice",
            "quantityRule": {"min": 0, "max": 1},
            "subProducts": ["p2"],
        },
        {
            "posProductId": "p2",
            "type": "MODIFIER",
            "status": "AVAILABLE",
            "name": "with ice",
            "price": price(0),
            "quantityRule": {"min": 0, "max": 1},
        },
    ],
}


def cola(request_id: str = "r1", **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(COLA), "requestId": request_id, **changes}


def test_a_full_sync_makes_the_store_and_is_seen_in_the_next_read(platform: Platform) -> None:
    assert platform.call("syncProduct", cola()).code == "SUCCESS"
    menu = platform.menu()
    assert menu["store"]["name"] == "Corner shop"
    [item] = menu["menus"][0]["categories"][0]["items"]
    assert item["id"] == "p1"
    assert item["price"] == {"amount": 1000, "currency": "SGD"}
    [option] = menu["groups"][0]["options"]
    assert option["id"] == "p2"
    assert option["available"] is True


def test_a_status_update_reaches_the_product_wherever_it_is_used(platform: Platform) -> None:
    platform.call("syncProduct", cola())
    update = {
        "requestId": "r2",
        "posAccountId": "shop-1",
        "store": {"posStoreId": "s1"},
        "products": [{"posProductId": "p2", "status": "SOLDOUT"}],
    }
    assert platform.call("syncProduct", update).code == "SUCCESS"
    assert platform.menu()["groups"][0]["options"][0]["available"] is False


def test_the_same_request_id_gets_the_same_result_and_has_one_effect(platform: Platform) -> None:
    first = platform.call("syncProduct", cola())
    version = platform.menu()["version"]
    changed = cola(products=COLA["products"][1:])
    assert platform.call("syncProduct", changed).body == first.body
    assert platform.menu()["version"] == version


def test_an_unknown_reference_is_refused_with_its_path_and_nothing_is_stored(platform: Platform) -> None:
    body = cola()
    body["products"][0]["subProducts"] = ["g1", "g9"]
    answer = platform.call("syncProduct", body)
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "products[0].subProducts[1]: no product 'g9' in this request"
    assert platform.rows("select count(*) from store") == [(0,)]


def test_a_status_update_of_an_unknown_product_changes_nothing(platform: Platform) -> None:
    platform.call("syncProduct", cola())
    products = [{"posProductId": "p2", "status": "SOLDOUT"}, {"posProductId": "zz", "status": "SOLDOUT"}]
    answer = platform.call(
        "syncProduct",
        {"requestId": "r2", "posAccountId": "shop-1", "store": {"posStoreId": "s1"}, "products": products},
    )
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "products[1].posProductId: no product 'zz' in store 's1' of account 'shop-1'"
    assert platform.menu()["groups"][0]["options"][0]["available"] is True


def test_of_a_product_named_again_in_a_status_update_the_last_counts_and_places_stay_right(platform: Platform) -> None:
    platform.call("syncProduct", cola())
    again = [{"posProductId": "p2", "status": status} for status in ("AVAILABLE", "SOLDOUT")]
    update = {"requestId": "r2", "posAccountId": "shop-1", "store": {"posStoreId": "s1"}, "products": again}
    unknown = {**update, "requestId": "r3", "products": [*again, {"posProductId": "zz", "status": "SOLDOUT"}]}
    answer = platform.call("syncProduct", unknown)
    assert answer.message == "products[2].posProductId: no product 'zz' in store 's1' of account 'shop-1'"
    assert platform.menu()["groups"][0]["options"][0]["available"] is True
    assert platform.call("syncProduct", update).code == "SUCCESS"
    assert platform.menu()["groups"][0]["options"][0]["available"] is False
    [doubt] = collect(apis)[PATHS["syncProduct"]].findings(json.dumps(update).encode())
    assert (doubt.rule, doubt.is_error) == ("status.repeated", False)
    assert doubt.sentence == "products[1].posProductId: product 'p2' is products[0], too; the last one counts"


def test_a_business_failure_is_final(platform: Platform) -> None:
    update = {
        "requestId": "r2",
        "posAccountId": "shop-1",
        "store": {"posStoreId": "s1"},
        "products": [{"posProductId": "p2", "status": "SOLDOUT"}],
    }
    refused = platform.call("syncProduct", update)
    assert refused.code == "PARAM_ILLEGAL"
    platform.call("syncProduct", cola())
    assert platform.call("syncProduct", update).body == refused.body
