"""Once only, on every API: a requestId has one result for ever, an exact copy of an update one within its window."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from contract.family import PATHS, SERVED, body, digest, feed, prepare
from contract.forging import Request
from dstore import samples, settings
from dstore.protocol.calls import Call
from dstore.protocol.envelope import Caller
from dstore.results import SUCCESS
from dstore.storage.port import StorageUnavailableError
from dstore.work import Works

if TYPE_CHECKING:
    from harness.caller import Answer
    from harness.platform import Platform

NAMED = [path for path in PATHS if SERVED[path].has_request_id]
UPDATES = [path for path in PATHS if not SERVED[path].has_request_id]
# A body of each API that is a good message and that a store's state forbids: a business refusal.
FORBIDDEN: dict[str, dict[str, Any]] = {
    "/v2/pos/syncStore": {"posAccountId": "a", "store": {"posStoreId": "nameless"}},
    "/v2/pos/syncProduct": {
        "posAccountId": "a", "store": {"posStoreId": "nowhere"}, "products": [{"posProductId": "p", "status": "SOLDOUT"}],
    },
    "/v2/pds/store/initializeStore": {
        "stores": [
            {
                "storeInfo": {
                    "storeId": "s", "name": "n", "storeType": "HAWKER", "address": "a", "location": {"postCode": "1"},
                    "timeZone": "GMT+8:00", "contactPhoneNos": [], "areaId": "no such area",
                }
            }
        ]
    },
    "/v2/pds/item/addItem": {
        "item": {
            "storeId": "nowhere", "saleType": "ADDON", "itemId": "i", "itemTitle": "t", "priceInfo": {"saleAmount": 1, "currency": "SGD"},
        }
    },
    "/v2/pds/store/addStore": {
        "store": {
            "storeId": "s", "name": "n", "storeType": "HAWKER", "address": "a", "location": {"postCode": "1"},
            "timeZone": "GMT+8:00", "contactPhoneNos": [], "brandId": "no such brand",
        }
    },
    "/v2/pds/store/syncStore": {"store": {"storeId": "no such store", "menus": [{"menuId": "no such menu"}]}},
    "/v2/pds/store/addMenu": {"menu": {"menuId": "m", "menuType": "PICKUP", "title": "t", "storeId": "nowhere"}},
    "/v2/pds/store/addCategory": {
        "category": {"categoryId": "c", "title": "t", "storeId": "nowhere", "menuId": "m", "menuType": "PICKUP"}
    },
    "/v2/pds/item/addModifierGroup": {
        "modifierGroup": {
            "groupId": "g", "groupName": "g", "quantityRule": {"min": 0, "max": 1}, "storeId": "nowhere", "childItemIds": [],
        }
    },
    "/v2/pds/item/updateItem": {"itemId": "no such item", "saleType": "SINGLE", "itemTitle": "t"},
    "/v2/pds/store/updateShoppingArea": {"areaId": "no such area", "name": "n"},
    "/v2/pds/store/updateBrand": {"brandId": "no such brand", "brandName": "n"},
    "/v2/pds/store/updateStore": {"storeId": "no such store", "name": "n"},
    "/v2/pds/store/updateMenu": {"menuId": "no such menu", "title": "t"},
    "/v2/pds/store/updateCategory": {"categoryId": "no such category", "title": "t"},
    "/v2/pds/item/updateModifierGroup": {"groupId": "no such group", "groupName": "g"},
}  # fmt: skip
# What these take is a good message: no state of a new platform forbids it.
ALWAYS_POSSIBLE = {
    "/v2/pds/store/initializeShoppingArea",
    "/v2/pds/store/initializeBrand",
    "/v2/pds/store/addShoppingArea",
    "/v2/pds/store/addBrand",
}
# For each update call, members that its first sample changes, as they are otherwise.
OTHERWISE: dict[str, dict[str, Any]] = {
    "/v2/pds/item/updateItem": {"itemStatus": "AVAILABLE"},
    "/v2/pds/store/updateShoppingArea": {"shoppingAreaStatus": "OPEN"},
    "/v2/pds/store/updateBrand": {"brandName": "as before"},
    "/v2/pds/store/updateStore": {"storeStatus": "OPEN"},
    "/v2/pds/store/updateMenu": {"menuStatus": "VALID"},
    "/v2/pds/store/updateCategory": {"title": "as before"},
    "/v2/pds/item/updateModifierGroup": {"quantityRule": {"min": 0, "max": 9}},
}


def forbidden(path: str, request_id: str = "refused") -> dict[str, Any]:
    """Return a body that is refused by the state of things."""
    own = {"requestId": request_id} if SERVED[path].has_request_id else {}
    return {**own, **FORBIDDEN[SERVED[path].path]}


def history(platform: Platform) -> list[Any]:
    return platform.rows("select id, store_id, version, api, request_id from history order by id")


def test_every_api_has_a_business_refusal_or_none_is_possible() -> None:
    assert {SERVED[path].path for path in PATHS} == set(FORBIDDEN) | ALWAYS_POSSIBLE


@pytest.mark.parametrize("path", NAMED)
def test_a_success_is_replayed_without_effect_also_after_a_restart(platform: Platform, path: str) -> None:
    prepare(platform, path)
    first = platform.call(path, body(path))
    assert first.code == "SUCCESS"
    stored = digest(platform, without={"undo"})  # which is swept by age
    platform.clock.advance(timedelta(seconds=1))
    again = platform.call(path, body(path))
    platform.restart()
    platform.clock.advance(timedelta(days=4000))
    later = platform.call(path, body(path))
    assert first.body == again.body == later.body
    assert len({one.headers["response-time"] for one in (first, again, later)}) == 3
    assert len({one.headers["signature"] for one in (first, again, later)}) == 3
    assert digest(platform, without={"undo"}) == stored


@pytest.mark.parametrize("path", [path for path in NAMED if SERVED[path].path in FORBIDDEN])
def test_a_business_refusal_is_final_also_when_the_state_would_now_allow_it(platform: Platform, path: str) -> None:
    before = digest(platform, without={"given"})
    first = platform.call(path, forbidden(path))
    assert first.result["resultStatus"] == "F"
    assert digest(platform, without={"given"}) == before
    feed(platform)
    platform.restart()
    stored = digest(platform)
    right = body(path, requestId="refused")
    assert platform.call(path, right).body == first.body
    assert platform.call(path, forbidden(path)).body == first.body
    assert digest(platform) == stored


def other_bodies(path: str) -> dict[str, bytes]:
    """Return bodies under the same requestId that differ in their bytes, in what they say, or in neither's effect."""
    same = body(path)
    return {
        "blanks": json.dumps(same, indent=1).encode(),
        "another order": json.dumps(dict(reversed(same.items()))).encode(),
        "escapes": json.dumps(same).replace(same["requestId"], f"\\u{ord(same['requestId'][0]):04x}{same['requestId'][1:]}").encode(),
        "one member more": json.dumps({**same, "zzz": 1}).encode(),
    }  # fmt: skip


