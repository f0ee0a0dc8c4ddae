"""Languages: whichever a diner asks for, every text is there, and what is not in that language is counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dstore.storefront.languages import lookup, ranges
from harness import stall, terrace
from storefront import shops
from storefront.shops import ask, feed, items, read

if TYPE_CHECKING:
    from harness.platform import Platform


def texts(**columns: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"column": column, "languageKey": key, "value": value}
        for column, given in columns.items()
        for key, value in given.items()
    ]


def spoken(platform: Platform) -> str:
    """A store with a dish in English and Chinese, one in Thai and Chinese, and one without any translation."""
    dishes = [
        stall.item("both", multiLanguageDetails=texts(itemTitle={"en": "Laksa!", "zh_cn": "叻沙"})),
        stall.item("thai", multiLanguageDetails=texts(itemTitle={"th-TH": "ต้มยำ", "zh-CN": "冬阴功"})),
        stall.item("plain"),
    ]
    menu = stall.menu("m", stall.category("c", *dishes))
    menu["menuInfo"]["multiLanguageDetails"] = texts(title={"zh_CN": "菜单"}, description={"zh_CN": "好吃"})
    return feed(platform, menu, multiLanguageDetails=texts(name={"zh-cn": "摊位"}))


def names(document: Any) -> list[str]:
    return [one["name"] for one in items(document).values()]


ASKED = [
        ("zh-CN", "zh-CN", ["叻沙", "冬阴功", "dish plain"]),
        ("zh_cn", "zh-CN", ["叻沙", "冬阴功", "dish plain"]),
        ("ZH", "zh-CN", ["叻沙", "冬阴功", "dish plain"]),
        ("zh-Hant-TW", "zh-CN", ["叻沙", "冬阴功", "dish plain"]),
        ("en", "en", ["Laksa!", "dish thai", "dish plain"]),
        ("en-GB", "en", ["Laksa!", "dish thai", "dish plain"]),
        ("th", "th-TH", ["Laksa!", "ต้มยำ", "dish plain"]),
        ("ms", "", ["Laksa!", "ต้มยำ", "dish plain"]),
    ]  # fmt: skip


def test_each_text_is_the_one_asked_for_else_english_else_the_first_given_else_the_plain_one(
    platform: Platform,
) -> None:
    store = spoken(platform)
    for asked, language, shown in ASKED:
        for document in (read(platform, store, language=asked), read(platform, store, accept=asked)):
            assert (document["language"], names(document)) == (language, shown), asked
            assert document["languages"] == ["en", "th-TH", "zh-CN"]


def test_nobody_who_asks_for_no_language_gets_another_than_the_plain_texts(platform: Platform) -> None:
    document = read(platform, spoken(platform))
    assert (document["language"], document["fallbacks"]) == ("", [])
    assert names(document) == ["dish both", "dish thai", "dish plain"]


def test_texts_in_another_language_are_counted_by_it(platform: Platform) -> None:
    store = spoken(platform)
    # Plain: the store's address, the category and a dish. A Thai page has English, Chinese and plain ones too.
    assert read(platform, store, language="zh")["fallbacks"] == [{"language": "", "texts": 3}]
    assert read(platform, store, language="en")["fallbacks"] == [{"language": "zh-CN", "texts": 1}]
    assert read(platform, store, language="th")["fallbacks"] == [
        {"language": "", "texts": 3},
        {"language": "en", "texts": 1},
        {"language": "zh-CN", "texts": 3},
    ]


def test_a_field_that_is_only_there_in_a_translation_is_shown(platform: Platform) -> None:
    assert read(platform, spoken(platform), language="en")["menus"][0]["description"] == "好吃"


def test_the_parameter_goes_before_the_header_and_the_header_by_its_weights(platform: Platform) -> None:
    store = spoken(platform)
    assert read(platform, store, accept="zh", language="en")["language"] == "en"
    assert read(platform, store, accept="en;q=0.2, th;q=0.9, *;q=0.1")["language"] == "th-TH"
    assert read(platform, store, accept="zh;q=0, en")["language"] == "en"
    assert read(platform, store, accept="fr, ms;q=0.9, zh;q=0.8")["language"] == "zh-CN"


def test_a_page_in_one_language_is_never_given_to_who_asks_for_another(platform: Platform) -> None:
    store = spoken(platform)
    asked = ["zh", "en", "th", "ms", "", "zh-TW,th", "xx;q=7,,;q="]
    first = {one: ask(platform, store, accept=one) for one in asked}
    assert {one: ask(platform, store, accept=one).body for one in asked} == {one: first[one].body for one in asked}
    assert first["zh"].headers["etag"] != first["en"].headers["etag"]


def test_missing_translations_are_reported_object_by_object(platform: Platform) -> None:
    store = spoken(platform)
    report = read(platform, store, "translations")
    assert report["languages"] == [
        {"language": "en", "texts": 8, "translated": 7},
        {"language": "th-TH", "texts": 8, "translated": 1},
        {"language": "zh-CN", "texts": 8, "translated": 5},
    ]
    chinese = [one for one in report["missing"] if one["language"] == "zh-CN"]
    assert [(one["kind"], one["id"], one["column"]) for one in chinese] == [
        ("store", "s", "address"),
        ("category", "c", "title"),
        ("item", "plain", "itemTitle"),
    ]
    assert chinese[2]["where"] == ["c", "m", "PICKUP"]
    asked = read(platform, store, "translations", language="ms")
    assert asked["languages"] == [{"language": "ms", "texts": 8, "translated": 0}]
    assert len(asked["missing"]) == 8


def test_announcements_are_read_in_the_language_asked_for_and_reported(platform: Platform) -> None:
    given = [terrace.text("Closed Mondays", zh_CN="周一休息"), terrace.text("Cash only")]
    contents = [{"type": "TEXT", "scene": "ANNOUNCEMENT", "value": json.dumps(one)} for one in given]
    terrace.must(platform, terrace.store("s", contents=contents, name=terrace.text("Terrace", zh_CN="阳台")))
    store = shops.only(platform)
    assert read(platform, store)["store"]["announcements"] == ["Closed Mondays", "Cash only"]
    chinese = read(platform, store, language="zh-CN")
    assert chinese["store"]["announcements"] == ["周一休息", "Cash only"]
    assert chinese["fallbacks"] == [{"language": "en-US", "texts": 2}]  # the address, and the second announcement
    report = read(platform, store, "translations", language="zh-CN")
    assert report["languages"] == [{"language": "zh-CN", "texts": 4, "translated": 2}]
    missing = [(one["column"], one["text"]) for one in report["missing"]]
    assert missing == [("address", "River Road 1"), ("announcement[1].value", "Cash only")]


SIZES = {
    "propertyGroupKey": "size", "propertyGroupName": terrace.text("Size", zh_CN="份量"),
    "properties": [
        {"propertyName": terrace.text("Large", zh_CN="大"), "propertyValue": "L"},
        {"propertyName": terrace.text("Small", zh_CN="小"), "propertyValue": "S"},
    ],
}  # fmt: skip
SPICE = {
    "propertyGroupKey": "spice", "propertyGroupName": terrace.text("Spiciness", zh_CN="辣度"),
    "properties": [
        {"propertyName": terrace.text("Mild", zh_CN="微辣"), "propertyValue": "m"},
        {"propertyName": "Hot", "propertyValue": "h"},
    ],
}  # fmt: skip


def properties(document: Any) -> dict[str, list[str]]:
    """The names of a dish's properties, each with those of its values."""
    return {one["name"]: [value["name"] for value in one["values"]] for one in items(document)["i"]["properties"]}


