"""SKUs and property groups: together or not at all, complete, unique."""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from dstore.catalog.skus import check_skus
from dstore.vocabulary.fnb import PriceInfo, Sku, SkuPropertyGroup


def groups(**values: list[str]) -> list[SkuPropertyGroup]:
    made = [
        {
            "propertyGroupKey": key,
            "propertyGroupName": key,
            "properties": [{"propertyName": value, "propertyValue": value} for value in some],
        }
        for key, some in values.items()
    ]
    return msgspec.convert(made, list[SkuPropertyGroup])


def sku(name: str, amount: int = 100, **pairs: str) -> Sku:
    price = {"saleAmount": amount, "currency": "SGD"}
    return msgspec.convert({"skuId": name, "skuPropertyPairs": pairs, "priceInfo": price}, Sku)


def told(given_groups: Any, skus: Any, amount: int = 1000) -> list[str]:
    found = check_skus(given_groups, skus, PriceInfo(sale_amount=amount, currency="SGD"), "item")
    return [("" if one.is_error else "? ") + f"{one.rule} {one.sentence}" for one in found]


TWO = {"size": ["S", "L"], "heat": ["mild", "hot"]}


def test_neither_and_both_are_right() -> None:
    assert told(UNSET, UNSET) == []
    assert told([], []) == []
    assert told([], UNSET) == []
    assert told(groups(**TWO), [sku("a", size="S", heat="mild"), sku("b", size="S", heat="hot")]) == []


@pytest.mark.parametrize(
    ("given_groups", "skus", "finding"),
    [
        (groups(size=["S"]), UNSET, "sku.pairing item.skus: is required where there are skuPropertyGroups"),
        (groups(size=["S"]), [], "sku.pairing item.skus: is required where there are skuPropertyGroups"),
        (UNSET, [sku("a")], "sku.pairing item.skuPropertyGroups: is required where there are skus"),
        (groups(**TWO), [sku("a", size="S")], "sku.coverage item.skus[0].skuPropertyPairs: has no value for propertyGroupKey 'heat'"),
        (groups(size=["S"]), [sku("a", size="M")], "sku.coverage item.skus[0].skuPropertyPairs.size: 'M' is no propertyValue of 'size'"),
        (groups(size=["S"]), [sku("a", size="S", heat="hot")], "sku.coverage item.skus[0].skuPropertyPairs: 'heat' is no propertyGroupKey of the item"),
        (groups(size=["S", "L"]), [sku("a", size="S"), sku("a", size="L")], "sku.duplicate item.skus[1].skuId: SKU 'a' is there twice"),
        (groups(size=["S", "L"]), [sku("a", size="S"), sku("b", size="S")], "sku.duplicate item.skus[1].skuPropertyPairs: SKU 'a' has the same combination"),
        (groups(size=["S", "S"]), [sku("a", size="S")], "property.duplicate item.skuPropertyGroups[0].properties[1].propertyValue: 'S' is there twice"),
        (groups(size=["S"]) * 2, [sku("a", size="S")], "property.duplicate item.skuPropertyGroups[1].propertyGroupKey: 'size' is there twice"),
        (groups(size=["S"]), [sku("a", 1001, size="S")], "? sku.price item.skus[0].priceInfo.saleAmount: 1001 is above the item's 1000"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_told_by_its_path(given_groups: Any, skus: Any, finding: str) -> None:
    assert finding in told(given_groups, skus)


@given(st.sets(st.sampled_from(list(product(["S", "L"], ["mild", "hot"])))), st.data())
def test_any_choice_of_combinations_is_right_in_any_order(chosen: set[tuple[str, str]], data: Any) -> None:
    skus = [sku(f"{size}{heat}", size=size, heat=heat) for size, heat in sorted(chosen)]
    skus = data.draw(st.permutations(skus))
    assert told(groups(**TWO) if skus else UNSET, skus or UNSET) == []
