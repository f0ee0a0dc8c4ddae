"""The POS product graph: singles, groups and modifiers, and the rules between them. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from dstore.findings import Finding
from dstore.vocabulary.limits import most

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msgspec import UnsetType

    from dstore.vocabulary.products import Overload, Product
    from dstore.vocabulary.values import QuantityRule

_NO_LINKS: tuple[str, ...] = ()


def is_status_update(products: Sequence[Product]) -> bool:
    """Return whether every entry carries only posProductId and status (the syncProduct page, scenario 2).

    Nothing else decides: one of the page's own status samples carries store.name.
    """
    return all(
        product.type is UNSET
        and product.name is UNSET
        and product.price is UNSET
        and product.quantity_rule is UNSET
        and product.sub_products is UNSET
        and product.overloads is UNSET
        for product in products
    )


def check_catalogue(products: Sequence[Product]) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in the products of a full sync."""
    by_id: dict[str, Product] = {}
    for index, product in enumerate(products):
        if product.pos_product_id in by_id:
            yield Finding(
                f"products[{index}].posProductId",
                "product.duplicate",
                f"product '{product.pos_product_id}' is in this request twice",
            )
        by_id[product.pos_product_id] = product
    broken = False
    for index, product in enumerate(products):
        for found in _check_product(product, f"products[{index}]", by_id):
            broken = broken or found.is_error
            yield found
    yield from _check_currency(products)
    if not broken:
        yield from check_depth(products, by_id)
        yield from _doubts(products, by_id)


def _check_product(product: Product, path: str, by_id: dict[str, Product]) -> Iterator[Finding]:
    kind = product.type
    if kind is UNSET or product.name is UNSET or (product.price is UNSET and kind != "GROUP"):
        missing = [
            name for name, value in (("type", kind), ("name", product.name), ("price", product.price))
            if value is UNSET and not (name == "price" and kind == "GROUP")
        ]  # fmt: skip
        yield Finding(
            f"{path}.{missing[0]}",
            "product.incomplete",
            f"is required in a full sync of product '{product.pos_product_id}'",
        )
    if product.quantity_rule is not UNSET and product.quantity_rule.min > product.quantity_rule.max:
        yield from product.quantity_rule.check(f"{path}.quantityRule")
    if product.sub_products is not UNSET:
        yield from _check_links(product, product.sub_products, path, by_id)
    if product.overloads is not UNSET:
        yield from _check_overloads(product, product.overloads, path, by_id)


def _check_links(product: Product, children: list[str], path: str, by_id: dict[str, Product]) -> Iterator[Finding]:
    is_group = product.type == "GROUP"
    for place, child_id in enumerate(children):
        child = by_id.get(child_id)
        if child is None:
            yield Finding(
                f"{path}.subProducts[{place}]", "product.reference", f"no product '{child_id}' in this request"
            )
        elif (child.type == "GROUP") == is_group and child.type is not UNSET:
            verb = (
                "a GROUP can not hold a GROUP"
                if is_group
                else f"a {product.type} can only hold a GROUP, not a {child.type}"
            )
            yield Finding(f"{path}.subProducts[{place}]", "product.edge", f"{verb} ('{child_id}')")
    if len(set(children)) != len(children):
        yield Finding(f"{path}.subProducts", "list.duplicate", "names a product twice")


def _check_overloads(
    product: Product, overloads: list[Overload], path: str, by_id: dict[str, Product]
) -> Iterator[Finding]:
    for place, overload in enumerate(overloads):
        if overload.quantity_rule is not UNSET:
            yield from overload.quantity_rule.check(f"{path}.overloads[{place}].quantityRule")
        for at, parent_id in enumerate(overload.pos_product_ids):
            parent = by_id.get(parent_id)
            where = f"{path}.overloads[{place}].posProductIds[{at}]"
            if parent is None:
                yield Finding(where, "product.reference", f"no product '{parent_id}' in this request")
            elif parent.sub_products is UNSET or product.pos_product_id not in parent.sub_products:
                yield Finding(
                    where, "product.overload-parent", f"product '{parent_id}' does not hold '{product.pos_product_id}'"
                )