def test_properties_of_variants_are_read_in_the_language_asked_for_and_reported(platform: Platform) -> None:
    skus = [{"skuId": f"{size}{heat}", "skuPropertyPairs": {"size": size, "spice": heat}, "saleAmount": 300} for size in "LS" for heat in "mh"]  # fmt: skip
    dish = terrace.item("i", skuPropertyGroups=[SIZES, SPICE], skus=skus)
    terrace.must(platform, terrace.store("s", terrace.menu("m", terrace.category("c", dish))))
    store = shops.only(platform)
    plain = {"Size": ["Large", "Small"], "Spiciness": ["Mild", "Hot"]}
    assert properties(read(platform, store)) == plain
    chinese = read(platform, store, language="zh")
    assert properties(chinese) == {"份量": ["大", "小"], "辣度": ["微辣", "Hot"]}
    # The name and address of the store, the menu, the category and the dish are in English alone; Hot in no language.
    assert chinese["fallbacks"] == [{"language": "", "texts": 1}, {"language": "en-US", "texts": 5}]
    missing = read(platform, store, "translations", language="zh")["missing"]
    inside = {one["column"]: one["text"] for one in missing if one["column"].startswith("skuPropertyGroups")}
    assert inside == {"skuPropertyGroups[1].properties[1].propertyName": "Hot"}
    columns = {one["column"] for one in read(platform, store, "translations", language="th")["missing"]}
    assert {one for one in columns if one.startswith("skuPropertyGroups")} == {
        f"skuPropertyGroups[{index}].{rest}"
        for index in (0, 1)
        for rest in ("propertyGroupName", "properties[0].propertyName", "properties[1].propertyName")
    }


