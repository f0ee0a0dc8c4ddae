"""The POS product graph: singles, groups and modifiers, and the rules between them. Pure functions."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from dstore.catalog.graphs import find_circle, has_path_over, longest_path
from dstore.findings import Finding, some_of
from dstore.results import MOST_FINDINGS
from dstore.vocabulary.limits import most

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from msgspec import UnsetType

    from dstore.vocabulary.products import Product, StoredProduct
    from dstore.vocabulary.values import Amount, QuantityRule


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


class Overloaded(NamedTuple):
    """What its overloads give a product inside a group, each with the overload's index; None where its own holds."""

    price: tuple[Amount, int] | None = None
    quantity: tuple[QuantityRule, int] | None = None

    def price_of(self, product: Product | StoredProduct) -> Amount | UnsetType:
        """Return the price that holds there."""
        return product.price if self.price is None else self.price[0]

    def quantity_of(self, product: Product | StoredProduct) -> QuantityRule | UnsetType:
        """Return the quantity rule that holds there."""
        return product.quantity_rule if self.quantity is None else self.quantity[0]


def check_statuses(products: Sequence[Product]) -> Iterator[Finding]:
    """Yield what is doubtful in a status update: products that are named again."""
    first: dict[str, int] = {}
    for index, product in enumerate(products):
        earlier = first.setdefault(product.pos_product_id, index)
        if earlier != index:
            cause = f"product '{product.pos_product_id}' is products[{earlier}], too; the last one counts"
            yield Finding(f"products[{index}].posProductId", "status.repeated", cause)


def overloaded(product: Product | StoredProduct, group_id: str) -> Overloaded:
    """Return what overloads give a product inside a group; the first that says something counts."""
    if product.overloads is UNSET:
        return Overloaded()
    price, rule = None, None
    for index, overload in enumerate(product.overloads):
        if group_id in overload.pos_product_ids:
            if price is None and overload.price is not UNSET:
                price = overload.price, index
            if rule is None and overload.quantity_rule is not UNSET:
                rule = overload.quantity_rule, index
    return Overloaded(price, rule)


def only_parts(
    products: Mapping[str, Product | StoredProduct], groups: Iterable[Product | StoredProduct]
) -> frozenset[str]:
    """Return the products that are sold only inside others: some group holds them at their own price.

    Where every group that holds a product gives it another price, its own can only be that of selling it alone
    (the combo and bundle examples of the syncProduct page); such a product is sold by itself as well.
    """
    return frozenset(
        child
        for group in groups
        for child in group.sub_products or ()
        if child in products and overloaded(products[child], group.pos_product_id).price is None
    )


def check_catalogue(products: Sequence[Product]) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in the products of a full sync."""
    sorted_out = _Sorted(products)
    found = some_of(chain(sorted_out.found, _check_links(sorted_out), _check_overloads(sorted_out)), MOST_FINDINGS)
    found.sort(key=_place)
    yield from found
    if not any(one.is_error for one in found):
        yield from _check_nesting(sorted_out)
        yield from _doubts(sorted_out)


Placed = tuple[int, "Product"]
"""A product with its place in the request."""


class _Sorted:
    """Products by what there is to check about them: one walk, so that most are looked at once.

    `groups` are all GROUPs, `holders` are other products that hold groups; `found` is what is wrong with a product
    by itself.
    """

    def __init__(self, products: Sequence[Product]) -> None:
        self.by_id = by_id = dict[str, "Product"]()
        self.currency = currency = next((one.price.currency for one in products if one.price is not UNSET), None)
        self.found: list[Finding] = []
        self.groups = groups = list[Placed]()
        self.holders = holders = list[Placed]()
        self.overloaded = overloaded = list[Placed]()
        for index, product in enumerate(products):
            by_id[product.pos_product_id] = product
            price, rule = product.price, product.quantity_rule
            if product.type == "GROUP":
                groups.append((index, product))
                is_complete = product.name is not UNSET
            else:
                if product.sub_products:
                    holders.append((index, product))
                is_complete = price is not UNSET and product.name is not UNSET and product.type is not UNSET
            if product.overloads:
                overloaded.append((index, product))
            if not is_complete:
                self.found += _check_complete(product, index)
            if price is not UNSET and price.currency != currency:
                self.found.append(_other_currency(f"products[{index}].price", price.currency, currency))
            if rule is not UNSET and rule.min > rule.max:
                self.found += rule.check(f"products[{index}].quantityRule")
        if len(by_id) != len(products):
            self.found[:0] = _check_names(products)
        self.group_ids = {group.pos_product_id for _, group in self.groups}

    def place(self, name: str) -> int:
        """Return where a product stands in the request."""
        return list(self.by_id).index(name)


def _place(found: Finding) -> int:
    """Return the index of the product that a finding is about."""
    return int(found.path.partition("[")[2].partition("]")[0] or 0)


def _check_names(products: Sequence[Product]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, product in enumerate(products):
        if product.pos_product_id in seen:
            cause = f"product '{product.pos_product_id}' is in this request twice"
            yield Finding(f"products[{index}].posProductId", "product.duplicate", cause)
        seen.add(product.pos_product_id)


def _check_complete(product: Product, index: int) -> Iterator[Finding]:
    needed = [("type", product.type), ("name", product.name)]
    if product.type != "GROUP":
        needed.append(("price", product.price))  # type: ignore[arg-type]
    for name, value in needed:
        if value is UNSET:
            cause = f"is required in a full sync (product '{product.pos_product_id}')"
            yield Finding(f"products[{index}].{name}", "product.incomplete", cause)


def _check_links(products: _Sorted) -> Iterator[Finding]:
    """Check what groups hold, and what other products do; what holds is told by sets, what does not by walking."""
    held, groups = _linked(products.groups), products.group_ids
    if held is None or not groups.isdisjoint(held) or not products.by_id.keys() >= held:
        yield from _check_children(products.groups, products.by_id)
    held = _linked(products.holders)
    if held is None or not groups >= held:
        yield from _check_children(products.holders, products.by_id)


def _linked(placed: list[Placed]) -> set[str] | None:
    """Return every name that products link to; None if one of them links to a name twice."""
    lists = [product.sub_products or [] for _, product in placed]
    repeats = [len(names) > 1 and len(set(names)) != len(names) for names in lists]
    return None if any(repeats) else set(chain.from_iterable(lists))


def _check_children(placed: list[Placed], by_id: dict[str, Product]) -> Iterator[Finding]:
    for index, product in placed:
        yield from _check_children_of(product, f"products[{index}].subProducts", by_id)


def _check_children_of(product: Product, path: str, by_id: dict[str, Product]) -> Iterator[Finding]:
    is_group = product.type == "GROUP"
    children = product.sub_products or []
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


def _check_overloads(products: _Sorted) -> Iterator[Finding]:
    """Check that overloads name groups that hold the product, in the store's currency."""
    by_id, currency = products.by_id, products.currency
    holds = cache(lambda name: frozenset(by_id[name].sub_products or ()))
    for index, product in products.overloaded:
        for place, overload in enumerate(product.overloads or ()):
            path = f"products[{index}].overloads[{place}]"
            if overload.price is not UNSET and overload.price.currency != currency:
                yield _other_currency(f"{path}.price", overload.price.currency, currency)
            if overload.quantity_rule is not UNSET:
                yield from overload.quantity_rule.check(f"{path}.quantityRule")
            for at, parent_id in enumerate(overload.pos_product_ids):
                where = f"{path}.posProductIds[{at}]"
                if parent_id not in by_id:
                    yield Finding(where, "product.reference", f"no product '{parent_id}' in this request")
                elif product.pos_product_id not in holds(parent_id):
                    cause = f"product '{parent_id}' does not hold '{product.pos_product_id}'"
                    yield Finding(where, "product.overload-parent", cause)