def _check_currency(products: Sequence[Product]) -> Iterator[Finding]:
    first = ""
    for index, product in enumerate(products):
        if product.price is not UNSET:
            first = first or product.price.currency
            if product.price.currency != first:
                yield Finding(
                    f"products[{index}].price.currency",
                    "product.currency",
                    f"is {product.price.currency} where others are {first}",
                )
        if product.overloads is not UNSET:
            for place, overload in enumerate(product.overloads):
                if overload.price is not UNSET and first and overload.price.currency != first:
                    where = f"products[{index}].overloads[{place}].price.currency"
                    yield Finding(where, "product.currency", f"is {overload.price.currency} where others are {first}")


def check_depth(products: Sequence[Product], by_id: dict[str, Product]) -> Iterator[Finding]:
    """Yield a finding for a circle, or for groups nested deeper than the limit."""
    limit = most("nesting")
    heights: dict[str, int] = {}
    for index, product in enumerate(products):
        if product.sub_products is UNSET or product.type == "GROUP" or product.pos_product_id in heights:
            continue
        circle = _measure(product.pos_product_id, by_id, heights)
        if circle:
            yield Finding(f"products[{index}].subProducts", "product.cycle", "makes a circle: " + " > ".join(circle))
            return
    for index, product in enumerate(products):
        levels = heights.get(product.pos_product_id, 0) // 2
        if levels > limit:
            yield Finding(
                f"products[{index}].subProducts",
                "product.depth",
                f"nests {levels} levels of groups, at most {limit} are allowed",
            )
            return


def _measure(start: str, by_id: dict[str, Product], heights: dict[str, int]) -> list[str]:
    """Record how many edges lead down from each product below `start`; return a circle if there is one."""
    open_: dict[str, None] = {}
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        name, is_done = stack.pop()
        children = by_id[name].sub_products
        links = _NO_LINKS if children is UNSET else children
        if is_done:
            heights[name] = 1 + max((heights[child] for child in links), default=-1)
            del open_[name]
            continue
        if name in heights:
            continue
        if name in open_:
            continue
        open_[name] = None
        stack.append((name, True))
        for child in links:
            if child in open_:
                path = list(open_)
                return [*path[path.index(child) :], child][:10]
            if child not in heights:
                stack.append((child, False))
    return []


def _doubts(products: Sequence[Product], by_id: dict[str, Product]) -> Iterator[Finding]:
    """Yield what is legal but probably not meant."""
    for index, product in enumerate(products):
        path = f"products[{index}]"
        if product.overloads is not UNSET and product.price is not UNSET:
            for place, overload in enumerate(product.overloads):
                if overload.price is not UNSET and overload.price.value >= product.price.value > 0:
                    where = f"{path}.overloads[{place}].price.value"
                    yield Finding(
                        where,
                        "product.overload-price",
                        f"{overload.price.value} is not below the product's own {product.price.value}",
                    )
        if product.type == "GROUP" and product.quantity_rule is not UNSET and product.sub_products is not UNSET:
            rules = [quantity_in(by_id[child], product.pos_product_id) for child in product.sub_products]
            yield from _check_satisfiable(product.quantity_rule, rules, f"{path}.quantityRule")


def _check_satisfiable(rule: QuantityRule, children: list[QuantityRule | UnsetType], path: str) -> Iterator[Finding]:
    known = [one for one in children if one is not UNSET]
    least, greatest = sum(one.min for one in known), sum(one.max for one in known)
    if len(known) == len(children) and (least > rule.max or greatest < rule.min):
        cause = f"asks for {rule.min} to {rule.max}, its children allow {least} to {greatest}"
        yield Finding(path, "product.unsatisfiable", cause)


def quantity_in(product: Product, group_id: str) -> QuantityRule | UnsetType:
    """Return the quantity rule of a product inside a group: an overload's, or its own."""
    if product.overloads is not UNSET:
        for overload in product.overloads:
            if group_id in overload.pos_product_ids and overload.quantity_rule is not UNSET:
                return overload.quantity_rule
    return product.quantity_rule