@pytest.mark.parametrize("path", NAMED)
def test_another_body_under_a_used_request_id_gets_the_stored_result_and_has_no_effect(
    platform: Platform, path: str
) -> None:
    prepare(platform, path)
    first = platform.call(path, body(path))
    stored = digest(platform)
    for name, raw in other_bodies(path).items():
        assert platform.call(path, raw).body == first.body, name
    if SERVED[path].path in FORBIDDEN:
        assert platform.call(path, forbidden(path, body(path)["requestId"])).body == first.body
    assert digest(platform) == stored


@pytest.mark.parametrize("path", NAMED)
def test_another_body_under_a_used_request_id_can_be_refused_by_a_setting(platform: Platform, path: str) -> None:
    platform.restart(once_changed_body="refuse")
    prepare(platform, path)
    first = platform.call(path, body(path))
    stored = digest(platform)
    since = platform.clock.now().isoformat(timespec="seconds")
    platform.clock.advance(timedelta(hours=1))
    for name, raw in other_bodies(path).items():
        answer = platform.call(path, raw)
        assert (answer.code, answer.message) == (
            "PARAM_ILLEGAL",
            f"requestId: was used at {since} with another body; send a new requestId",
        ), name
    assert platform.call(path, body(path)).body == first.body
    assert digest(platform) == stored


