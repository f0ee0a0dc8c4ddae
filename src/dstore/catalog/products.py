"""The POS product graph: singles, groups and modifiers, and the rules between them. Pure functions."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import UNSET

from dstore.catalog.graphs import find_circle, longest_path
from dstore.findings import Finding
from dstore.vocabulary.limits import most

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from msgspec import UnsetType

    from dstore.vocabulary.products import Overload, Product
    from dstore.vocabulary.values import QuantityRule


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
    by_id = {product.pos_product_id: product for product in products}
    found = [*_check_names(products, by_id), *_check_products(products, by_id), *_check_currency(products)]
    yield from found
    if not any(one.is_error for one in found):
        yield from _check_nesting(products, by_id)
        yield from _doubts(products, by_id)


def _check_names(products: Sequence[Product], by_id: dict[str, Product]) -> Iterator[Finding]:
    if len(by_id) == len(products):
        return
    seen: set[str] = set()
    for index, product in enumerate(products):
        if product.pos_product_id in seen:
            cause = f"product '{product.pos_product_id}' is in this request twice"
            yield Finding(f"products[{index}].posProductId", "product.duplicate", cause)
        seen.add(product.pos_product_id)


def _check_products(products: Sequence[Product], by_id: dict[str, Product]) -> Iterator[Finding]:
    """Check each product by itself and its links; what holds is told by sets, what does not by walking."""
    groups = {name for name, product in by_id.items() if product.type == "GROUP"}
    others = by_id.keys() - groups
    holds = cache(lambda name: frozenset(by_id[name].sub_products or ()))
    for index, product in enumerate(products):
        is_group = product.type == "GROUP"
        if product.type is UNSET or product.name is UNSET or (product.price is UNSET and not is_group):
            yield from _check_complete(product, index)
        rule = product.quantity_rule
        if rule is not UNSET and rule.min > rule.max:
            yield from rule.check(f"products[{index}].quantityRule")
        children = product.sub_products
        if children is not UNSET:
            allowed = others if is_group else groups
            if not allowed.issuperset(children) or len(set(children)) != len(children):
                yield from _check_links(product, children, f"products[{index}].subProducts", by_id)
        if product.overloads is not UNSET:
            yield from _check_overloads(product, product.overloads, f"products[{index}].overloads", by_id, holds)


def _check_complete(product: Product, index: int) -> Iterator[Finding]:
    needed = [("type", product.type), ("name", product.name)]
    if product.type != "GROUP":
        needed.append(("price", product.price))  # type: ignore[arg-type]
    for name, value in needed:
        if value is UNSET:
            cause = f"is required in a full sync (product '{product.pos_product_id}')"
            yield Finding(f"products[{index}].{name}", "product.incomplete", cause)


def _check_links(product: Product, children: list[str], path: str, by_id: dict[str, Product]) -> Iterator[Finding]:
    is_group = product.type == "GROUP"
    for place, child_id in enumerate(children):
        child = by_id.get(child_id)
        if child is None:
            yield Finding(f"{path}[{place}]", "product.reference", f"no product '{child_id}' in this request")
        elif child.type is not UNSET and (child.type == "GROUP") == is_group:
            only = "SINGLEs and MODIFIERs" if is_group else "GROUPs"
            cause = f"'{child_id}' is a {child.type}; a {product.type} holds only {only}"
            yield Finding(f"{path}[{place}]", "product.edge", cause)
    if len(set(children)) != len(children):
        yield Finding(path, "list.duplicate", "names a product twice")


def _check_overloads(
    product: Product,
    overloads: list[Overload],
    path: str,
    by_id: dict[str, Product],
    holds: Callable[[str], Container[str]],
) -> Iterator[Finding]:
    for place, overload in enumerate(overloads):
        if overload.quantity_rule is not UNSET:
            yield from overload.quantity_rule.check(f"{path}[{place}].quantityRule")
        for at, parent_id in enumerate(overload.pos_product_ids):
            if parent_id in by_id and product.pos_product_id in holds(parent_id):
                continue
            where = f"{path}[{place}].posProductIds[{at}]"
            if parent_id not in by_id:
                yield Finding(where, "product.reference", f"no product '{parent_id}' in this request")
            else:
                cause = f"product '{parent_id}' does not hold '{product.pos_product_id}'"
                yield Finding(where, "product.overload-parent", cause)


def _check_currency(products: Sequence[Product]) -> Iterator[Finding]:
    """One store's products have one currency, overloads included."""
    first = next((product.price.currency for product in products if product.price is not UNSET), None)
    for index, product in enumerate(products):
        price = product.price
        if price is not UNSET and price.currency != first:
            yield _other_currency(f"products[{index}].price", price.currency, first)
        if product.overloads is not UNSET:
            for place, overload in enumerate(product.overloads):
                if overload.price is not UNSET and overload.price.currency != first:
                    where = f"products[{index}].overloads[{place}].price"
                    yield _other_currency(where, overload.price.currency, first)


