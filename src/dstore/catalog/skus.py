"""SKUs: their combinations are complete and unique (initializeStore page, "More information"). Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.vocabulary.fnb import PriceInfo, Sku, SkuPropertyGroup


def check_skus(
    groups: list[SkuPropertyGroup] | UnsetType, skus: list[Sku] | UnsetType, price: PriceInfo, path: str
) -> Iterator[Finding]:
    """Yield what is wrong between an item's property groups and its SKUs."""
    has_groups, has_skus = bool(groups), bool(skus)
    if has_groups != has_skus:
        there, missing = ("skuPropertyGroups", "skus") if has_groups else ("skus", "skuPropertyGroups")
        yield Finding(f"{path}.{missing}", "sku.pairing", f"is required where there are {there}")
        return
    if groups is UNSET or skus is UNSET or not has_skus:
        return
    values: dict[str, set[str]] = {}
    for index, group in enumerate(groups):
        yield from _check_group(group, values, f"{path}.skuPropertyGroups[{index}]")
    seen_ids: set[str] = set()
    seen_pairs: dict[tuple[tuple[str, str], ...], str] = {}
    for index, sku in enumerate(skus):
        yield from _check_sku(sku, values, seen_ids, seen_pairs, f"{path}.skus[{index}]")
        if sku.price_info.sale_amount > price.sale_amount:
            cause = f"{sku.price_info.sale_amount} is above the item's {price.sale_amount}"
            yield Finding(f"{path}.skus[{index}].priceInfo.saleAmount", "sku.price", cause)


def _check_group(group: SkuPropertyGroup, values: dict[str, set[str]], path: str) -> Iterator[Finding]:
    if group.property_group_key in values:
        yield Finding(f"{path}.propertyGroupKey", "property.duplicate", f"'{group.property_group_key}' is there twice")
    known = values.setdefault(group.property_group_key, set())
    for index, one in enumerate(group.properties):
        if one.property_value in known:
            where = f"{path}.properties[{index}].propertyValue"
            yield Finding(where, "property.duplicate", f"'{one.property_value}' is there twice")
        known.add(one.property_value)


def _check_sku(
    sku: Sku,
    values: dict[str, set[str]],
    seen_ids: set[str],
    seen_pairs: dict[tuple[tuple[str, str], ...], str],
    path: str,
) -> Iterator[Finding]:
    if sku.sku_id in seen_ids:
        yield Finding(f"{path}.skuId", "sku.duplicate", f"SKU '{sku.sku_id}' is there twice")
    seen_ids.add(sku.sku_id)
    pairs = sku.sku_property_pairs
    for key in values.keys() - pairs.keys():
        yield Finding(f"{path}.skuPropertyPairs", "sku.coverage", f"has no value for propertyGroupKey '{key}'")
    for key, value in pairs.items():
        if key not in values:
            yield Finding(f"{path}.skuPropertyPairs", "sku.coverage", f"'{key}' is no propertyGroupKey of the item")
        elif value not in values[key]:
            yield Finding(f"{path}.skuPropertyPairs.{key}", "sku.coverage", f"'{value}' is no propertyValue of '{key}'")
    combination = tuple(sorted(pairs.items()))
    twin = seen_pairs.setdefault(combination, sku.sku_id)
    if twin != sku.sku_id:
        yield Finding(f"{path}.skuPropertyPairs", "sku.duplicate", f"SKU '{twin}' has the same combination")