def test_one_request_id_names_a_request_of_each_api_and_each_partner(platform: Platform) -> None:
    """The pages' own samples use one requestId on several APIs."""
    platform.add_partner("c2")
    codes = {}
    for path in sorted({SERVED[path].path for path in NAMED}, key=_as_sampled):
        for client_id in ("c1", "c2"):
            own = _own_account(body(path, requestId="20231220bsefibb334"), client_id)
            codes[path, client_id] = platform.call(path, own, client_id=client_id).code
    assert set(codes.values()) == {"SUCCESS"}
    assert platform.rows("select count(*) from given where request_id = '20231220bsefibb334'") == [(len(codes),)]


def _as_sampled(path: str) -> tuple[str, int]:
    family = path.split("/")[2]
    return family, [(one.family, one.api) for one in samples.all()].index((family, SERVED[path].name))


def _own_account(message: dict[str, Any], client_id: str) -> dict[str, Any]:
    return message | ({"posAccountId": f"account of {client_id}"} if "posAccountId" in message else {})


def test_an_alias_is_the_same_api(platform: Platform) -> None:
    """A requestId used on one path is used on the other: the signature is over the path called, the request is one."""
    path, alias = "/v2/pos/syncProduct", "/v2/pds/store/syncProduct"
    prepare(platform, path)
    first = platform.call(path, body(path))
    stored = digest(platform)
    assert platform.call(alias, body(path)).body == first.body
    assert digest(platform) == stored


