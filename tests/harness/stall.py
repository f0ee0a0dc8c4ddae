"""A small hawker stall as an ISV feeds it; tests change what they are about."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.platform import Platform


def price(amount: int, **more: Any) -> dict[str, Any]:
    return {"saleAmount": amount, "currency": "SGD", **more}


def addon(name: str, *groups: Any, amount: int = 50) -> dict[str, Any]:
    item: dict[str, Any] = {"itemInfo": {"itemId": name, "itemTitle": f"add {name}", "priceInfo": price(amount)}}
    return {**item, "modifierGroups": list(groups)} if groups else item


def group(name: str, *children: Any, most: int = 1) -> dict[str, Any]:
    info = {"groupId": name, "groupName": f"group {name}", "quantityRule": {"min": 0, "max": most}}
    return {"modifierGroupInfo": info, "childItems": list(children)}


def item(name: str, *groups: Any, amount: int = 400, **info: Any) -> dict[str, Any]:
    one: dict[str, Any] = {
        "itemInfo": {"itemId": name, "itemTitle": f"dish {name}", "priceInfo": price(amount), **info}
    }
    return {**one, "modifierGroups": list(groups)} if groups else one


def category(name: str, *items: Any) -> dict[str, Any]:
    return {"categoryInfo": {"categoryId": name, "title": f"category {name}"}, "items": list(items)}


def menu(name: str, *categories: Any, kind: str = "PICKUP") -> dict[str, Any]:
    return {"menuInfo": {"menuId": name, "menuType": kind, "title": f"menu {name}"}, "categories": list(categories)}


def store(name: str, *menus: Any, **info: Any) -> dict[str, Any]:
    about = {
        "storeId": name,
        "name": f"Stall {name}",
        "storeType": "HAWKER",
        "address": "Lorong 5, Toa Payoh",
        "location": {"latitude": "1.33", "longitude": 103.85},
        "timeZone": "GMT+8:00",
        "contactPhoneNos": ["61234567"],
    }
    return {"storeInfo": {**about, **info}, "menus": list(menus)}


def noodles() -> dict[str, Any]:
    """Return a stall with one dish, an add-on with an add-on of its own, and a second dish sharing the group."""
    toppings = group("toppings", addon("chicken", group("sides", addon("lettuce", amount=10))), addon("egg"), most=3)
    dishes = [item("horfun", toppings), item("laksa", copy.deepcopy(toppings), amount=550)]
    return store("stall1", menu("m1", category("c1", *dishes)))


def initialize(platform: Platform, *stores: Any, request_id: str = "init") -> Any:
    return platform.call("initializeStore", {"requestId": request_id, "stores": list(stores) or [noodles()]})
