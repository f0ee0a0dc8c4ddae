"""The list of stores and a store's page, as they are served."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from browser.visitor import HOSTILE, hostile_shop
from storefront_pages.diner import words

if TYPE_CHECKING:
    from storefront_pages.diner import Diner


def linked(page: str) -> Any:
    [found] = re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(found)


def test_stores_are_listed_with_how_they_stand_and_found_by_name_address_and_food(diner: Diner) -> None:
    assert diner.get("/").headers["location"] == "/s"
    listed = diner.words("/s")
    for name in ("Kopi & Co", "Patty Bros", "Ah Seng Hor Fun", "Lantern Bistro"):
        assert name in listed
    assert "Outside the opening hours. Opens: 6:00 PM" in listed
    for looked_for, found in (("KOPI", "Kopi & Co"), ("beach road", "Kopi & Co"), ("bowls", "Lantern Bistro")):
        page = diner.words(f"/s?q={looked_for.replace(' ', '+')}")
        assert found in page
        assert "Patty Bros" not in page
    assert "No store found" in diner.words("/s?q=nowhere")


def test_a_menu_shows_the_least_a_dish_costs_what_it_was_and_what_is_sold_out(diner: Diner) -> None:
    coffee = diner.words(diner.at("coffee"))
    assert "Caffè latte from SGD 4.20" in coffee
    assert "Soft-boiled eggs SGD 2.10 Sold out." in coffee
    bistro = diner.words(diner.at("bistro", service="PICKUP"))
    assert "from SGD 14.90 + SGD 0.40 packaging" in bistro
    assert "SGD 0.40 packaging" not in diner.words(diner.at("bistro", service="DINEIN"))
    stall = diner.words(diner.at("ah-seng", at="2026-11-22T20:00:00+08:00"))
    assert "干炒河粉" in diner.words(diner.at("ah-seng", language="zh", at="2026-11-22T20:00"))
    assert "Stir-fried hor fun" in stall
    assert "Satay" not in stall
    assert "Satay" in diner.words(diner.at("ah-seng", at="2026-11-22T23:00:00+08:00"))


def test_a_closed_store_says_why_and_when_it_opens_and_opens_by_itself(diner: Diner) -> None:
    closed = diner.words(diner.at("ah-seng"))
    assert "Closed Outside the opening hours. Opens: 6:00 PM" in closed
    assert "Order for later" in closed
    assert "Today 6:00 PM \u2013 2:00 AM" in closed.replace("\u2009", " ")
    diner.platform.clock.set(diner.platform.clock.now() + timedelta(hours=7))
    assert "Open until 2:00 AM" in diner.words(diner.at("ah-seng"))


def test_a_page_is_not_sent_again_while_it_stands_and_is_new_with_the_next_sync(diner: Diner) -> None:
    first = diner.get(diner.at("coffee"), accept_encoding="gzip")
    page = gzip.decompress(first.body).decode()
    assert page == diner.get(diner.at("coffee")).body.decode()
    again = diner.get(diner.at("coffee"), if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    others = [diner.at("coffee", table="4"), diner.at("coffee", service="DINEIN"), diner.at("coffee", language="zh")]
    tags = {diner.get(path).headers["etag"] for path in others} | {first.headers["etag"]}
    assert len(tags) == 4
    sold_out = {
        "requestId": "r1", "posAccountId": "kopi-and-co", "store": {"posStoreId": "coffee"},
        "products": [{"posProductId": "kopi", "status": "SOLDOUT"}],
    }  # fmt: skip
    assert diner.platform.call("syncProduct", sold_out).code == "SUCCESS"
    after = diner.get(diner.at("coffee"), if_none_match=first.headers["etag"])
    assert after.status == 200
    assert "Kopi SGD 1.80 Sold out." in words(after)


def test_only_ways_of_ordering_that_there_are_can_be_chosen_and_a_table_means_dining_in(diner: Diner) -> None:
    def chosen(path: str) -> list[str]:
        return re.findall(r'aria-current="true">([^<]+)<', diner.get(path).body.decode().partition("</nav>")[0])

    assert chosen(diner.at("bistro"))[-1] == "Pickup"
    assert chosen(diner.at("bistro", table="12"))[-1] == "Dine in"
    assert chosen(diner.at("bistro", service="nonsense", at="yesterday"))[-1] == "Pickup"
    page = diner.get(diner.at("bistro", table="12")).body.decode()
    assert "Table <bdi>12</bdi>" in page
    links = re.findall(r'href="([^"]+)" data-sheet', page)
    assert links
    assert all("table=12" in link for link in links)
    for label in ("x" * 21, "a\u202eb", " "):
        assert 'data-table=""' in diner.get(diner.at("bistro", table=label)).body.decode()
    assert "Dine in" not in diner.words(diner.at("ah-seng"))


def test_pages_say_which_language_they_and_the_stores_texts_are_in(diner: Diner) -> None:
    page = diner.get(diner.at("bistro", language="zh")).body.decode()
    assert '<html lang="zh-Hans"' in page
    assert "灯笼小馆" in page
    assert "三文鱼波奇饭" in page
    assert "未来七天的营业时间" in page
    english = diner.get(diner.at("bistro"), accept_language="en-SG").body.decode()
    assert '<html lang="en"' in english
    assert "<bdi>Lantern Bistro</bdi>" in english
    assert 'dir="auto" lang="">Kaya toast</strong>' in diner.get(diner.at("coffee")).body.decode()
    assert diner.get(diner.at("bistro"), accept_language="zh-CN").headers["vary"].count("accept-language") == 1


def test_search_engines_read_the_store_and_its_menu(diner: Diner) -> None:
    data = linked(diner.get(diner.at("bistro")).body.decode())
    assert (data["@type"], data["name"], data["telephone"]) == ("Restaurant", "Lantern Bistro", "+65 6300 0005")
    sections = data["hasMenu"]["hasMenuSection"]
    assert [one["name"] for one in sections] == ["Bowls", "Drinks"]
    offers = {one["name"]: one["offers"] for section in sections for one in section["hasMenuItem"]}
    assert offers["Roasted tea"]["price"] == "3.50"
    assert offers["Black sesame shake"]["availability"] == "https://schema.org/OutOfStock"


def test_hostile_names_stay_text_everywhere(diner: Diner) -> None:
    body = hostile_shop()
    body["store"]["name"] = "</script><script>window.hacked = 1</script>"
    assert diner.platform.call("syncProduct", body).code == "SUCCESS"
    [[store]] = diner.platform.rows("select public_id from store where ref = 'hostile'")
    item = diner.get(f"/s/{store}").body.decode()
    link = re.findall(r'href="([^"]+)" data-sheet', item)[1].replace("&amp;", "&")
    for path in (
        f"/s/{store}",
        link,
        "/s",
        f"/s/{store}?table=%3Cscript%3E",
        f"/s/{store}/basket",
        f"/s?q={'<script>'}",
    ):
        page = diner.get(path).body.decode()
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert len(re.findall("</script>", page)) == len(re.findall("<script ", page))
    assert linked(item)["name"] == body["store"]["name"]
    assert HOSTILE[4] in item


def test_no_page_has_script_or_style_of_its_own_and_only_our_own_may_frame_it(diner: Diner) -> None:
    for path in ("/s", diner.at("bistro"), diner.at("bistro", "/item", item="poke"), diner.at("bistro", "/times"), diner.at("bistro", "/basket")):  # fmt: skip
        answer = diner.get(path)
        assert answer.status == 200
        page = answer.body.decode()
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"", page) == []
        assert all("src=" in one or "ld+json" in one for one in re.findall(r"<script[^>]*>", page))
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"] or path == "/s"


def test_every_link_of_a_menu_leads_somewhere(diner: Diner) -> None:
    page = diner.get(diner.at("bistro", table="12", language="zh")).body.decode()
    links = {one.replace("&amp;", "&").partition("#")[0] for one in re.findall(r'(?:href|src)="(/[^"]*)"', page)}
    assert len(links) > 15
    assert {link: diner.get(link).status for link in links if diner.get(link).status != 200} == {}


def test_what_is_not_there_is_said_with_a_way_on(diner: Diner) -> None:
    for path in ("/s/none", "/s/%00", "/s/none/item", diner.at("bistro", "/item", item="none"), diner.at("bistro", "/quote", item="\0")):  # fmt: skip
        answer = diner.get(path)
        assert answer.status == 404
        assert "Nothing here" in words(answer)


def test_a_code_leads_to_a_store_or_to_a_table_of_it(diner: Diner) -> None:
    answer = diner.get(diner.at("bistro", "/qr.svg", table="12"))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert f"http://test/s/{diner.ids['bistro']}?table=12".encode() in answer.body.replace(b"&amp;", b"&")
    assert b"table" not in diner.get(diner.at("bistro", "/qr.svg")).body
    assert diner.get(diner.at("bistro", "/qr.svg", table="x" * 21)).status == 400
    assert diner.get("/s/none/qr.svg").status == 404
