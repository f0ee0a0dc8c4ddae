"""Names that are meant to run, to read as markup, or to break a page; and both feeds with them in every text."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
SCRIPT = "<script>window.hacked = 1</script>"
TEMPLATE = "{{ 31337 * 3 }}${31337*3}{% raw %}<%= 31337*3 %>#{31337*3}"
EVALUATED = "94011"
TURNED = "\u202eesrever\u202c"
CORPUS = [
    SCRIPT,
    '"><img src=x onerror="window.hacked = 1">',
    "'><svg onload=window.hacked=1>",
    "</title></textarea></option></script><hostile-tag>",
    TEMPLATE,
    TURNED,
    "\u2066isolated and never closed",
    "zero\u200bwidth\u200d\ufeffjoined",
    "🍜👩‍👩‍👧‍👦𠮷野家🇸🇬",
    "Z" + "\u0321\u0346\u035b\u0489" * 30,
    "W" * 255,
    "مطعم الشاي القديم",
    "a'b\"c&amp;<b>\\u003c\\x3c%3Cscript%3E",
    "javascript:window.hacked=1",
]
# All of them that fit into one name.
ALL = "".join(
    (SCRIPT, "\"'><img src=x onerror=window.hacked=1>", TEMPLATE, TURNED, "\u2066𠮷e\u0301\u0489مطعم", "M" * 40)
)


def pos_store(account: str, ref: str = "hostile") -> Json:
    """Return a full sync of a POS store; its items are called by the corpus and share a group of such options."""
    price = {"currency": "SGD", "value": 100}
    options = [
        {"posProductId": f"o{i}", "type": "MODIFIER", "status": "AVAILABLE", "name": name, "price": price}
        for i, name in enumerate(CORPUS)
    ]
    children = [one["posProductId"] for one in options]
    group = {"posProductId": f"g{ALL}", "type": "GROUP", "status": "AVAILABLE", "name": ALL, "subProducts": children}
    items = [
        {"posProductId": f"{i}{SCRIPT}", "type": "SINGLE", "status": "AVAILABLE", "name": name, "price": price, "subProducts": [group["posProductId"]]}
        for i, name in enumerate(CORPUS)
    ]  # fmt: skip
    rule = {"quantityRule": {"min": 0, "max": len(CORPUS)}}
    store = {"posStoreId": ref, "name": ALL}
    return {"requestId": f"r{ALL}"[:64], "posAccountId": account, "store": store, "products": [*items, {**group, **rule}, *options]}  # fmt: skip


def _texts(*columns: str) -> Json:
    return {"multiLanguageDetails": [{"column": one, "languageKey": "zh_cn", "value": ALL} for one in columns]}


def _item(name: str, title: str, **more: Any) -> Json:
    price = {"saleAmount": 100, "currency": "SGD"}
    return {
        "itemId": name, "itemTitle": title, "itemDescription": ALL, "priceInfo": price, "itemStatus": "AVAILABLE",
        **_texts("itemTitle", "itemDescription"), **more,
    }  # fmt: skip


def pds_store(ref: str = "hostile-isv") -> Json:
    """Return an initializeStore call whose every text is hostile."""
    addons = [{"itemInfo": _item(f"a{i}", name)} for i, name in enumerate(CORPUS)]
    group = {"modifierGroupInfo": {"groupId": f"g{SCRIPT}", "groupName": ALL, "quantityRule": {"min": 0, "max": 3}}, "childItems": addons}  # fmt: skip
    sizes = {
        "propertyGroupKey": f"s{SCRIPT}", "propertyGroupName": ALL,
        "properties": [{"propertyName": name, "propertyValue": f"v{i}"} for i, name in enumerate(CORPUS)],
    }  # fmt: skip
    skus = [{"skuId": f"k{i}", "skuPropertyPairs": {sizes["propertyGroupKey"]: f"v{i}"}, "priceInfo": {"saleAmount": 100, "currency": "SGD"}} for i in range(len(CORPUS))]  # fmt: skip
    items = [{"itemInfo": _item(f"i{i}", name), "modifierGroups": [group]} for i, name in enumerate(CORPUS)]
    items.append({"itemInfo": _item("sized", ALL, skuPropertyGroups=[sizes], skus=skus)})
    categories = [
        {"categoryInfo": {"categoryId": "c", "title": ALL, "subTitle": ALL, **_texts("title")}, "items": items}
    ]
    menu = {"menuInfo": {"menuId": "m", "menuType": "PICKUP", "title": ALL, "subTitle": ALL, "description": ALL}, "categories": categories}  # fmt: skip
    store = {
        "storeId": ref, "name": ALL, "storeType": "RESTAURANT", "address": ALL, "cuisine": ALL, "description": ALL, "pickUpAddress": ALL,
        "location": {"latitude": "1.3", "longitude": "103.8"}, "timeZone": "Asia/Singapore", "contactPhoneNos": [SCRIPT[:20]],
        "announcement": [{"contentType": "TEXT", "value": name} for name in CORPUS[:5]], **_texts("name", "address", "description"),
    }  # fmt: skip
    return {"requestId": "hostile-isv", "stores": [{"storeInfo": store, "menus": [menu]}]}


def feeds(account: str) -> list[tuple[str, Json]]:
    """Return (API, body) of the calls that feed both stores."""
    opening = {"posStoreId": "hostile", "name": ALL, "status": "OPEN", "fullAddress": ALL, "mobileNo": SCRIPT[:20]}
    return [
        ("syncStore", {"requestId": "hostile-open", "posAccountId": account, "store": opening}),
        ("syncProduct", pos_store(account)),
        ("initializeStore", pds_store()),
    ]


def refused() -> list[tuple[str, Json]]:
    """Return calls that are refused, so that the texts of their faults and their bodies are hostile."""
    product = {"posProductId": ALL, "type": SCRIPT, "status": TURNED, "name": ALL, ALL: ALL}
    return [("syncProduct", {"requestId": ALL[:60], "posAccountId": "a", "store": {"posStoreId": ALL, "name": ALL}, "products": [product]})]  # fmt: skip


def basket(item: str) -> str:
    """Return a basket as a page posts it, with hostile words of the diner's."""
    return json.dumps({"lines": [{"key": SCRIPT, "selection": {"item": item, "quantity": 1}, "seen": 0}], "note": ALL})