def _other_currency(path: str, currency: str, first: str | None) -> Finding:
    return Finding(f"{path}.currency", "product.currency", f"is {currency} where the store's products are {first}")


def _check_nesting(products: _Sorted) -> Iterator[Finding]:
    """Yield a finding for a circle, or for groups nested deeper than the limit.

    Only what a group leads to matters: most groups hold products that hold nothing themselves.
    """
    graph = _nesting(products)
    most_names = 2 * most("nesting")  # between two groups there is a product
    if not has_path_over(graph, most_names):
        return
    circle = find_circle(graph)
    if circle:
        names = [name for name in circle[1:] if name in products.group_ids]
        index = products.place(names[-1])
        along = " > ".join([names[-1], *names][:10])
        yield Finding(f"products[{index}].subProducts", "product.cycle", f"makes a circle: {along}")
        return
    length, deepest = longest_path(graph)
    cause = f"nests {(length + 1) // 2} levels of groups, at most {most('nesting')} are allowed"
    yield Finding(f"products[{products.place(deepest)}].subProducts", "product.depth", cause)


def _nesting(products: _Sorted) -> dict[str, list[str]]:
    """Return what groups lead to: from a group to those products in it that hold groups, and from these to them.

    There are never more links in it than in the request, and none at all where nothing nests.
    """
    holders = {holder.pos_product_id for _, holder in products.holders}
    graph: dict[str, list[str]] = {}
    for _, group in products.groups:
        if group.sub_products and not holders.isdisjoint(group.sub_products):
            graph[group.pos_product_id] = [child for child in group.sub_products if child in holders]
    for name in set(chain.from_iterable(graph.values())):
        graph[name] = products.by_id[name].sub_products or []
    return graph


def _doubts(products: _Sorted) -> Iterator[Finding]:
    """Yield what is legal but probably not meant."""
    for index, product in products.overloaded:
        own = UNSET if product.price is UNSET else product.price.value
        for place, overload in enumerate(product.overloads or ()):
            if own is not UNSET and overload.price is not UNSET and overload.price.value >= own > 0:
                where = f"products[{index}].overloads[{place}].price.value"
                cause = f"{overload.price.value} is not below the product's own {own}"
                yield Finding(where, "product.overload-price", cause)
    by_id = products.by_id
    given = {product.pos_product_id: _rules(product) for _, product in products.overloaded}
    for index, group in products.groups:
        if group.quantity_rule is not UNSET:
            name = group.pos_product_id
            rules = (
                given[child].get(name, by_id[child].quantity_rule) if child in given else by_id[child].quantity_rule
                for child in group.sub_products or ()
            )
            yield from _check_satisfiable(group.quantity_rule, rules, f"products[{index}].quantityRule")


def _check_satisfiable(
    rule: QuantityRule, children: Iterable[QuantityRule | UnsetType], path: str
) -> Iterator[Finding]:
    least = greatest = 0
    for one in children:
        if one is UNSET:
            return
        least, greatest = least + one.min, greatest + one.max
    if least > rule.max or greatest < rule.min:
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