def test_letters_of_another_case_blanks_and_accents_make_other_request_ids(platform: Platform) -> None:
    path = "/v2/pos/syncStore"
    ids = ["id", "ID", " id", "id ", "ïd", "i\u0308d", "💥", "0", "00", "x" * 255, "' or 1=1 --", "%", "_d"]
    for number, request_id in enumerate(ids):
        message = body(path, requestId=request_id)
        message["store"]["name"] = f"name {number}"
        assert platform.call(path, message).code == "SUCCESS"
    assert len(history(platform)) == len(ids)
    for request_id in ids:
        assert platform.call(path, body(path, requestId=request_id)).code == "SUCCESS"
    assert len(history(platform)) == len(ids)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Faults that the next calls meet in their transaction, one each."""
    faults: list[Exception] = []
    real = Works._apply

    def apply(self: Works, *arguments: Any) -> Any:
        if faults:
            real(self, *arguments)
            raise faults.pop()
        return real(self, *arguments)

    monkeypatch.setattr(Works, "_apply", apply)
    return faults


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_outcome_is_not_stored_and_the_retry_succeeds(
    platform: Platform, failing: list[Exception], path: str
) -> None:
    prepare(platform, path)
    before = digest(platform)
    request = Request(path, json.dumps(body(path)).encode())
    for fault in (StorageUnavailableError("secret"), ValueError("secret"), KeyError("secret")):
        failing.append(fault)
        answer = request.send(platform)
        assert (answer.code, answer.result["resultStatus"]) == ("UNKNOWN_EXCEPTION", "U")
        assert "secret" not in answer.message
        assert digest(platform) == before
    assert request.send(platform).code == "SUCCESS"


@pytest.mark.parametrize("path", PATHS)
def test_what_is_refused_before_the_rules_does_not_use_up_a_request_id(platform: Platform, path: str) -> None:
    prepare(platform, path)
    raw = json.dumps(body(path)).encode()
    right = Request(path, raw)
    for wrong in (
        replace(right, key="nobody"),
        replace(right, client_id="nobody"),
        replace(right, time="yesterday"),
        replace(right, method="PUT"),
        replace(right, body=raw[:-1]),
    ):
        assert wrong.send(platform).result["resultStatus"] == "F"
    assert Request(path, raw).send(platform).code == "SUCCESS"


@pytest.mark.parametrize("path", PATHS)
def test_twins_in_flight_have_one_effect_and_one_result(platform: Platform, path: str) -> None:
    prepare(platform, path)
    before = len(history(platform))
    answers: list[Answer] = platform.call_all([(path, body(path))] * 20)
    assert {answer.body for answer in answers} == {answers[0].body}
    assert answers[0].code == "SUCCESS"
    assert len(history(platform)) == before + 1


# Update calls carry no requestId: the signature's bytes name the copy.

WINDOW = timedelta(seconds=100)


@pytest.fixture
def updated(platform: Platform) -> Platform:
    """A platform on which a copy of an update is known for a hundred seconds."""
    platform.restart(copy_seconds=100)
    return platform


def copied(path: str, **otherwise: Any) -> Request:
    return Request(path, json.dumps(body(path)).encode(), **otherwise)


def changes(platform: Platform, path: str, request: Request) -> bool:
    """Put the state back to where the update matters, send it, and return whether it was applied."""
    before = len(history(platform))
    back = body(path) | OTHERWISE[path]
    assert platform.call(path, back, time=f"2026-11-22T04:00:00.{before:06}+00:00").code == "SUCCESS"
    restored = len(history(platform))
    assert request.send(platform).code == "SUCCESS"
    return len(history(platform)) > restored


@pytest.mark.parametrize("path", UPDATES)
def test_an_exact_copy_of_an_update_is_not_applied_again_within_the_window(updated: Platform, path: str) -> None:
    """A late copy of an old update would undo what came after it."""
    prepare(updated, path)
    assert changes(updated, path, copied(path))
    for _ in range(3):
        updated.clock.advance(timedelta(seconds=30))
        assert not changes(updated, path, copied(path))
    updated.restart()
    assert not changes(updated, path, copied(path))


@pytest.mark.parametrize("path", UPDATES)
def test_after_the_window_a_copy_is_a_new_update(updated: Platform, path: str) -> None:
    prepare(updated, path)
    assert changes(updated, path, copied(path))
    updated.clock.advance(WINDOW)
    assert changes(updated, path, copied(path))
    updated.clock.advance(WINDOW - timedelta(milliseconds=1))
    assert not changes(updated, path, copied(path))


@pytest.mark.parametrize("path", UPDATES)
def test_the_same_update_signed_anew_is_applied_again(updated: Platform, path: str) -> None:
    prepare(updated, path)
    assert changes(updated, path, copied(path))
    assert changes(updated, path, copied(path, time="2026-11-22T04:00:01+00:00"))
    assert changes(updated, path, copied(path, time="1795320000000"))


@pytest.mark.parametrize("path", UPDATES)
def test_a_copy_is_known_by_its_signature_not_by_how_it_is_written_down(updated: Platform, path: str) -> None:
    prepare(updated, path)
    assert changes(updated, path, copied(path))
    blanks = "algorithm=rsa256, keyVersion={version}, signature={signature}"
    assert not changes(updated, path, copied(path, form=blanks))


@pytest.mark.parametrize("path", UPDATES)
def test_a_refused_update_stays_refused_for_its_copies_within_the_window(updated: Platform, path: str) -> None:
    request = Request(path, json.dumps(body(path)).encode())
    first = request.send(updated)
    assert first.result["resultStatus"] == "F"
    prepare(updated, path)
    assert request.send(updated).body == first.body
    updated.clock.advance(WINDOW)
    assert request.send(updated).code == "SUCCESS"


@pytest.mark.parametrize("path", UPDATES)
def test_a_window_of_zero_applies_every_copy(platform: Platform, path: str) -> None:
    platform.restart(copy_seconds=0)
    prepare(platform, path)
    assert changes(platform, path, copied(path))
    assert changes(platform, path, copied(path))


def test_of_two_late_copies_at_once_one_is_applied(updated: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the first copy's result expired; only one of them may put its own in the place of it."""
    path = "/v2/pds/item/updateItem"
    prepare(updated, path)
    assert changes(updated, path, copied(path))
    updated.clock.advance(WINDOW)
    both, expired = threading.Barrier(2), Works._is_expired_copy

    def met(self: Works, call: Call, given: Any) -> bool:
        # SQLite lets only one of them in: the other one comes when the first is done.
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.5)
        return expired(self, call, given)

    monkeypatch.setattr(Works, "_is_expired_copy", met)
    caller = Caller(1, "c1", updated.rows("select value from mark where name = 'partners'")[0][0])
    [[name, body_hash]] = updated.rows(
        "select request_id, body_hash from given where api = ? order by at limit 1", path
    )
    call = Call(caller, path, name, True, bytes(body_hash), "", updated.clock.now())
    works = Works(updated.database, settings.load({}, database=updated.url, copy_seconds=100)[0])
    applied: list[Any] = []

    def enter(_index: int) -> None:
        def job(transaction: Any) -> bool:
            return works._enter(transaction, call, SUCCESS) is None

        applied.append(updated.transact(job))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(enter, range(2)))
    assert sorted(applied) == [False, True]
