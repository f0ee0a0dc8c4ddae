"""Updates: absent stays, given replaces, empty deletes; texts and SKUs are merged."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from dstore.apis.pds.item import UpdateItem
from dstore.catalog.patching import one_spelling, patched
from dstore.results import ParamIllegal
from dstore.vocabulary.objects import StoredItem

PRICE = {"saleAmount": 100, "currency": "SGD"}


def text(column: str, language: str, value: str) -> dict[str, str]:
    return {"column": column, "languageKey": language, "value": value}


def sku(name: str, amount: int = 100, **more: Any) -> dict[str, Any]:
    return {"skuId": name, "skuPropertyPairs": {"size": name}, "priceInfo": {**PRICE, "saleAmount": amount}, **more}


OLD: dict[str, Any] = {
    "itemId": "i", "itemTitle": "old", "priceInfo": {**PRICE, "originAmount": 200}, "itemDescription": "tasty", "images": ["a", "b"],
    "skus": [sku("S"), sku("L", 150)], "multiLanguageDetails": [text("itemTitle", "zh", "旧"), text("itemTitle", "ms", "lama")],
    "takeawayFee": {"currency": "SGD", "amountValue": 30}, "modifierGroupIds": ["g1"],
}  # fmt: skip


def after(*clears: str, **given_members: Any) -> dict[str, Any]:
    """Return the old item after an update."""
    old = msgspec.convert(OLD, StoredItem)
    update = msgspec.convert({"itemId": "i", "saleType": "SINGLE", **given_members}, UpdateItem)
    new: dict[str, Any] = msgspec.to_builtins(patched(old, update, frozenset(clears)))
    assert msgspec.to_builtins(old) == OLD, "the old one is not changed in place"
    return new


def test_absent_members_stay() -> None:
    assert after() == OLD


@pytest.mark.parametrize(
    ("member", "value"),
    [("itemTitle", "new"), ("priceInfo", PRICE), ("images", ["c"]), ("modifierGroupIds", ["g2", "g1"]), ("quantityRule", {"min": 1, "max": 2})],
)  # fmt: skip
def test_given_members_replace_as_a_whole(member: str, value: Any) -> None:
    assert after(**{member: value}) == {**OLD, member: value}


@pytest.mark.parametrize(
    "member", ["itemDescription", "images", "skus", "multiLanguageDetails", "takeawayFee", "modifierGroupIds"]
)
def test_cleared_members_are_gone(member: str) -> None:
    assert after(member) == {name: value for name, value in OLD.items() if name != member}
    assert after("quantityRule") == OLD, "what was not there is not there either"


@pytest.mark.parametrize("member", ["itemId", "itemTitle", "priceInfo"])
def test_required_members_can_not_be_cleared(member: str) -> None:
    with pytest.raises(ParamIllegal) as refusal:
        after(member)
    assert refusal.value.result.message == f"{member}: is required and can not be cleared"


def test_texts_replace_those_of_their_column_and_language_or_are_added() -> None:
    new = after(multiLanguageDetails=[text("itemTitle", "ms", "baru"), text("itemDescription", "ms", "sedap")])
    assert new["multiLanguageDetails"] == [
        text("itemTitle", "zh", "旧"), text("itemTitle", "ms", "baru"), text("itemDescription", "ms", "sedap"),
    ]  # fmt: skip


SIZES = {
    "propertyGroupKey": "size",
    "propertyGroupName": "Size",
    "properties": [{"propertyName": "S", "propertyValue": "S"}],
}
INSIDE = [text("skuPropertyGroups[0].propertyGroupName", "zh", "份量"), text("skuPropertyGroups[0].properties[0].propertyName", "zh", "小")]  # fmt: skip


def texts_after(*clears: str, **given_members: Any) -> Any:
    """Return the texts of an item with translated properties after an update."""
    old = msgspec.convert({**OLD, "skuPropertyGroups": [SIZES], "multiLanguageDetails": INSIDE}, StoredItem)
    update = msgspec.convert({"itemId": "i", "saleType": "SINGLE", **given_members}, UpdateItem)
    return msgspec.to_builtins(patched(old, update, frozenset(clears))).get("multiLanguageDetails")


def test_texts_inside_a_list_go_when_it_becomes_another_and_those_that_come_with_it_stay() -> None:
    other = [{**SIZES, "propertyGroupName": "Cup"}]
    cup = text("skuPropertyGroups[0].propertyGroupName", "zh", "杯")
    assert texts_after(itemTitle="new") == INSIDE
    assert texts_after(skuPropertyGroups=[SIZES]) == INSIDE
    assert texts_after(skuPropertyGroups=other) is None
    assert texts_after("skuPropertyGroups") is None
    assert texts_after(skuPropertyGroups=other, multiLanguageDetails=[cup]) == [cup]
    assert texts_after(skuPropertyGroups=other, multiLanguageDetails=INSIDE[1:]) == INSIDE[1:]
    assert texts_after(multiLanguageDetails=[cup]) == [cup, INSIDE[1]]


def test_a_skus_list_becomes_another_though_a_sku_has_no_texts() -> None:
    old_rules, rules = ([{"scene": "PRICE_SCHEDULE", "ruleData": data}] for data in ("[]", "[ ]"))
    given_old = {**OLD, "skus": [sku("S", businessRules=old_rules)], "multiLanguageDetails": INSIDE}
    update = msgspec.convert(
        {"itemId": "i", "saleType": "SINGLE", "skus": [{"skuId": "S", "businessRules": rules}]}, UpdateItem
    )
    new = msgspec.to_builtins(patched(msgspec.convert(given_old, StoredItem), update, frozenset()))
    assert (new["skus"][0]["businessRules"], new["multiLanguageDetails"]) == (rules, INSIDE)


def test_an_update_that_changes_nothing_leaves_an_empty_list_of_texts_as_it_is() -> None:
    old = msgspec.convert({**OLD, "multiLanguageDetails": []}, StoredItem)
    same = msgspec.convert({"itemId": "i", "saleType": "SINGLE", "images": OLD["images"]}, UpdateItem)
    assert patched(old, same, frozenset()) == old


def test_listed_skus_are_patched_and_others_stay() -> None:
    new = after(skus=[{"skuId": "L", "priceInfo": {**PRICE, "saleAmount": 999}, "image": "l.jpg"}])
    assert new["skus"] == [sku("S"), sku("L", 999, image="l.jpg")]


def test_a_sku_that_is_not_there_is_refused_by_its_path() -> None:
    with pytest.raises(ParamIllegal) as refusal:
        after(skus=[{"skuId": "S"}, {"skuId": "XL"}])
    assert refusal.value.result.message == "skus[1].skuId: no SKU 'XL' in the item"


def test_both_spellings_of_rules_end_under_one_name() -> None:
    rule = {"scene": "PRICE_SCHEDULE", "ruleData": "[]"}
    other = {"scene": "ITEM_STATUS_RULE", "ruleData": "[]"}
    for members, kept in (
        ({"businessRule": [rule]}, [rule]),
        ({"businessRules": [rule]}, [rule]),
        ({"businessRules": [rule], "businessRule": [other]}, [rule]),
    ):
        item = one_spelling(msgspec.convert({**OLD, **members}, StoredItem))
        assert msgspec.to_builtins(item) == {**OLD, "businessRules": kept}
    assert one_spelling(item).business_rule is UNSET


MEMBERS = {
    "itemTitle": st.sampled_from(["x", "y"]),
    "itemDescription": st.sampled_from(["x", "y"]),
    "images": st.sampled_from([["x"], ["y", "z"]]),
    "takeawayFee": st.sampled_from([{"currency": "SGD", "amountValue": 1}]),
}


@given(
    st.fixed_dictionaries({}, optional=MEMBERS), st.sets(st.sampled_from(["itemDescription", "images", "takeawayFee"]))
)
def test_an_update_twice_is_the_same_as_once_and_clearing_goes_before_giving(
    given_members: dict[str, Any], clears: set[str]
) -> None:
    once = after(*clears, **given_members)
    assert once == {**{name: value for name, value in OLD.items() if name not in clears}, **{n: v for n, v in given_members.items() if n not in clears}}  # fmt: skip
    update = msgspec.convert({"itemId": "i", "saleType": "SINGLE", **given_members}, UpdateItem)
    twice = patched(msgspec.convert(once, StoredItem), update, frozenset(clears))
    assert msgspec.to_builtins(twice) == once
