"""A bistro with all that a diner's page can show: three ways of ordering, pictures, offers, notices, two languages."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
PICTURES = "https://pictures.example/"


def money(value: int) -> Json:
    return {"currency": "SGD", "amountValue": value}


def texts(column: str, chinese: str) -> list[Json]:
    return [{"column": column, "languageKey": "zh_cn", "value": chinese}]


def item(name: str, title: str, amount: int, chinese: str = "", **more: Any) -> Json:
    price = {"saleAmount": amount, "currency": "SGD"}
    if "listed" in more:
        price["originAmount"] = more.pop("listed")
    own = {"itemId": name, "itemTitle": title, "priceInfo": price, "itemStatus": "AVAILABLE", **more}
    if chinese:
        own["multiLanguageDetails"] = texts("itemTitle", chinese)
    return own


def pictured(name: str, title: str, amount: int, chinese: str = "", **more: Any) -> Json:
    return item(name, title, amount, chinese, images=[f"{PICTURES}{name}.jpg"], **more)


def group(name: str, title: str, least: int, most: int, *children: Json) -> Json:
    info = {"groupId": name, "groupName": title, "quantityRule": {"min": least, "max": most}}
    return {"modifierGroupInfo": info, "childItems": list(children)}


def addon(name: str, title: str, amount: int, *groups: Json, **more: Any) -> Json:
    return {"itemInfo": item(name, title, amount, **more), **({"modifierGroups": list(groups)} if groups else {})}


def category(name: str, title: str, chinese: str, *items: Json) -> Json:
    info = {"categoryId": name, "title": title, "multiLanguageDetails": texts("title", chinese)}
    return {"categoryInfo": info, "items": list(items)}


def bowls() -> Json:
    sizes = {"propertyGroupKey": "size", "propertyGroupName": "Size"}
    bases = {"propertyGroupKey": "base", "propertyGroupName": "Base"}
    poke = pictured(
        "poke", "Salmon poke bowl", 1490, "三文鱼波奇饭", listed=1690, itemDescription="Salmon, edamame, pickled ginger and sesame.",
        takeawayFee=money(40),
        skuPropertyGroups=[
            {**sizes, "properties": [{"propertyName": "Regular", "propertyValue": "R"}, {"propertyName": "Large", "propertyValue": "L"}]},
            {**bases, "properties": [{"propertyName": "Brown rice", "propertyValue": "rice"}, {"propertyName": "Soba", "propertyValue": "soba"}]},
        ],
        skus=[
            {"skuId": f"poke-{size}-{base}", "skuPropertyPairs": {"size": size, "base": base}, "priceInfo": {"saleAmount": amount, "currency": "SGD"}}
            for size, amount in (("R", 1490), ("L", 1790)) for base in ("rice", "soba") if (size, base) != ("L", "soba")
        ],
    )  # fmt: skip
    sauces = group(
        "sauces", "Sauce", 1, 2, addon("sesame", "Sesame", 0), addon("chilli", "Chilli", 0), addon("yuzu", "Yuzu", 50)
    )
    heat = group("heat", "How hot", 1, 1, addon("mild", "Mild", 0), addon("fierce", "Fierce", 0))
    extras = group(
        "extras",
        "Extras",
        0,
        3,
        addon("egg", "Onsen egg", 150, quantityRule={"min": 0, "max": 2}),
        addon("kimchi", "Kimchi", 120, heat),
    )
    garden = pictured(
        "garden",
        "Garden bowl",
        1190,
        "田园饭",
        itemDescription="Whatever the market had this morning.",
        takeawayFee=money(40),
    )
    return category("bowls", "Bowls", "饭类", {"itemInfo": poke}, {"itemInfo": garden, "modifierGroups": [sauces, extras]})  # fmt: skip


def drinks() -> Json:
    return category(
        "drinks", "Drinks", "饮料",
        {"itemInfo": pictured("tea", "Roasted tea", 350, "焙茶")},
        {"itemInfo": item("lemonade", "Lemonade", 480, "柠檬水")},
        {"itemInfo": pictured("shake", "Black sesame shake", 690, "黑芝麻奶昔", itemStatus="SOLDOUT")},
    )  # fmt: skip


def _scene(name: str, data: Any) -> Json:
    return {"scene": name, "ruleData": json.dumps(data)}


def rules() -> list[Json]:
    distances = [
        {"from": 0, "to": 3000, "fee": money(300), "minimumOrderAmount": money(1500),
         "discounts": [{"discountType": "REDUCE", "orderThresholdAmount": money(2500), "discountValue": json.dumps(money(150))}]},
    ]  # fmt: skip
    return [
        _scene("DELIVERY_DISTANCE", distances),
        _scene("PICKUP_RULE", [{"minimumOrderAmount": money(800)}]),
        _scene("DINE_IN_ORDER", {"isTableNoRequired": True, "serviceType": "SERVE_TO_TABLE"}),
    ]


def store() -> Json:
    return {
        "storeId": "bistro",
        "name": "Lantern Bistro",
        "storeType": "RESTAURANT",
        "address": "5 Orchard Lane, Singapore 238899",
        "location": {"latitude": "1.3039", "longitude": "103.8321"},
        "timeZone": "Asia/Singapore",
        "contactPhoneNos": ["+65 6300 0005"],
        "cuisine": "Bowls and tea",
        "description": "A small kitchen under the lanterns.",
        "images": [f"{PICTURES}front.jpg"],
        "announcement": [{"contentType": "TEXT", "value": "Fresh yuzu is back."}],
        "banners": [{"imageUrl": f"{PICTURES}banner.jpg", "landingUrl": "https://offers.example/yuzu"}],
        "recommendItemIds": ["garden"],
        "multiLanguageDetails": texts("name", "灯笼小馆"),
        "businessRules": rules(),
    }


def bistro() -> Json:
    """Return the body of an initializeStore call."""
    menus = [
        {
            "menuInfo": {"menuId": kind.lower(), "menuType": kind, "title": kind.title()},
            "categories": [bowls(), drinks()],
        }
        for kind in ("PICKUP", "DINEIN", "DELIVERY")
    ]
    return {"requestId": "bistro", "stores": [{"storeInfo": store(), "menus": menus}]}
