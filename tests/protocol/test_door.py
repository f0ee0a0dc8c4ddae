"""What the door does beside answering: which time a call has, and when what it used up is let go."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from dstore.apis.pos import product
from dstore.protocol.door import LARGE
from dstore.protocol.lanes import VERY_LARGE
from harness.caller import to_bytes

if TYPE_CHECKING:
    import pytest

    from harness.platform import Platform


def catalogue(count: int, name: str = "a dish") -> dict[str, Any]:
    products = [
        {
            "posProductId": f"p{number}",
            "type": "SINGLE",
            "name": name,
            "price": {"currency": "USD", "value": 100},
            "status": "AVAILABLE",
        }
        for number in range(count)
    ]
    store = {"posStoreId": "s1", "name": "Door"}
    return {"requestId": "1", "posAccountId": "a1", "store": store, "products": products}


SMALL, MEDIUM, HUGE = catalogue(1), catalogue(1_000), catalogue(3_000, "d" * 250)


def test_large_bodies_have_a_time_of_their_own(platform: Platform) -> None:
    assert len(to_bytes(SMALL)) < LARGE < len(to_bytes(MEDIUM)) < VERY_LARGE < len(to_bytes(HUGE))
    platform.restart(answer_seconds=0, large_answer_seconds=60)
    assert [platform.call("syncProduct", one).code for one in (SMALL, MEDIUM)] == ["UNKNOWN_EXCEPTION"] * 2
    assert platform.call("syncProduct", {**HUGE, "requestId": "2"}).code == "SUCCESS"
    platform.restart(answer_seconds=60, large_answer_seconds=0)
    later = [{**one, "requestId": request} for one, request in ((SMALL, "3"), (MEDIUM, "4"), (HUGE, "5"))]
    assert [platform.call("syncProduct", one).code for one in later] == ["SUCCESS", "SUCCESS", "UNKNOWN_EXCEPTION"]


def test_a_catalogue_is_let_go_after_its_answer(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    is_let_go = threading.Event()

    class Noted(product.SyncLarge):
        def __del__(self) -> None:
            seen.append("let go")
            is_let_go.set()

    monkeypatch.setattr(product, "SyncLarge", Noted)
    inner = platform.application

    async def application(scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            seen.append(message["type"])
            await send(message)

        await inner(scope, receive, noted)

    platform.application = application
    assert platform.call("syncProduct", MEDIUM).code == "SUCCESS"
    assert is_let_go.wait(5)
    assert seen == ["http.response.start", "http.response.body", "let go"]
