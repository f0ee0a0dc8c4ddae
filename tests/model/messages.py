"""Random messages about few ids, so that they meet: what is added is often there already, or gone."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as some

Json = dict[str, Any]
STORES, MENUS, TYPES = ("S1", "S2"), ("M1", "M2"), ("PICKUP", "DINEIN")
CATEGORIES, ITEMS, GROUPS = ("C1", "C2"), ("I1", "I2", "I3"), ("G1", "G2")
WORDS = some.sampled_from(["Noodles", "Rice", "Kopi", "\u62c9\u9762", "\U0001f35c"])
PRICE = some.integers(0, 900).map(lambda cents: {"saleAmount": cents, "currency": "SGD"})
RULE = some.integers(0, 3).map(lambda most: {"min": 0, "max": most})
STATUS = some.sampled_from(["AVAILABLE", "SOLDOUT"])


def texts(column: str) -> Any:
    """Return a strategy of texts in one or two languages."""
    one = some.builds(
        lambda language, value: {"column": column, "languageKey": language, "value": value},
        some.sampled_from(["en", "zh_cn", "zh-CN"]),
        WORDS,
    )
    return some.lists(one, min_size=1, max_size=2, unique_by=lambda text: text["languageKey"])


def maybe(**members: Any) -> Any:
    """Return a strategy of objects in which each of these members may be."""
    return some.fixed_dictionaries({}, optional=members)


def _joined(*parts: Any) -> Any:
    return some.tuples(*parts).map(lambda found: {name: value for part in found for name, value in part.items()})


def item_info(ids: tuple[str, ...] = ITEMS) -> Any:
    """Return a strategy of what an item or an add-on says of itself."""
    needed = some.fixed_dictionaries({"itemId": some.sampled_from(ids), "itemTitle": WORDS, "priceInfo": PRICE})
    more = maybe(itemDescription=WORDS, itemStatus=STATUS, quantityRule=RULE, multiLanguageDetails=texts("itemTitle"))
    return _joined(needed, more)


def group_info() -> Any:
    """Return a strategy of what a modifier group says of itself."""
    return some.fixed_dictionaries({"groupId": some.sampled_from(GROUPS), "groupName": WORDS, "quantityRule": RULE})


def links(ids: tuple[str, ...], least: int = 0) -> Any:
    """Return a strategy of ids of other objects."""
    return some.lists(some.sampled_from(ids), min_size=least, max_size=2, unique=True)


def store_info() -> Any:
    """Return a strategy of what a store says of itself."""
    fixed = {
        "storeType": "RESTAURANT", "address": "1 Pier", "location": {"postCode": "018989"}, "timeZone": "GMT+8:00",
        "contactPhoneNos": ["1"],
    }  # fmt: skip
    needed = some.fixed_dictionaries({"storeId": some.sampled_from(STORES), "name": WORDS})
    return _joined(
        needed, some.just(fixed), maybe(description=WORDS, storeStatus=some.sampled_from(["OPEN", "CLOSED"]))
    )


def tree() -> Any:
    """Return a strategy of stores with small trees; groups repeat, and their first record counts."""
    addon: Any = some.fixed_dictionaries({"itemInfo": item_info()})
    children: Any = some.lists(addon, min_size=1, max_size=2, unique_by=lambda one: one["itemInfo"]["itemId"])
    group: Any = some.fixed_dictionaries({"modifierGroupInfo": group_info(), "childItems": children})
    groups: Any = some.lists(group, max_size=2, unique_by=lambda one: one["modifierGroupInfo"]["groupId"])
    item: Any = some.fixed_dictionaries({"itemInfo": item_info(), "modifierGroups": groups})
    items: Any = some.lists(item, max_size=2, unique_by=lambda one: one["itemInfo"]["itemId"])
    heading = some.fixed_dictionaries({"categoryId": some.sampled_from(CATEGORIES), "title": WORDS})
    category: Any = some.fixed_dictionaries({"categoryInfo": heading, "items": items})
    categories: Any = some.lists(category, max_size=2, unique_by=lambda one: one["categoryInfo"]["categoryId"])
    menu: Any = some.fixed_dictionaries({"menuInfo": menu_info(), "categories": categories})
    menus = some.lists(menu, max_size=2, unique_by=lambda one: (one["menuInfo"]["menuId"], one["menuInfo"]["menuType"]))
    return some.fixed_dictionaries({"storeInfo": store_info(), "menus": menus})


def _menu_key(menu: Json) -> tuple[str, str]:
    return menu["menuInfo"]["menuId"], menu["menuInfo"]["menuType"]


def menu_info() -> Any:
    """Return a strategy of what a menu says of itself."""
    needed = {"menuId": some.sampled_from(MENUS), "menuType": some.sampled_from(TYPES), "title": WORDS}
    return _joined(some.fixed_dictionaries(needed), maybe(subTitle=WORDS, multiLanguageDetails=texts("title")))


def placed(kind: str) -> Any:
    """Return a strategy of objects to add, with the place they belong to."""
    store = some.fixed_dictionaries({"storeId": some.sampled_from(STORES)})
    menu = some.fixed_dictionaries({"menuId": some.sampled_from(MENUS), "menuType": some.sampled_from(TYPES)})
    category: Any = some.fixed_dictionaries({"categoryId": some.sampled_from(CATEGORIES)})
    groups = some.fixed_dictionaries({"modifierGroupIds": links(GROUPS)})
    if kind == "menu":
        return _joined(menu_info(), store)
    if kind == "category":
        above = some.fixed_dictionaries(
            {"menuId": some.sampled_from(MENUS)}, optional={"menuType": some.sampled_from(TYPES)}
        )
        return _joined(category, some.fixed_dictionaries({"title": WORDS}), store, above)
    if kind == "item":
        return _joined(item_info(), store, menu, category, groups, some.just({"saleType": "SINGLE"}))
    if kind == "addon":
        return _joined(item_info(), store, groups, some.just({"saleType": "ADDON"}))
    children = some.fixed_dictionaries({"childItemIds": links(ITEMS, 1)})
    return _joined(group_info(), store, children)


_CHANGES = {
    "menu": maybe(title=WORDS, subTitle=WORDS | some.just(""), menuStatus=some.sampled_from(["VALID", "INVALID", ""])),
    "category": maybe(title=WORDS | some.just(""), subTitle=WORDS | some.just("")),
    "item": maybe(
        itemTitle=WORDS, itemDescription=WORDS | some.just(""), priceInfo=PRICE | some.just({}),
        itemStatus=STATUS | some.just(""), quantityRule=RULE | some.just({}), modifierGroupIds=links(GROUPS),
        multiLanguageDetails=texts("itemTitle") | some.just([]),
    ),
    "group": maybe(groupName=WORDS, quantityRule=RULE, childItemIds=links(ITEMS)),
}  # fmt: skip
_CHANGES["addon"] = _CHANGES["item"]
_OWN = {
    "menu": ("menuId", MENUS), "category": ("categoryId", CATEGORIES), "item": ("itemId", ITEMS),
    "addon": ("itemId", ITEMS), "group": ("groupId", GROUPS),
}  # fmt: skip
_ABOVE: dict[str, Json] = {
    "menu": {"menuType": some.sampled_from(TYPES)},
    "category": {"menuId": some.sampled_from(MENUS), "menuType": some.sampled_from(TYPES)},
    "addon": {},
    "group": {},
}
_ABOVE["item"] = {**_ABOVE["category"], "categoryId": some.sampled_from(CATEGORIES)}


def update(kind: str) -> Any:
    """Return a strategy of updates and deletions: the own id alone, or narrowed by parents."""
    name, ids = _OWN[kind]
    own = some.fixed_dictionaries({name: some.sampled_from(ids)})
    sale = {"item": {"saleType": "SINGLE"}, "addon": {"saleType": "ADDON"}}.get(kind, {})
    above = maybe(storeId=some.sampled_from(STORES), **_ABOVE[kind])
    deleted = some.sampled_from([{}, {}, {}, {"isDeleted": "DELETED"}])
    return _joined(own, some.just(sale), above, _CHANGES[kind], deleted)


def store_update() -> Any:
    """Return a strategy of updates and deletions of a store."""
    own = some.fixed_dictionaries({"storeId": some.sampled_from(STORES)})
    changes = maybe(
        name=WORDS | some.just(""),
        description=WORDS | some.just(""),
        multiLanguageDetails=texts("name") | some.just([]),
    )
    return _joined(own, changes, some.sampled_from([{}, {}, {}, {"isDeleted": "DELETED"}]))