def test_properties_that_take_anothers_place_do_not_take_its_translations(platform: Platform) -> None:
    skus = [{"skuId": one, "skuPropertyPairs": {"size": one}, "saleAmount": 300} for one in "LS"]
    dish = terrace.item("i", skuPropertyGroups=[SIZES], skus=skus)
    terrace.must(platform, terrace.store("s", terrace.menu("m", terrace.category("c", dish))))
    cups = [{"propertyName": name, "propertyValue": name[0]} for name in ("Large cup", "Small cup")]
    groups = [{"propertyGroupKey": "size", "propertyGroupName": "Cup", "properties": cups}]
    update = {"itemId": "i", "saleType": "SINGLE", "skuPropertyGroups": groups}
    assert platform.call("updateItem", update).code == "SUCCESS"
    chinese = properties(read(platform, shops.only(platform), language="zh"))
    assert chinese == {"Cup": ["Large cup", "Small cup"]}


def test_an_announcement_that_takes_anothers_place_does_not_take_its_translation(platform: Platform) -> None:
    contents = [{"type": "TEXT", "scene": "ANNOUNCEMENT", "value": json.dumps(terrace.text("Closed", zh_CN="休息"))}]
    terrace.must(platform, terrace.store("s", contents=contents))
    store = shops.only(platform)
    assert read(platform, store, language="zh")["store"]["announcements"] == ["休息"]
    update = {"storeId": "s", "announcement": [{"contentType": "TEXT", "value": "Open"}]}
    assert platform.call("updateStore", update).code == "SUCCESS"
    assert read(platform, store, language="zh")["store"]["announcements"] == ["Open"]


def test_a_till_says_no_language_so_every_text_of_it_counts_as_another(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))
    document = read(platform, store, language="en")
    assert (document["language"], document["fallbacks"]) == ("", [{"language": "", "texts": 3}])


def test_a_report_is_asked_after_by_its_tag(platform: Platform) -> None:
    store = spoken(platform)
    tag = ask(platform, store, "translations").headers["etag"]
    assert platform.get(f"/storefront/v1/stores/{store}/translations", if_none_match=tag).status == 304
    assert platform.call("updateItem", {"itemId": "plain", "saleType": "SINGLE", "itemTitle": "x"}).code == "SUCCESS"
    assert platform.get(f"/storefront/v1/stores/{store}/translations", if_none_match=tag).status == 200


def test_what_can_not_be_read_in_a_header_asks_for_nothing() -> None:
    for header in ("", "*", ";q=1", "zh;q=x", "z<h", "a" * 9000 + ";q=0", json.dumps({"a": 1})):
        assert ranges(header) == ()
    assert ranges("a-b-c,d_E;q=0.5,en-us;q=1") == ("a-b-c", "en-US", "d-e")


@pytest.mark.parametrize(
    ("wanted", "given", "found"),
    [
        ("zh-TW", ["zh-CN", "zh-TW"], "zh-TW"),
        ("zh-Hant-TW", ["zh-CN", "zh-Hant"], "zh-Hant"),
        ("zh", ["en", "zh-CN", "zh-TW"], "zh-CN"),
        ("en-US", ["en-GB", "en"], "en"),
        ("e", ["en"], None),
    ],
)
def test_a_language_is_looked_up_by_its_subtags_and_then_by_its_first(
    wanted: str, given: list[str], found: str | None
) -> None:
    assert lookup(wanted, given) == found
