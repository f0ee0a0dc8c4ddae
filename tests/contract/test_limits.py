"""Limits: what is just inside is taken, what is just outside is refused by its path, on every member of every API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import inspect as types

from contract.family import PATHS, SERVED, bodies, digest, feed
from contract.places import Place, bare, members, named, placed
from dstore.findings import Finding
from dstore.protocol.api import refuse_errors
from dstore.results import ParamIllegal
from dstore.vocabulary.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.platform import Platform

DEPTH = 9
# Lists longer than this are made only where something short fits in: a body must stay small enough to be made often.
MOST = 2_000


def limited(path: str) -> Iterator[tuple[Place, Any]]:
    """Yield each member that has a limit and a place in a sample."""
    for place, kind in members(types.type_info(SERVED[path].message), (), DEPTH):
        one = bare(kind)
        bounds = [getattr(one, name, None) for name in ("min_length", "max_length", "ge", "le")]
        if any(bound is not None for bound in bounds) and any(placed(body, place, None) for body in bodies(path)):
            yield place, one


def around(kind: Any, there: Any) -> tuple[list[Any], list[Any]]:
    """Return values just inside and just outside of a member's limits; lists are made of what is there."""
    if isinstance(kind, types.IntType) and kind.ge is not None and kind.le is not None:
        return [kind.ge, kind.le], [kind.ge - 1, kind.le + 1]
    inside, outside = [], []
    fill = "💥" if isinstance(kind, types.StrType) else there[:1] if isinstance(there, list) and there else None
    if fill is None:
        return [], []
    if kind.max_length is not None and (isinstance(fill, str) or kind.max_length <= MOST):
        inside.append(fill * kind.max_length)
        outside.append(fill * (kind.max_length + 1))
    if kind.min_length:
        inside.append(fill * kind.min_length)
        outside.append(fill * (kind.min_length - 1))
    return inside, outside


def value_at(document: Any, place: Place) -> Any:
    for step in place:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def told(path: str, place: Place, value: Any) -> list[str]:
    """Return the findings about limits at a place when a value stands there."""
    body = next(one for one in bodies(path) if placed(one, place, value))
    found = SERVED[path].findings(json.dumps(body).encode())
    return [one.cause for one in found if one.path == named(place) and one.rule in {"type.length", "type.size", "type.range", "type.missing", "update.empty"}]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_limit_is_kept_to_the_last_character_element_and_number(path: str) -> None:
    tried, wrong = 0, []
    for place, kind in limited(path):
        there = next((value for body in bodies(path) if (value := value_at(body, place)) is not None), None)
        inside, outside = around(kind, there)
        wrong += [f"{named(place)} refuses {str(value)[:20]!r}" for value in inside if told(path, place, value)]
        wrong += [
            f"{named(place)} takes {str(value)[:20]!r}"
            for value in outside
            if not told(path, place, value) and not is_cleared(path, place, value)
        ]
        tried += len(inside) + len(outside)
    assert wrong == []
    assert tried > 10


def is_cleared(path: str, place: Place, value: Any) -> bool:
    """An empty member of an update deletes it."""
    return SERVED[path].takes_clears and len(place) == 1 and value in ("", [], {})


def test_a_body_full_of_faults_is_refused_by_a_bounded_list(platform: Platform) -> None:
    body = {"requestId": "r", "posAccountId": "a", "store": {"posStoreId": "s"}, "products": [0] * 3000}
    for place, raw in (("small", json.dumps(body)), ("large", json.dumps({**body, "more": "x" * 100_000}))):
        answer = platform.call("syncProduct", raw.encode())
        assert answer.code == "PARAM_ILLEGAL", place
        assert answer.message == "products[0]: expected an object, got a whole number (and 999 or more)", place


def test_a_rule_broken_many_times_is_refused_by_a_bounded_list_whatever_is_doubtful_before_it() -> None:
    def found() -> Iterator[Finding]:
        yield from (Finding(f"n{number}", "sku.price", "doubtful") for number in range(3000))
        yield from (Finding(f"n{number}", "sku.pairing", "wrong") for number in range(3000))

    with pytest.raises(ParamIllegal, match="or more") as refusal:
        refuse_errors(found())
    assert [one.path for one in refusal.value.findings] == [f"n{number}" for number in range(1000)]
    assert {one.rule for one in refusal.value.findings} == {"sku.pairing"}


def test_the_documented_limits_are_those_of_the_pages() -> None:
    documented = {name: limit.number for name, limit in LIMITS.items() if limit.documented}
    assert documented == {
        "request_id": 255, "pos_account_id_store": 64, "pos_account_id_product": 255, "extend_info": 4096, "amount": 2_147_483_647,
        "shopping_areas": 50, "brands": 50, "stores": 20, "service_availability": 20, "store_contacts": 3, "app_id": 32, "area_name": 64, "brand_name": 1024,
    }  # fmt: skip


def test_the_limits_in_force_are_shown(platform: Platform) -> None:
    shown = json.loads(platform.get("/limits").body)
    assert {name: one["number"] for name, one in shown.items()} == {
        name: limit.number for name, limit in LIMITS.items()
    }


