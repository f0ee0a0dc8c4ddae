"""Items, the basket and the quote: with a form alone, and as the script sends them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from storefront_pages.diner import words

if TYPE_CHECKING:
    from storefront_pages.diner import Diner

FINE = "Everything is available at these prices."
# (store, item, fields of the form, the same as a selection): the shapes that both feeds know.
SHAPES: dict[str, tuple[str, str, list[tuple[str, str]], dict[str, Any]]] = {
    "basic": ("coffee", "kaya-toast", [], {}),
    "modifiers": ("burger", "fries", [("many:dips/mayo", "2"), ("many:dips/curry-dip", "0")], {"options": [{"option": "mayo", "quantity": 2}]}),
    "nested": (
        "coffee", "kopi", [("one:temperature", "cold"), ("any:temperature/cold/ice", "less-ice")],
        {"options": [{"option": "cold", "options": [{"option": "less-ice"}]}]},
    ),
    "variant": (
        "coffee", "latte",
        [("one:latte-size", "latte-tall"), ("one:latte-size/latte-tall/temperature", "hot"), ("many:latte-size/latte-tall/extras/shot", "2")],
        {"options": [{"option": "latte-tall", "options": [{"option": "hot"}, {"option": "shot", "quantity": 2}]}]},
    ),
    "combo": (
        "burger", "set-meal",
        [("one:set-burger", "cheese-burger"), ("any:set-burger/cheese-burger/toppings", "egg"), ("one:set-drink", "iced-tea")],
        {"options": [{"option": "cheese-burger", "options": [{"option": "egg"}]}, {"option": "iced-tea"}]},
    ),
    "bundle": (
        "burger", "duo", [("many:two-drinks/cola", "1"), ("many:two-drinks/iced-tea", "1")],
        {"options": [{"option": "cola"}, {"option": "iced-tea"}]},
    ),
    "skus": (
        "bistro", "poke", [("property:size", "L"), ("property:base", "rice"), ("quantity", "2")],
        {"sku": "poke-L-rice", "quantity": 2},
    ),
    "add-ons": (
        "bistro", "garden", [("any:sauces", "sesame"), ("any:sauces", "yuzu"), ("many:extras/egg", "2"), ("any:extras", "kimchi"), ("one:extras/kimchi/heat", "mild")],
        {"options": [{"option": "sesame"}, {"option": "yuzu"}, {"option": "egg", "quantity": 2}, {"option": "kimchi", "options": [{"option": "mild"}]}]},
    ),
}  # fmt: skip


def money(amount: int) -> str:
    return f"SGD {amount / 100:.2f}"


def line(item: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    seen = more.pop("seen", 0)
    return {"selection": {"item": item, "quantity": quantity, **more}, "seen": seen}


def sold_out(diner: Diner, *products: str) -> None:
    body = {
        "requestId": f"r{products}"[:60], "posAccountId": "kopi-and-co", "store": {"posStoreId": "coffee"},
        "products": [{"posProductId": name, "status": "SOLDOUT"} for name in products],
    }  # fmt: skip
    assert diner.platform.call("syncProduct", body).code == "SUCCESS"


def test_every_shape_of_item_can_be_chosen_and_priced_by_its_form_alone(diner: Diner) -> None:
    for name, (ref, item, fields, selection) in SHAPES.items():
        page = diner.get(diner.at(ref, "/item", item=item)).body.decode()
        top = {field for field, _ in fields if field.count("/") < 2}
        assert all(f'name="{one}"' in page for one in top), name
        priced = diner.quote(ref, item, *fields)
        assert FINE in priced, (name, priced)
        assert f"Total {money(diner.total(ref, {'item': item, **selection}))}" in priced, name


def test_further_choices_come_up_once_what_they_hang_on_is_chosen(diner: Diner) -> None:
    closed = diner.get(diner.at("coffee", "/item", item="kopi")).body.decode().partition("<template")[0]
    assert "Less ice" not in closed
    chosen = {"item": "kopi", "one:temperature": "cold"}
    opened = diner.get(diner.at("coffee", "/item", **chosen)).body.decode().partition("<template")[0]
    assert 'name="any:temperature/cold/ice" value="less-ice"' in opened
    assert re.search(r'value="cold" checked', opened)
    kept = {"item": "kopi", "options": [{"option": "cold", "options": [{"option": "no-ice"}]}]}
    again = diner.get(diner.at("coffee", "/item", item="kopi", selection=json.dumps(kept))).body.decode()
    assert re.search(r'value="no-ice" checked', again)


def test_what_is_missing_or_too_much_is_said_on_the_quote(diner: Diner) -> None:
    missing = diner.quote("coffee", "latte")
    assert FINE not in missing
    assert "Choose at least 1 of Size." in missing
    too_many = diner.quote("bistro", "garden", *(("any:sauces", name) for name in ("sesame", "chilli", "yuzu")))
    assert "Choose at most 2 of Sauce." in too_many
    assert "Choose a variant of Salmon poke bowl." in diner.quote("bistro", "poke", ("property:size", "L"))
    assert "Outside the opening hours." in diner.quote("ah-seng", "hor-fun")


@pytest.mark.parametrize("selection", ["{", '{"item": "other"}', "[" * 5000, "x" * 9000])
def test_a_selection_in_an_address_that_can_not_be_read_counts_as_none(diner: Diner, selection: str) -> None:
    answer = diner.get(diner.at("coffee", "/item", item="kopi", selection=selection))
    assert answer.status == 200
    assert " checked" not in answer.body.decode()


def test_a_basket_shows_each_line_with_its_price_and_what_keeps_it_from_being_ordered(diner: Diner) -> None:
    lines = [line("kaya-toast", 2, seen=480), line("eggs"), line("kopi", options=[{"option": "hot"}], seen=150)]
    answer = diner.basket("coffee", *lines)
    shown = words(answer)
    parts = re.split(r"(?=data-line=)", answer.body.decode())
    assert "SGD\u00a04.80" in parts[1]
    assert "Sold out." in parts[2]
    assert "refused" not in parts[1]
    assert "The price has changed: it was SGD 1.50." in shown
    assert "Change what is marked above first." in shown
    sold_out(diner, "kaya-toast")
    assert words(diner.basket("coffee", *lines)).count("Sold out.") == 2
    assert "Your basket is empty" in words(diner.basket("coffee"))


def test_a_basket_says_what_is_missing_to_the_minimum_and_what_a_delivery_costs(diner: Diner) -> None:
    tea = words(diner.basket("bistro", line("tea", 2), service="PICKUP"))
    assert "SGD 1.00 more to reach the minimum of SGD 8.00." in tea
    poke = line("poke", 2, sku="poke-L-rice")
    near = words(diner.basket("bistro", poke, service="DELIVERY", distance=2000))
    assert "Delivery SGD 3.00 Discount on delivery -SGD 1.50" in near
    assert f"Packaging {money(80)}" in near
    assert f"Total {money(2 * 1790 + 80 + 150)}" in near
    assert "The store does not deliver that far." in words(
        diner.basket("bistro", poke, service="DELIVERY", distance=9000)
    )


def test_an_item_of_another_ways_menu_is_found_in_the_one_chosen(diner: Diner) -> None:
    chosen = line("tea", 3, menu="pickup", category="drinks")
    assert "There is no item" not in words(diner.basket("bistro", chosen, service="DINEIN"))


def test_what_has_left_the_menu_keeps_its_name_in_the_basket(diner: Diner) -> None:
    shown = words(diner.basket("coffee", {**line("cake"), "name": "Pandan cake"}, line("kaya-toast")))
    assert "Pandan cake There is no item cake." in shown
    assert "SGD 2.40" in shown


def test_a_table_that_must_be_given_is_asked_for_and_stands_on_the_quote(diner: Diner) -> None:
    asked = diner.basket("bistro", line("tea"), service="DINEIN").body.decode()
    assert 'name="table"' in asked
    given = diner.basket("bistro", line("tea"), service="DINEIN", table="7").body.decode()
    assert 'name="table"' not in given
    basket = json.dumps({"lines": [{"key": "a", **line("tea")}], "note": "no <b>sugar</b>"})
    form = f"table=9&basket={basket}".encode()
    headers = [("host", "test"), ("content-type", "application/x-www-form-urlencoded"), ("content-length", str(len(form)))]  # fmt: skip
    page = diner.platform.send("POST", diner.at("bistro", "/quote", service="DINEIN"), headers, form)
    shown = words(page)
    assert "Table 9" in shown
    assert "no <b>sugar</b>" in shown
    assert "<b>sugar" not in page.body.decode()
    assert "Ordering opens soon." in shown
    assert "Nothing has been ordered" in shown


def test_baskets_that_can_not_be_read_are_refused(diner: Diner) -> None:
    for body, status in ((b"{", 400), (b'{"lines": 1}', 400), (b"[" * 100_000, 400), (b"x" * 300_000, 413)):
        assert diner.platform.send("POST", diner.at("coffee", "/basket"), [("host", "test")], body).status == status
    many = json.dumps({"lines": [{"key": "k", **line("kopi")}] * 101}).encode()
    assert diner.platform.send("POST", diner.at("coffee", "/basket"), [("host", "test")], many).status == 400
    assert diner.platform.send("POST", "/s/none/basket", [("host", "test")], b"{}").status == 404


def test_what_can_not_be_ordered_now_has_no_button_to_add_it(diner: Diner) -> None:
    for ref, item, why in (("ah-seng", "hor-fun", "Closed"), ("coffee", "eggs", "Sold out.")):
        page = diner.get(diner.at(ref, "/item", item=item)).body.decode()
        [button] = re.findall(r"(?s)<button [^>]*data-add disabled>.*?</button>", page)
        assert why in button


def test_times_lead_to_the_menu_of_that_moment(diner: Diner) -> None:
    page = diner.get(diner.at("ah-seng", "/times")).body.decode()
    links = re.findall(r'href="([^"]*at=2026-11-22T19[^"]*)"', page)
    assert links
    later = diner.words(links[0].replace("&amp;", "&"))
    assert "The menu as it is at another time: 7:00 PM." in later
    assert "Outside the opening hours." not in later