def _other_currency(path: str, currency: str, first: str | None) -> Finding:
    return Finding(f"{path}.currency", "product.currency", f"is {currency} where the store's products are {first}")


def _check_nesting(products: Sequence[Product], by_id: dict[str, Product]) -> Iterator[Finding]:
    """Yield a finding for a circle, or for groups nested deeper than the limit.

    Only what a group leads to matters: most groups hold products that hold nothing themselves.
    """
    graph = _nesting(products, by_id)
    circle = find_circle(graph)
    if circle:
        names = [name for name in circle[1:] if by_id[name].type == "GROUP"]
        index = next(place for place, product in enumerate(products) if product.pos_product_id == names[-1])
        along = " > ".join([names[-1], *names][:10])
        yield Finding(f"products[{index}].subProducts", "product.cycle", f"makes a circle: {along}")
        return
    length, deepest = longest_path(graph)
    levels = (length + 1) // 2  # between two groups there is a product
    if levels > most("nesting"):
        index = next(place for place, product in enumerate(products) if product.pos_product_id == deepest)
        cause = f"nests {levels} levels of groups, at most {most('nesting')} are allowed"
        yield Finding(f"products[{index}].subProducts", "product.depth", cause)


def _nesting(products: Sequence[Product], by_id: dict[str, Product]) -> dict[str, list[str]]:
    """Return what groups lead to: from a group to those products in it that hold groups, and from these to them.

    There are never more links in it than in the request, and none at all where nothing nests.
    """
    holders = {name for name, product in by_id.items() if product.sub_products and product.type != "GROUP"}
    graph: dict[str, list[str]] = {}
    for product in products:
        if product.type == "GROUP" and product.sub_products and not holders.isdisjoint(product.sub_products):
            graph[product.pos_product_id] = [child for child in product.sub_products if child in holders]
    for name in set(chain.from_iterable(graph.values())):
        graph[name] = by_id[name].sub_products or []
    return graph


def _doubts(products: Sequence[Product], by_id: dict[str, Product]) -> Iterator[Finding]:
    """Yield what is legal but probably not meant."""
    rules_of = cache(lambda name: _rules(by_id[name]))
    for index, product in enumerate(products):
        if product.overloads is not UNSET and product.price is not UNSET:
            for place, overload in enumerate(product.overloads):
                if overload.price is not UNSET and overload.price.value >= product.price.value > 0:
                    where = f"products[{index}].overloads[{place}].price.value"
                    cause = f"{overload.price.value} is not below the product's own {product.price.value}"
                    yield Finding(where, "product.overload-price", cause)
        if product.type == "GROUP" and product.quantity_rule is not UNSET and product.sub_products is not UNSET:
            name = product.pos_product_id
            children = [by_id[child] for child in product.sub_products]
            rules = [
                child.quantity_rule
                if child.overloads is UNSET
                else rules_of(child.pos_product_id).get(name, child.quantity_rule)
                for child in children
            ]
            yield from _check_satisfiable(product.quantity_rule, rules, f"products[{index}].quantityRule")


def _check_satisfiable(rule: QuantityRule, children: list[QuantityRule | UnsetType], path: str) -> Iterator[Finding]:
    known = [one for one in children if one is not UNSET]
    least, greatest = sum(one.min for one in known), sum(one.max for one in known)
    if len(known) == len(children) and (least > rule.max or greatest < rule.min):
        cause = f"asks for {rule.min} to {rule.max}, its children allow {least} to {greatest}"
        yield Finding(path, "product.unsatisfiable", cause)


def _rules(product: Product) -> dict[str, QuantityRule]:
    """Return the quantity rules that a product's overloads give it, by the group; the first that names a group counts."""
    rules: dict[str, QuantityRule] = {}
    for overload in product.overloads or ():
        if overload.quantity_rule is not UNSET:
            for name in overload.pos_product_ids:
                rules.setdefault(name, overload.quantity_rule)
    return rules
