"""Stores for the storefront's tests, and asking the storefront from outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from harness import stall

if TYPE_CHECKING:
    from harness.caller import Answer
    from harness.platform import Platform

LONG = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-12-31T00:00:00+08:00"}
LUNCH = {"startTime": "11:00", "endTime": "14:30"}


def rule(scene: str, data: Any) -> dict[str, Any]:
    return {"scene": scene, "ruleData": json.dumps(data)}


def hours(start: str, end: str, *days: str) -> list[dict[str, Any]]:
    every = days or ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    return [{"dayOfWeek": day, "timePeriods": [{"startTime": start, "endTime": end}]} for day in every]


def weekly(start: str, end: str, **more: Any) -> dict[str, Any]:
    slots = {one["dayOfWeek"]: one["timePeriods"] for one in hours(start, end)}
    return {"scheduleType": "WEEKLY", "schedules": slots, **more}


def group(name: str, least: int, most: int, *children: Any) -> dict[str, Any]:
    one = stall.group(name, *children, most=most)
    one["modifierGroupInfo"]["quantityRule"]["min"] = least
    return one


def feed(platform: Platform, *menus: Any, **info: Any) -> str:
    """Feed one store of an ISV and return its public id."""
    answer = stall.initialize(platform, stall.store("s", *menus, **info))
    assert answer.code == "SUCCESS", answer.message
    return only(platform)


def only(platform: Platform) -> str:
    """Return the public id of the only store."""
    [store] = json.loads(platform.get("/storefront/v1/stores").body)["stores"]
    return str(store["id"])


def ask(platform: Platform, store: str, what: str = "menu", accept: str = "", **query: Any) -> Answer:
    """Ask about a store; `since` is written `from`."""
    named = {"from" if name == "since" else name: value for name, value in query.items()}
    target = f"/storefront/v1/stores/{store}/{what}" + (f"?{urlencode(named)}" if named else "")
    return platform.get(target, **({"accept_language": accept} if accept else {}))


def read(platform: Platform, store: str, what: str = "menu", accept: str = "", **query: Any) -> Any:
    answer = ask(platform, store, what, accept, **query)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def price(
    platform: Platform, store: str, *selections: Any, expected: int | None = None, **query: Any
) -> tuple[int, Any]:
    """Price a basket; return the status and the answer."""
    body = {"selections": list(selections), **({} if expected is None else {"expectedTotal": expected})}
    target = f"/storefront/v1/stores/{store}/price" + (f"?{urlencode(query)}" if query else "")
    answer = platform.send("POST", target, [("content-type", "application/json")], json.dumps(body).encode())
    return answer.status, json.loads(answer.body)


def items(document: Any) -> dict[str, Any]:
    """Return the shown items by their ids."""
    return {
        one["id"]: one for menu in document["menus"] for category in menu["categories"] for one in category["items"]
    }


def hidden(document: Any) -> dict[tuple[str, str], str]:
    """Return the codes of what is hidden."""
    return {(one["kind"], one["id"]): one["reason"]["code"] for one in document["hidden"]}


def product(name: str, kind: str = "SINGLE", value: int = 100, **more: Any) -> dict[str, Any]:
    one = {"posProductId": name, "type": kind, "status": "AVAILABLE", "name": f"name {name}", **more}
    return one if kind == "GROUP" else {**one, "price": {"currency": "SGD", "value": value}}


def choices(name: str, least: int, most: int, *children: str, **more: Any) -> dict[str, Any]:
    return product(name, "GROUP", quantityRule={"min": least, "max": most}, subProducts=list(children), **more)


def inside(parent: str, value: int | None = None, least: int = 0, most: int = 1) -> dict[str, Any]:
    """Return an overload."""
    priced = {} if value is None else {"price": {"currency": "SGD", "value": value}}
    return {"posProductIds": [parent], "quantityRule": {"min": least, "max": most}, **priced}


def sync(platform: Platform, *products: Any, request_id: str = "r1") -> str:
    """Feed one store of a till and return its public id."""
    body = {
        "requestId": request_id,
        "posAccountId": "a",
        "store": {"posStoreId": "p", "name": "Till"},
        "products": list(products),
    }
    answer = platform.call("syncProduct", body)
    assert answer.code == "SUCCESS", answer.message
    return only(platform)
