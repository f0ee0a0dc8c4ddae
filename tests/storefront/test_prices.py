"""Prices of baskets: line by line with what set each, or refused with the path of what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness import stall
from storefront import shops
from storefront.shops import LONG, LUNCH, feed, inside, price, product, rule

if TYPE_CHECKING:
    from harness.platform import Platform

DINNER = "2026-11-22T19:00"


def one(name: str, *options: Any, **more: Any) -> dict[str, Any]:
    return {"item": name, **({"options": list(options)} if options else {}), **more}


def option(name: str, *options: Any, **more: Any) -> dict[str, Any]:
    return {"option": name, **({"options": list(options)} if options else {}), **more}


def lines(answer: Any) -> list[tuple[str, str, int, int, int, str]]:
    return [(line["path"], line["id"], line["quantity"], line["each"], line["amount"], line["setBy"]) for line in answer["lines"]]  # fmt: skip


def refusals(answer: tuple[int, Any]) -> list[tuple[str, str]]:
    status, problem = answer
    assert status == 422, problem
    first = problem["refusals"][0]
    assert problem["detail"] == f"{first['path']}: {first['text']}"
    return [(each["path"], each["code"]) for each in problem["refusals"]]


def kitchen(platform: Platform) -> str:
    """A restaurant with sizes, nested add-ons, a lunch price, a takeaway fee, and two ways of ordering."""
    lunch = rule("PRICE_SCHEDULE", [{**LONG, "timeSlot": LUNCH, "saleAmount": 700, "currency": "SGD"}])
    sizes: dict[str, Any] = {
        "skuPropertyGroups": [{
            "propertyGroupKey": "size", "propertyGroupName": "Size",
            "properties": [{"propertyName": "Small", "propertyValue": "S"}, {"propertyName": "Large", "propertyValue": "L"}],
        }],
        "skus": [
            {"skuId": "s", "skuPropertyPairs": {"size": "S"}, "priceInfo": stall.price(300)},
            {"skuId": "l", "skuPropertyPairs": {"size": "L"}, "priceInfo": stall.price(450), "businessRules": [lunch]},
        ],
    }  # fmt: skip
    egg = stall.addon("egg", shops.group("style", 1, 1, stall.addon("soft", amount=0), stall.addon("hard", amount=10)))
    toppings = shops.group("toppings", 0, 3, egg, stall.addon("pork", amount=200))
    toppings["childItems"][1]["itemInfo"]["quantityRule"] = {"min": 0, "max": 2}
    boxed = {"takeawayFee": {"currency": "SGD", "amountValue": 30}}
    dishes = [
        stall.item("rice", toppings, amount=900, businessRules=[lunch], **boxed),
        stall.item("tea", **sizes),
        stall.item("cake", quantityRule={"min": 0, "max": 3}),
        stall.item("bun", quantityRule={"min": 2, "max": 9}),
        stall.item("gone", itemStatus="SOLDOUT"),
        stall.item("later", serviceAvailabilityList=shops.hours("18:00", "22:00")),
    ]
    rules = [rule("PICKUP_RULE", [{"minimumOrderAmount": {"currency": "SGD", "amountValue": 1000}}])]
    table = stall.category("t", stall.item("rice", amount=850, **boxed), stall.item("soup"))
    menus = (stall.menu("m", stall.category("c", *dishes)), stall.menu("n", table, kind="DINEIN"))
    return feed(platform, *menus, businessRules=rules)


def test_each_line_names_the_rule_that_set_its_price(platform: Platform) -> None:
    store = kitchen(platform)
    basket = [one("rice", option("egg", option("hard"), quantity=2), option("pork"), quantity=2), one("tea", sku="l")]
    status, answer = price(platform, store, *basket, expected=3370)
    assert status == 200
    assert lines(answer) == [
        ("selections[0]", "rice", 2, 700, 1400, "businessRules[0].ruleData[0]"),
        ("selections[0].options[0]", "egg", 4, 50, 200, "priceInfo"),
        ("selections[0].options[0].options[0]", "hard", 4, 10, 40, "priceInfo"),
        ("selections[0].options[1]", "pork", 2, 200, 400, "priceInfo"),
        ("selections[0]", "rice", 2, 30, 60, "takeawayFee"),
        ("selections[1]", "l", 1, 700, 700, "skus[1].businessRules[0].ruleData[0]"),
    ]
    assert answer["lines"][5]["name"] == "dish tea (Large)"
    assert (answer["total"], answer["currency"], answer["agrees"], answer["service"]) == (2800, "SGD", False, "PICKUP")
    assert answer["expectedTotal"] == 3370
    assert answer["validUntil"] == "2026-11-22T14:30:00+08:00"


def test_another_moment_and_another_service_have_their_own_prices(platform: Platform) -> None:
    store = kitchen(platform)
    assert price(platform, store, one("rice"), at=DINNER)[1]["total"] == 930
    at_the_table = price(platform, store, one("rice"), service="DINEIN", expected=850)[1]
    assert (at_the_table["total"], at_the_table["agrees"], at_the_table["service"]) == (850, True, "DINEIN")
    assert [line["kind"] for line in at_the_table["lines"]] == ["item"], "nothing is packed for the table"
    assert price(platform, store, one("rice", menu="n"))[1]["total"] == 850


def test_nothing_is_packed_for_the_table_whether_or_not_the_service_is_asked_for(platform: Platform) -> None:
    boxed = {"takeawayFee": {"currency": "SGD", "amountValue": 50}}
    egg = stall.addon("egg", amount=10)
    egg["itemInfo"].update(boxed)
    dish = stall.category("c", stall.item("x", shops.group("extras", 0, 1, egg), amount=100, **boxed))
    store = feed(platform, stall.menu("m", dish), stall.menu("t", dish, kind="DINEIN"))
    basket = one("x", option("egg"), menu="t")
    for answer in (price(platform, store, basket)[1], price(platform, store, basket, service="DINEIN")[1]):
        assert (answer["service"], answer["total"]) == ("DINEIN", 110)
        assert [line["kind"] for line in answer["lines"]] == ["item", "option"]
    assert price(platform, store, one("x", option("egg"), menu="m"))[1]["total"] == 210


def test_what_a_pick_up_lacks_to_the_minimum_is_said(platform: Platform) -> None:
    store = kitchen(platform)
    answer = price(platform, store, one("rice"))[1]
    assert (answer["minimum"]["amount"], answer["missing"]) == (1000, 270)
    assert price(platform, store, one("rice", quantity=2))[1]["missing"] == 0


def test_lines_of_one_item_count_together(platform: Platform) -> None:
    status, answer = price(platform, kitchen(platform), one("bun"), one("bun"))
    assert status == 200, answer


def test_pieces_of_an_item_count_together_from_whatever_category_they_are_chosen(platform: Platform) -> None:
    some, more = {"min": 2, "max": 3}, {"min": 0, "max": 9}
    c = stall.category("c", stall.item("x", quantityRule=some), stall.item("y", quantityRule=some))
    k = stall.category("k", stall.item("x", quantityRule=some), stall.item("y", quantityRule=more))
    store = feed(platform, stall.menu("m", c, k))

    def lines_of(name: str, *chosen: tuple[str, int]) -> list[dict[str, Any]]:
        return [one(name, category=category, quantity=quantity) for category, quantity in chosen]

    assert price(platform, store, *lines_of("x", ("c", 1), ("k", 1)))[0] == 200
    assert refusals(price(platform, store, *lines_of("x", ("c", 2), ("k", 2)))) == [("selections[1].quantity", "TOO_MANY")]  # fmt: skip
    assert refusals(price(platform, store, *lines_of("x", ("k", 1)))) == [("selections[0].quantity", "TOO_FEW")]
    assert price(platform, store, *lines_of("y", ("k", 4)))[0] == 200
    for both in ([("c", 3), ("k", 1)], [("k", 1), ("c", 3)]):
        assert refusals(price(platform, store, *lines_of("y", *both))) == [("selections[1].quantity", "TOO_MANY")]


REFUSED: list[tuple[list[Any], Any]] = [
        ([one("rice", option("egg"))], [("selections[0].options[0].options", "TOO_FEW")]),
        ([one("rice", option("pork", quantity=3))], [("selections[0].options[0]", "TOO_MANY")]),
        ([one("rice", option("pork", quantity=2), option("egg", option("soft"), option("soft")))],
         [("selections[0].options[1].options[1]", "TOO_MANY")]),
        ([one("rice", option("egg", option("soft"), quantity=2), option("pork", quantity=2))],
         [("selections[0].options[1]", "TOO_MANY")]),
        ([one("rice", option("soft"))], [("selections[0].options[0].option", "NO_OPTION")]),
        ([one("cake", quantity=4)], [("selections[0].quantity", "TOO_MANY")]),
        ([one("bun"), one("tea", sku="s")], [("selections[0].quantity", "TOO_FEW")]),
        ([one("cake", quantity=2), one("tea", sku="s"), one("cake", quantity=2)], [("selections[2].quantity", "TOO_MANY")]),
        ([one("tea")], [("selections[0].sku", "VARIANT_NEEDED")]),
        ([one("tea", sku="xl")], [("selections[0].sku", "NO_VARIANT_OF")]),
        ([one("cake", sku="s")], [("selections[0].sku", "NO_VARIANT_OF")]),
        ([one("gone")], [("selections[0]", "SOLD_OUT")]),
        ([one("later")], [("selections[0]", "NOT_AT_THIS_TIME")]),
        ([one("nothing")], [("selections[0].item", "NO_ITEM")]),
        ([one("rice", menu="other")], [("selections[0].item", "NO_ITEM")]),
        ([one("cake"), one("soup")], [("selections", "SEVERAL_SERVICES")]),
        ([one("gone"), one("nothing")], [("selections[0]", "SOLD_OUT"), ("selections[1].item", "NO_ITEM")]),
    ]  # fmt: skip


def test_what_can_not_be_ordered_is_refused_with_its_path(platform: Platform) -> None:
    store = kitchen(platform)
    for basket, refused in REFUSED:
        assert refusals(price(platform, store, *basket)) == refused, basket


def rules(answer: tuple[int, Any]) -> list[tuple[str, str]]:
    """Return the code and the rule of each refusal, of which each must have one."""
    return [(each["code"], each["rule"]) for each in answer[1]["refusals"]]


def test_a_broken_quantity_rule_is_named_by_where_it_was_fed(platform: Platform) -> None:
    store = kitchen(platform)
    pork = "modifierGroups[toppings].childItems[pork].quantityRule"
    broken: list[tuple[Any, str, str]] = [
        (one("cake", quantity=4), "TOO_MANY", "quantityRule"),
        (one("bun"), "TOO_FEW", "quantityRule"),
        (one("rice", option("egg")), "TOO_FEW", "modifierGroups[style].quantityRule"),
        (one("rice", option("pork", quantity=3)), "TOO_MANY", pork),
        (one("rice", option("egg", option("soft"), quantity=4)), "TOO_MANY", "modifierGroups[toppings].quantityRule"),
    ]
    for basket, code, path in broken:
        assert rules(price(platform, store, basket)) == [(code, path)], basket


def test_refusals_are_written_for_diners_in_their_language(platform: Platform) -> None:
    store = kitchen(platform)
    basket = one("rice", option("pork", quantity=3))
    assert price(platform, store, basket)[1]["refusals"][0]["text"] == "Choose at most 2 of add pork."
    assert price(platform, store, basket, language="zh")[1]["refusals"][0]["text"] == "add pork 最多选择 2 份。"
    [later] = price(platform, store, one("later"))[1]["refusals"]
    assert later["until"] == "2026-11-22T18:00:00+08:00"


def test_nothing_of_a_closed_store_can_be_ordered(platform: Platform) -> None:
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("x"))), storeStatus="CLOSED")
    [refusal] = price(platform, store, one("x"))[1]["refusals"]
    assert (refusal["path"], refusal["code"], refusal["rule"]) == ("selections[0]", "STORE_CLOSED", "storeStatus")


def till(platform: Platform) -> str:
    """A till with every documented shape: variants, a modifier group with nested ones, a combo, a bundle."""
    rule_of_one: dict[str, Any] = {"quantityRule": {"min": 0, "max": 1}}
    return shops.sync(
        platform,
        product("latte", value=0, subProducts=["size"]),
        shops.choices("size", 1, 1, "small", "large"),
        product("small", value=600, subProducts=["milk"], **rule_of_one),
        product("large", value=800, subProducts=["milk"], **rule_of_one),
        shops.choices("milk", 1, 1, "oat", "cow"),
        product("oat", "MODIFIER", 70, subProducts=["froth"], **rule_of_one),
        product("cow", "MODIFIER", 0, **rule_of_one),
        shops.choices("froth", 0, 1, "extra-froth"),
        product("extra-froth", "MODIFIER", 5, **rule_of_one),
        product("set", value=2000, subProducts=["mains", "drinks"]),
        shops.choices("mains", 1, 2, "burger", "cheese-burger"),
        product("burger", value=1000, quantityRule={"min": 0, "max": 9}, overloads=[inside("mains", 0, most=2)]),
        product("cheese-burger", value=1500, quantityRule={"min": 0, "max": 9}, overloads=[inside("mains", 500)]),
        shops.choices("drinks", 0, 1, "tea"),
        product("tea", value=900, quantityRule={"min": 0, "max": 9}, overloads=[inside("drinks", 500)]),
        product("box", value=1400, subProducts=["content"]),
        shops.choices("content", 4, 4, "scone"),
        product("scone", value=420, quantityRule={"min": 0, "max": 9}, overloads=[inside("content", 0, 4, 4)]),
    )


SHAPES = [
        (one("latte", option("large", option("oat", option("extra-froth"))), quantity=2), 1750, "price"),
        (one("set", option("cheese-burger"), option("burger"), option("tea")), 3000, "overloads[0].price"),
        (one("set", option("burger", quantity=2)), 2000, "overloads[0].price"),
        (one("box", option("scone", quantity=4)), 1400, "overloads[0].price"),
        (one("tea", quantity=3), 2700, "price"),
    ]  # fmt: skip


def test_every_shape_of_a_tills_products_has_its_price(platform: Platform) -> None:
    store = till(platform)
    for basket, total, set_by in SHAPES:
        status, answer = price(platform, store, basket)
        assert status == 200, answer
        assert (answer["total"], answer["lines"][-1]["setBy"]) == (total, set_by), basket
        assert sum(line["amount"] for line in answer["lines"]) == total


BROKEN: list[tuple[Any, Any]] = [
        (one("latte"), [("selections[0].options", "TOO_FEW")]),
        (one("latte", option("large")), [("selections[0].options[0].options", "TOO_FEW")]),
        (one("latte", option("large", option("cow")), option("small", option("cow"))),
         [("selections[0].options[1]", "TOO_MANY")]),
        (one("set", option("cheese-burger", quantity=2)), [("selections[0].options[0]", "TOO_MANY")]),
        (one("set", option("tea")), [("selections[0].options", "TOO_FEW")]),
        (one("box", option("scone", quantity=3)), [("selections[0].options", "TOO_FEW")] * 2),
        (one("oat"), [("selections[0].item", "NO_ITEM")]),
    ]  # fmt: skip


def test_a_broken_rule_of_a_tills_group_is_refused(platform: Platform) -> None:
    store = till(platform)
    for basket, refused in BROKEN:
        assert refusals(price(platform, store, basket)) == refused, basket


def test_a_broken_rule_of_a_till_is_that_of_the_product_or_of_its_overload(platform: Platform) -> None:
    store = till(platform)
    scone = "products[scone].overloads[0].quantityRule"
    broken: list[tuple[Any, list[tuple[str, str]]]] = [
        (one("box", option("scone", quantity=3)), [("TOO_FEW", "products[content].quantityRule"), ("TOO_FEW", scone)]),
        (one("box", option("scone", quantity=5)), [("TOO_MANY", scone)]),
        (one("latte", option("large", option("cow", quantity=2))), [("TOO_MANY", "products[cow].quantityRule")]),
        (one("tea", quantity=10), [("TOO_MANY", "quantityRule")]),
    ]
    for basket, refused in broken:
        assert rules(price(platform, store, basket)) == refused, basket
    [content] = [group for group in shops.read(platform, store)["groups"] if group["id"] == "content"]
    assert content["options"][0]["quantity"] == {"min": 4, "max": 4, "rule": "overloads[0].quantityRule"}


def test_an_option_of_two_groups_asks_for_the_group(platform: Platform) -> None:
    store = shops.sync(
        platform,
        product("tea", subProducts=["first", "second"]),
        shops.choices("first", 0, 1, "ice"),
        shops.choices("second", 0, 1, "ice"),
        product("ice", "MODIFIER", 10, quantityRule={"min": 0, "max": 1}, overloads=[inside("second", 30)]),
    )
    assert refusals(price(platform, store, one("tea", option("ice")))) == [("selections[0].options[0].option", "WHICH_GROUP")]  # fmt: skip
    assert price(platform, store, one("tea", option("ice", group="second")))[1]["total"] == 130
    assert price(platform, store, one("tea", option("ice", group="first"), option("ice", group="second")))[1]["total"] == 140  # fmt: skip


UNREADABLE = [b"", b"{", b"[]", b"{}", b'{"selections":[]}', b'{"selections":[{}]}', b'{"selections":[{"item":"x","quantity":0}]}',
     b'{"selections":[{"item":"x","quantity":1.5}]}', b'{"selections":[{"item":"\xff"}]}',
     b'{"selections":[{"item":"x","options":' + b'[{"option":"y","options":' * 5000]  # fmt: skip


def test_a_basket_that_can_not_be_read_is_answered_400(platform: Platform) -> None:
    store = till(platform)
    for body in UNREADABLE:
        answer = platform.send("POST", f"/storefront/v1/stores/{store}/price", [], body)
        assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json"), body[:80]


def test_a_basket_that_is_too_large_is_answered_413(platform: Platform) -> None:
    body = b'{"selections":[' + b" " * 300_000 + b'{"item":"x"}]}'
    assert platform.send("POST", f"/storefront/v1/stores/{till(platform)}/price", [], body).status == 413
