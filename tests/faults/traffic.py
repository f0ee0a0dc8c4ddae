"""Partners at work: kept-alive connections, a log of what was sent and answered, request bodies that differ."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from harness import caller
from harness.caller import PATHS, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ACCOUNT = "acc1"
DEAREST = 1000
"""Feeds give prices below this."""
_STALL = {
    "storeType": "HAWKER", "address": "Lorong 5, Toa Payoh", "location": {"latitude": "1.33", "longitude": "103.85"},
    "timeZone": "GMT+8:00", "contactPhoneNos": ["61234567"],
}  # fmt: skip
_numbers = count(1)


def fresh(word: str) -> str:
    """Return an id that no other test of this process uses."""
    return f"{word}{next(_numbers)}"


@dataclass(slots=True)
class Sent:
    """A request as its sender knows it. No code: no answer came, so it may or may not have been applied.

    Its name is its requestId. Update calls have none: they are named by their time, and repeated byte for byte.
    """

    name: str
    api: str
    body: dict[str, Any]
    began: float = 0.0
    ended: float = float("inf")
    code: str = ""
    attempts: int = 0

    @property
    def stores(self) -> list[str]:
        """The stores that it changes."""
        if self.api == "initializeStore":
            return [store["storeInfo"]["storeId"] for store in self.body["stores"]]
        if self.api in {"addItem", "updateItem"}:
            return [self.body.get("item", self.body)["storeId"]]
        return [self.body["store"]["posStoreId"]]


def together(jobs: Sequence[Callable[[], Any]], meanwhile: Callable[[], Any] = lambda: None) -> None:
    """Run the jobs in threads of their own, and `meanwhile` in this one; raise the first failure of any."""
    faults: list[BaseException] = []

    def guarded(job: Callable[[], Any]) -> None:
        try:
            job()
        except BaseException as fault:  # noqa: BLE001 - raised again by the caller of all
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        meanwhile()
    finally:
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]


class Line:
    """One kept-alive connection. A call gives the answer, checked against the contract, or None when none came."""

    def __init__(self, port: int, platform_key: Any, timeout: float = 20) -> None:
        self.platform_key = platform_key
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, api: str, body: Any, **signing: Any) -> Answer | None:
        """Sign and send a body."""
        raw, target = caller.to_bytes(body), PATHS.get(api, api)
        return self.send_signed(api, raw, dict(caller.signed_headers(target, raw, **signing)))

    def send_signed(self, api: str, raw: bytes, headers: dict[str, str]) -> Answer | None:
        """Send bytes with headers made before."""
        target = PATHS.get(api, api)
        try:
            self.connection.request("POST", target, raw, headers)
            response = self.connection.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return None
        caller.check_contract(answer, target, headers["client-id"], self.platform_key)
        return answer

    def must(self, api: str, body: Any, **signing: Any) -> Answer:
        """Do the same where an answer has to come."""
        answer = self.send(api, body, **signing)
        assert answer is not None, "the connection was cut"
        return answer

    def perform(self, one: Sent) -> Answer | None:
        """Send a request of the log and note what came of it; a repetition keeps the time of the first attempt."""
        one.attempts += 1
        one.began = one.began or time.monotonic()
        answer = self.send(one.api, one.body, **({} if "requestId" in one.body else {"time": one.name}))
        if answer is not None and answer.code != "UNKNOWN_EXCEPTION":
            one.ended, one.code = time.monotonic(), answer.code
        return answer

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


@dataclass
class Log:
    """Everything that was sent, by name."""

    sent: dict[str, Sent] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, api: str, body: dict[str, Any]) -> Sent:
        """Take a request down before it is sent."""
        one = Sent(body.get("requestId") or f"2026-11-22T04:00:00.{next(_numbers):06}+00:00", api, body)
        with self.lock:
            self.sent[one.name] = one
        return one


def catalogue(store: str, names: list[str], mark: str, price: int) -> dict[str, Any]:
    """Return a full sync: everything AVAILABLE, every name carrying the mark, so that no two syncs are equal."""
    products = [
        {
            "posProductId": name,
            "type": "SINGLE",
            "status": "AVAILABLE",
            "name": f"{name} {mark}",
            "price": {"currency": "SGD", "value": price},
        }
        for name in names
    ]
    return _addressed(store, {"products": products}, name=f"Store {store}")


def statuses(store: str, wanted: dict[str, str]) -> dict[str, Any]:
    """Return a status update."""
    return _addressed(store, {"products": [{"posProductId": name, "status": value} for name, value in wanted.items()]})


def opening(store: str, name: str, status: str) -> dict[str, Any]:
    """Return a syncStore."""
    return _addressed(store, {}, name=name, status=status)


def _addressed(store: str, members: dict[str, Any], **about: str) -> dict[str, Any]:
    return {
        "requestId": fresh("r"),
        "posAccountId": ACCOUNT,
        "store": {"posStoreId": store, **about},
        **members,
    }


def stalls(names: Sequence[str], items: list[str], mark: str, price: int) -> dict[str, Any]:
    """Return an initializeStore: every stall with the same items, AVAILABLE, their titles carrying the mark."""
    menu = {"menuId": "m", "menuType": "PICKUP", "title": "Menu"}
    return {
        "requestId": fresh("r"),
        "stores": [
            {
                "storeInfo": {**_STALL, "storeId": name, "name": f"Stall {name} {mark}"},
                "menus": [{"menuInfo": menu, "categories": [_category(items, mark, price)]}],
            }
            for name in names
        ],
    }


def _category(items: list[str], mark: str, price: int) -> dict[str, Any]:
    infos = [{"itemId": one, "itemTitle": f"{one} {mark}", "priceInfo": _cost(price)} for one in items]
    return {
        "categoryInfo": {"categoryId": "c", "title": "Category"},
        "items": [{"itemInfo": {**info, "itemStatus": "AVAILABLE"}} for info in infos],
    }


def _cost(amount: int) -> dict[str, Any]:
    return {"saleAmount": amount, "currency": "SGD"}


def new_item(stall: str, price: int) -> dict[str, Any]:
    """Return an addItem of an item that is nowhere yet."""
    name = fresh("extra")
    return {
        "requestId": fresh("r"),
        "item": {
            "storeId": stall, "menuId": "m", "menuType": "PICKUP", "categoryId": "c", "saleType": "SINGLE",
            "itemId": name, "itemTitle": f"{name} added", "priceInfo": _cost(price), "itemStatus": "AVAILABLE",
        },
    }  # fmt: skip


def item_change(stall: str, item: str, status: str) -> dict[str, Any]:
    """Return an updateItem that changes the item whatever it was before: it gives it a price that no feed gives."""
    price = DEAREST + next(_numbers)
    return {
        "itemId": item, "saleType": "SINGLE", "storeId": stall, "itemStatus": status, "priceInfo": _cost(price),
    }  # fmt: skip


def product_ids(number: int) -> list[str]:
    """Return that many product ids."""
    return [f"p{index}" for index in range(number)]


def to_text(value: Any) -> str:
    """Return a value as JSON, for messages of failing tests."""
    return json.dumps(value)[:2000]