def test_texts_at_their_limits_are_kept_and_shown_whole(platform: Platform) -> None:
    """On both databases, in characters of four bytes each."""
    wide = "💥" * 255
    price = {"currency": "SGD", "value": 2_147_483_647}
    product = {"posProductId": wide, "type": "SINGLE", "status": "AVAILABLE", "name": wide, "price": price}
    message = {
        "requestId": wide,
        "posAccountId": wide,
        "store": {"posStoreId": wide, "name": wide},
        "products": [product],
    }
    first = platform.call("syncProduct", message)
    assert first.code == "SUCCESS", first.message
    [item] = platform.menu()["menus"][0]["categories"][0]["items"]
    assert (item["id"], item["name"], item["price"]["amount"]) == (wide, wide, 2_147_483_647)
    status = {**message, "requestId": wide[1:], "products": [{"posProductId": wide, "status": "SOLDOUT"}]}
    assert platform.call("syncProduct", status).code == "SUCCESS"
    assert platform.menu()["menus"][0]["categories"][0]["items"][0]["available"] is False
    assert platform.call("syncProduct", message).body == first.body


def test_an_item_whose_ids_together_are_too_long_for_an_index_is_refused_not_unknown(platform: Platform) -> None:
    feed(platform)
    before = digest(platform)
    letters = [chr(0x1F600 + number % 64) + chr(0x20000 + number * 37) for number in range(127)]
    wide = ["".join(letters), "".join(reversed(letters)), "".join(letters[::2] + letters[1::2])]
    info = {
        "storeId": "wide", "name": "n", "storeType": "HAWKER", "address": "a", "location": {"postCode": "1"}, "timeZone": "GMT+8:00",
        "contactPhoneNos": [],
    }  # fmt: skip
    item = {"itemInfo": {"itemId": wide[0], "itemTitle": "t", "priceInfo": {"saleAmount": 1, "currency": "SGD"}}}
    category = {"categoryInfo": {"categoryId": wide[1], "title": "t"}, "items": [item]}
    menu = {"menuInfo": {"menuId": wide[2], "menuType": "PICKUP", "title": "t"}, "categories": [category]}
    answer = platform.call("initializeStore", {"requestId": "wide", "stores": [{"storeInfo": info, "menus": [menu]}]})
    assert answer.code == "PARAM_ILLEGAL"
    assert "bytes together with the ids above it" in answer.message
    assert digest(platform) == before


def test_texts_merged_by_many_updates_stay_within_their_limit(platform: Platform) -> None:
    """An item that could no longer be read would take its store's menu with it."""
    feed(platform)
    answers = []
    for call in range(4):
        texts = [{"column": "itemTitle", "languageKey": f"l{call}-{number}", "value": "x"} for number in range(400)]
        answers.append(
            platform.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "multiLanguageDetails": texts})
        )
    assert [answer.code for answer in answers] == ["SUCCESS", "SUCCESS", "PARAM_ILLEGAL", "PARAM_ILLEGAL"]
    assert answers[2].message == "multiLanguageDetails: has 1,202 elements, at most 1,000 are allowed"
    for store in json.loads(platform.get("/storefront/v1/stores").body)["stores"]:
        assert platform.get(f"/storefront/v1/stores/{store['id']}/menu").status == 200


@pytest.mark.parametrize("member", ["storeId", "menuId", "menuType", "categoryId", "isDeleted"])
def test_an_empty_id_does_not_widen_an_update_to_everything(platform: Platform, member: str) -> None:
    feed(platform)
    before = digest(platform)
    answer = platform.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "itemStatus": "SOLDOUT", member: ""})
    assert (answer.code, answer.message) == ("PARAM_ILLEGAL", f"{member}: can not be empty")
    assert digest(platform) == before


def test_a_large_catalogue_that_is_not_read_again_keeps_the_other_limits(platform: Platform) -> None:
    product = {"type": "SINGLE", "status": "AVAILABLE", "name": "n" * 200, "price": {"currency": "SGD", "value": 1}}
    products = [{"posProductId": f"p{number}", **product} for number in range(200)]
    message = {"requestId": "1", "posAccountId": "a", "store": {"posStoreId": "s", "name": "n"}, "products": products}
    assert platform.call("syncProduct", message).code == "SUCCESS"
    assert platform.call("syncProduct", {**message, "requestId": "2"}).code == "SUCCESS"
    for wrong in ({"extendInfo": {"x": "y" * 5000}}, {"store": {"posStoreId": "s", "name": ""}}, {"posAccountId": ""}):
        answer = platform.call("syncProduct", {**message, "requestId": "3", **wrong})
        assert answer.code == "PARAM_ILLEGAL", wrong


def test_a_message_about_something_deep_inside_still_says_what_is_wrong(platform: Platform) -> None:
    add_on: dict[str, Any] = {
        "itemInfo": {"itemId": "a", "itemTitle": "t", "priceInfo": {"saleAmount": -1, "currency": "SGD"}}
    }
    for number in range(9):
        info = {"groupId": f"g{number}", "groupName": "n", "quantityRule": {"min": 0, "max": 1}}
        add_on = {"modifierGroups": [{"modifierGroupInfo": info, "childItems": [add_on]}]} | {
            "itemInfo": {"itemId": f"i{number}", "itemTitle": "t", "priceInfo": {"saleAmount": 1, "currency": "SGD"}}
        }
    category = {"categoryInfo": {"categoryId": "c", "title": "t"}, "items": [add_on]}
    menu = {"menuInfo": {"menuId": "m", "menuType": "PICKUP", "title": "t"}, "categories": [category]}
    store = next(bodies("/v2/pds/store/initializeStore"))["stores"][0] | {"menus": [menu]}
    answer = platform.call("initializeStore", {"requestId": "deep", "stores": [store]})
    assert answer.code == "PARAM_ILLEGAL"
    assert len(answer.message) <= 256
    assert answer.message.startswith("stores[0].menus[0].categories[0].items[0].")
    assert "…" in answer.message
    assert "childItems[0].itemInfo.priceInfo.saleAmount: -1 is below 0" in answer.message
