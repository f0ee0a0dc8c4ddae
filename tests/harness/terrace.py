"""A small restaurant as release 2's syncStore feeds it; tests change what they are about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.caller import Answer
    from harness.platform import Platform

PATH = "/v2/pds/store/syncStore"


def text(words: str, **others: str) -> dict[str, Any]:
    return {"value": {"en-US": words, **{name.replace("_", "-"): one for name, one in others.items()}}}


def addon(name: str, /, *groups: Any, **more: Any) -> dict[str, Any]:
    own = {"itemId": name, "name": text(f"add {name}"), "saleType": "ADDON", "saleAmount": 50, "currency": "SGD"}
    return {**own, **({"modifierGroups": list(groups)} if groups else {}), **more}


def group(name: str, /, *children: Any, **more: Any) -> dict[str, Any]:
    own = {"groupId": name, "name": text(f"group {name}"), "quantityRule": {"min": 0, "max": 1}}
    return {**own, "childItems": list(children), **more}


def item(name: str, /, *groups: Any, **more: Any) -> dict[str, Any]:
    own = {"itemId": name, "name": text(f"dish {name}"), "saleType": "SINGLE", "saleAmount": 400, "currency": "SGD"}
    return {**own, **({"modifierGroups": list(groups)} if groups else {}), **more}


def category(name: str, /, *items: Any, **more: Any) -> dict[str, Any]:
    return {"categoryId": name, "name": text(f"category {name}"), "items": list(items), **more}


def menu(name: str, /, *categories: Any, kind: str = "PICKUP", **more: Any) -> dict[str, Any]:
    return {"menuId": name, "name": text(f"menu {name}"), "type": kind, "categories": list(categories), **more}


def store(name: str, /, *menus: Any, **more: Any) -> dict[str, Any]:
    slots = {"FIXED": [{"startTime": "08:00+08:00", "endTime": "22:00+08:00"}]}
    return {
        "storeId": name,
        "name": text(f"Terrace {name}"),
        "type": "RESTAURANT",
        "location": {"address": text("River Road 1"), "latitude": "1.29", "longitude": "103.85", "postcode": 0},
        "contacts": [{"name": text("Mei"), "phoneNo": "+65 6200 0018"}],
        "serviceSchedules": [{"scheduleType": "DAILY", "schedules": slots}],
        "menus": list(menus),
        **more,
    }


def small(name: str = "s1", menu_id: str = "m1") -> dict[str, Any]:
    """A store with a menu, two categories, items that share a group, and an add-on with a group of its own."""
    egg = addon("egg", group("yolk", addon("runny")))
    return store(
        name,
        menu(
            menu_id,
            category("rice", item("nasi", group("extras", egg)), item("mee")),
            category("drinks", item("teh"), item("kopi")),
        ),
    )


def under(store_id: str, menu_id: str, category_id: str, *items: Any) -> dict[str, Any]:
    """A store that is named by its id alone, down to a category with items."""
    inner = {"categoryId": category_id, "items": list(items)}
    return {"storeId": store_id, "menus": [{"menuId": menu_id, "categories": [inner]}]}


def sync(platform: Platform, body: dict[str, Any], request_id: str = "", **signing: Any) -> Answer:
    """Send a store under a requestId made of what is sent."""
    named = request_id or f"r{abs(hash(json.dumps(body)))}"
    return platform.call(PATH, {"requestId": named, "store": body}, **signing)


def must(platform: Platform, body: dict[str, Any], request_id: str = "", **signing: Any) -> None:
    """Send a store that must be taken."""
    answer = sync(platform, body, request_id, **signing)
    assert answer.code == "SUCCESS", answer.message


def entries(platform: Platform, store_id: str) -> dict[str, Any]:
    """Return the living entries of a store by their keys: their documents, the status under `status`."""
    rows = platform.rows(
        "select e.kind, e.key, e.status, e.doc from entry e join store s on s.tree = e.tree"
        " where s.ref = ? and e.deleted = 0 order by e.position",
        store_id,
    )
    return {key: {**json.loads(bytes(doc)), "status": status} for _, key, status, doc in rows}


def info(platform: Platform, store_id: str) -> dict[str, Any]:
    """Return a store's own document."""
    [[doc]] = platform.rows("select doc from store where ref = ?", store_id)
    found: dict[str, Any] = json.loads(bytes(doc))
    return found


def stored(platform: Platform) -> list[list[str]]:
    """Return all that is kept of stores, to be compared with what is kept later."""
    tables = ("store", "entry", "history")
    return [sorted(map(repr, platform.rows(f"select * from {table}"))) for table in tables]


def versions(platform: Platform) -> dict[str, int]:
    """Return the version of every store."""
    return dict(platform.rows("select ref, version from store where feed = 'pds' order by ref"))


def shown(platform: Platform, store_id: str) -> Any:
    """Return a store's menu as diners see it, by categories: the ids of the items."""
    [[public_id]] = platform.rows("select public_id from store where ref = ?", store_id)
    document = json.loads(platform.get(f"/storefront/v1/stores/{public_id}/menu").body)
    return {
        menu["id"]: {one["id"]: [item["id"] for item in one["items"]] for one in menu["categories"]}
        for menu in document["menus"]
    }
