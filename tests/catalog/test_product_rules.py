"""The POS product graph: what a full sync must be, every rule by its path, in time that grows with the request."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.products import check_catalogue, is_status_update, only_parts, overloaded
from dstore.vocabulary.products import Product


def made(**one: Any) -> Product:
    """Return a product; members that are None are left out."""
    return msgspec.convert(
        {"status": "AVAILABLE", **{key: value for key, value in one.items() if value is not None}}, Product
    )


def single(product_id: str, *groups: str, **more: Any) -> Product:
    links = {"subProducts": list(groups)} if groups else {}
    price = {"currency": "SGD", "value": 100}
    return made(**{"posProductId": product_id, "type": "SINGLE", "name": product_id, "price": price, **links, **more})


def modifier(product_id: str, *groups: str, **more: Any) -> Product:
    return single(product_id, *groups, **{"type": "MODIFIER", **more})


def group(name: str, *children: str, **more: Any) -> Product:
    return made(posProductId=name, type="GROUP", name=name, subProducts=list(children), **more)


def overload(*parents: str, **more: Any) -> dict[str, Any]:
    return {"posProductIds": list(parents), **more}


def told(*products: Product) -> list[str]:
    """Return every finding as a line, doubts with a question mark in front."""
    return [("" if one.is_error else "? ") + f"{one.rule} {one.sentence}" for one in check_catalogue(products)]


SGD, USD = {"currency": "SGD", "value": 90}, {"currency": "USD", "value": 90}


def test_faults_of_links_are_collected_up_to_a_thousand_whatever_is_doubtful_before_them() -> None:
    tops, nowhere = ([f"{name}{number}" for number in range(200)] for name in "gn")
    groups = [single("y"), *(group(name, "y") for name in tops)]
    doubtful = [single(f"d{number}", overloads=[overload(*tops)]) for number in range(6)]
    faulty = [single(f"f{number}", overloads=[overload(*nowhere)]) for number in range(6)]
    found = list(check_catalogue([*groups, *doubtful]))
    assert [one.rule for one in found] == ["product.overload-parent"] * 1000
    found = list(check_catalogue([*groups, *doubtful, *faulty]))
    assert [one.rule for one in found if one.is_error] == ["product.reference"] * 1000
    assert len(found) == 2000


def test_the_shapes_of_the_page_are_right() -> None:
    basic = single("p1"), modifier("p9")
    modifiers = single("p1", "g1"), group("g1", "p2"), modifier("p2")
    nested = single("p1", "g1"), group("g1", "p2", "p3"), modifier("p2", "g2"), modifier("p3", "g2"), group("g2", "p4"), modifier("p4")  # fmt: skip
    variant = single("p1", "g1"), group("g1", "v1", "v2"), modifier("v1"), modifier("v2", price=SGD)
    combo = single("c1", "g1"), group("g1", "p1"), single("p1", overloads=[overload("g1", price=SGD)])
    for shape in (basic, modifiers, nested, variant, combo):
        assert told(*shape) == []


@pytest.mark.parametrize(
    ("products", "finding"),
    [
        ([single("p1"), single("p1")], "product.duplicate products[1].posProductId: product 'p1' is in this request twice"),
        ([single("p1", name=None)], "product.incomplete products[0].name: is required in a full sync (product 'p1')"),
        ([single("p1", price=None)], "product.incomplete products[0].price: is required in a full sync (product 'p1')"),
        ([made(posProductId="p1", name="n", price=SGD)], "product.incomplete products[0].type: is required in a full sync (product 'p1')"),
        ([single("p1", "g9")], "product.reference products[0].subProducts[0]: no product 'g9' in this request"),
        ([single("p1"), group("g1", "p1", "x")], "product.reference products[1].subProducts[1]: no product 'x' in this request"),
        ([single("p1", "p2"), modifier("p2")], "product.edge products[0].subProducts[0]: 'p2' is a MODIFIER; a SINGLE holds only GROUPs"),
        ([modifier("p1", "p2"), single("p2")], "product.edge products[0].subProducts[0]: 'p2' is a SINGLE; a MODIFIER holds only GROUPs"),
        ([group("g1", "g2"), group("g2")], "product.edge products[0].subProducts[0]: 'g2' is a GROUP; a GROUP holds only SINGLEs and MODIFIERs"),
        ([group("g1", "g1")], "product.edge products[0].subProducts[0]: 'g1' is a GROUP; a GROUP holds only SINGLEs and MODIFIERs"),
        ([group("g1", "p1", "p1"), modifier("p1")], "list.duplicate products[0].subProducts: names a product twice"),
        ([single("p1", overloads=[overload("g9", price=SGD)])], "product.reference products[0].overloads[0].posProductIds[0]: no product 'g9' in this request"),
        ([single("p1", price=SGD), single("p2", price=USD)], "product.currency products[1].price.currency: is USD where the store's products are SGD"),
        ([single("p1", quantityRule={"min": 2, "max": 1})], "quantity.order products[0].quantityRule: min 2 is above max 1"),
        ([group("g1", quantityRule={"min": 2, "max": 1})], "quantity.order products[0].quantityRule: min 2 is above max 1"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_told_by_its_path(products: list[Product], finding: str) -> None:
    assert told(*products) == [finding]


def test_a_group_needs_no_price_and_may_be_empty() -> None:
    assert told(group("g1"), made(posProductId="g2", type="GROUP", name="n")) == []


def test_a_product_may_be_in_many_groups_and_a_group_in_many_products() -> None:
    assert told(single("a", "g"), single("b", "g"), group("g", "m"), group("h", "m", "a"), modifier("m")) == []


@pytest.mark.parametrize(
    ("products", "along"),
    [
        ([group("g1", "p1"), modifier("p1", "g1")], "g1 > g1"),
        ([single("p0", "g1"), group("g1", "p1"), modifier("p1", "g2"), group("g2", "p2"), modifier("p2", "g1")], "g1 > g2 > g1"),
        ([single("p1", "g1"), group("g1", "p1")], "g1 > g1"),
        ([group("a", "x"), modifier("x"), group("b", "y"), modifier("y", "c"), group("c", "z"), modifier("z", "b")], "b > c > b"),
    ],
)  # fmt: skip
def test_a_circle_is_told_by_its_groups(products: list[Product], along: str) -> None:
    [finding] = told(*products)
    assert finding.startswith("product.cycle products[")
    assert finding.endswith(f"].subProducts: makes a circle: {along}")


def nested(levels: int) -> list[Product]:
    products = [single("p0", "g1")]
    for level in range(1, levels + 1):
        products.append(group(f"g{level}", f"p{level}"))
        products.append(modifier(f"p{level}", *([f"g{level + 1}"] if level < levels else [])))
    return products


def test_ten_levels_of_groups_are_allowed() -> None:
    assert told(*nested(10)) == []
    [finding] = told(*nested(11))
    assert finding == "product.depth products[1].subProducts: nests 11 levels of groups, at most 10 are allowed"
    # A group at the very bottom that holds nothing is a level as well.
    assert told(*nested(9)[:-1], modifier("p9", "g10"), group("g10")) == []
    assert len(told(*nested(10)[:-1], modifier("p10", "g11"), group("g11"))) == 1


@pytest.mark.parametrize(
    ("products", "finding"),
    [
        ([single("p1", overloads=[overload("g1", price=SGD)]), group("g1")], "? product.overload-parent products[0].overloads[0].posProductIds[0]: product 'g1' does not hold 'p1'"),
        ([single("p1", overloads=[overload("g1", price={"currency": "SGD", "value": 100})]), group("g1", "p1")], "? product.overload-price products[0].overloads[0].price.value: 100 is not below the product's own 100"),
        ([group("g1", "p1", quantityRule={"min": 2, "max": 2}), modifier("p1", quantityRule={"min": 0, "max": 1})], "? product.unsatisfiable products[0].quantityRule: asks for 2 to 2, its children allow 0 to 1"),
        ([group("g1", "p1", quantityRule={"min": 0, "max": 1}), modifier("p1", quantityRule={"min": 2, "max": 3})], "? product.unsatisfiable products[0].quantityRule: asks for 0 to 1, its children allow 2 to 3"),
        (
            [
                group("g1", "p1", quantityRule={"min": 2, "max": 2}),
                modifier("p1", quantityRule={"min": 0, "max": 5}, overloads=[overload("g1", quantityRule={"min": 0, "max": 1})]),
            ],
            "? product.unsatisfiable products[0].quantityRule: asks for 2 to 2, its children allow 0 to 1",
        ),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_a_doubt_and_no_error(products: list[Product], finding: str) -> None:
    assert told(*products) == [finding]


def test_of_several_overloads_for_a_group_the_first_with_a_rule_counts() -> None:
    overloads = [
        overload("g1", price=SGD),
        overload("g2", "g1", quantityRule={"min": 0, "max": 2}),
        overload("g1", quantityRule={"min": 0, "max": 1}),
    ]
    products = [
        group("g1", "p1", quantityRule={"min": 2, "max": 2}),
        group("g2", "p1"),
        modifier("p1", overloads=overloads),
    ]
    assert told(*products) == []


def test_doubts_are_not_raised_where_there_are_errors() -> None:
    doubtful = single("p1", overloads=[overload("g1", price={"currency": "SGD", "value": 500})])
    assert told(doubtful, group("g1", "p1", "x")) == [
        "product.reference products[1].subProducts[1]: no product 'x' in this request"
    ]


@given(st.permutations(["a", "b", "c", "d"]), st.data())
def test_what_the_rules_allow_never_leads_in_a_circle_and_never_out_of_the_request(names: list[str], data: Any) -> None:
    """Random catalogues: no error means that every way down ends inside the request within ten levels."""
    kinds = {name: data.draw(st.sampled_from(["SINGLE", "MODIFIER", "GROUP"])) for name in names}
    links = {name: data.draw(st.lists(st.sampled_from([*names, "x"]), max_size=3)) for name in names}
    products = [
        group(name, *links[name]) if kinds[name] == "GROUP" else single(name, *links[name], type=kinds[name])
        for name in names
    ]
    is_right = not any(one.is_error for one in check_catalogue(products))

    def ends(name: str, way: tuple[str, ...]) -> bool:
        if name not in kinds or name in way or len(set(links[name])) < len(links[name]):
            return False
        fits = all(one in kinds and (kinds[one] == "GROUP") != (kinds[name] == "GROUP") for one in links[name])
        return fits and all(ends(one, (*way, name)) for one in links[name])

    assert is_right == all(ends(name, ()) for name in names)


def test_a_status_update_is_what_carries_ids_and_statuses_alone() -> None:
    status = made(posProductId="p1")
    assert is_status_update([status, made(posProductId="p2", status="SOLDOUT")])
    assert not is_status_update([status, single("p2")])
    more: dict[str, Any]
    for more in (
        {"name": "n"},
        {"type": "SINGLE"},
        {"price": SGD},
        {"quantityRule": {"min": 0, "max": 1}},
        {"subProducts": []},
        {"overloads": []},
    ):
        assert not is_status_update([status, made(posProductId="p2", **more)]), more


def test_no_combination_of_links_takes_long() -> None:
    """Groups that hold products that hold groups, each all of the others; and overloads for every group in every product."""
    count = 400
    groups, tops = [f"g{number}" for number in range(count)], [f"t{number}" for number in range(count)]
    names = [f"s{number}" for number in range(count)]
    wide = (
        [group(name, *names) for name in groups]
        + [single(name, *tops) for name in names]
        + [group(name) for name in tops]
    )
    rule = {"min": 0, "max": 1}
    priced = [overload(*groups, quantityRule=rule, price=SGD)]
    overloaded = [group(name, *names, quantityRule=rule) for name in groups] + [
        single(name, overloads=priced) for name in names
    ]
    for products in (wide, overloaded):
        began = time.perf_counter()
        assert told(*products) == []
        assert time.perf_counter() - began < 3


def test_the_first_overload_that_says_something_counts_in_a_group() -> None:
    rule, dear = {"min": 0, "max": 1}, {"currency": "SGD", "value": 90}
    cheap, more = {"currency": "SGD", "value": 10}, {"min": 2, "max": 2}
    tea = single(
        "tea",
        overloads=[
            overload("g", quantityRule=rule),
            overload("h", "g", price=cheap),
            overload("g", price=dear, quantityRule=more),
        ],
    )
    given = overloaded(tea, "g")
    assert given.price is not None
    assert (given.price[0].value, given.price[1]) == (10, 1)
    assert given.quantity is not None
    assert (given.quantity[0].min, given.quantity[0].max, given.quantity[1]) == (0, 1, 0)
    assert overloaded(tea, "other") == (None, None)


def test_sold_only_inside_others_is_what_some_group_holds_at_its_own_price() -> None:
    cheap = {"currency": "SGD", "value": 10}
    alone = single("alone", overloads=[overload("g", "h", price=cheap)])
    part = single("part", overloads=[overload("g", price=cheap)])
    capped = single("capped", overloads=[overload("g", quantityRule={"min": 0, "max": 1})])
    groups = [group("g", "alone", "part", "capped", "gone"), group("h", "alone", "part")]
    products = {one.pos_product_id: one for one in (alone, part, capped, single("free"))}
    assert only_parts(products, groups) == {"part", "capped"}
