"""Two partners on every API and every id: what is the other's is as if it were not there, and never changes."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from contract.family import feed, path_of
from contract.mutants import places
from contract.states import State
from dstore import samples

if TYPE_CHECKING:
    from harness.caller import Answer
    from harness.platform import Platform

IDS = {
    "posAccountId", "posStoreId", "posProductId", "areaId", "brandId", "storeId", "menuId", "categoryId", "itemId", "groupId", "skuId",
}  # fmt: skip
LISTS = {"subProducts", "posProductIds", "modifierGroupIds", "childItemIds", "recommendItemIds"}
THEIRS, OWN, UNKNOWN = "-1", "-2", "-9"


def ids(document: Any) -> list[tuple[Any, Any, str]]:
    """Return every id in a document: where it stands, and the member's name."""
    found = [(box, key, str(key)) for box, key in places(document) if key in IDS]
    lists = [(box[key], str(key)) for box, key in places(document) if key in LISTS]
    return found + [(one, at, name) for one, name in lists for at in range(len(one))]


def renamed(document: Any, ending: str) -> Any:
    """Return a document in which every id has an ending."""
    document = copy.deepcopy(document)
    for box, key, _ in ids(document):
        box[key] += ending
    return document


@pytest.fixture
def both(platform: Platform) -> State:
    """Two partners with the same shops, whose ids differ in their endings."""
    platform.add_partner("c2")
    for client_id, ending in (("c1", THEIRS), ("c2", OWN)):
        for sample in samples.all():
            if sample.body.get("isDeleted") is None:
                answer = platform.call(path_of(sample), renamed(sample.body, ending), client_id=client_id)
                assert answer.code == "SUCCESS", answer.message
    return State.of(platform)


def first_partners(platform: Platform) -> dict[str, list[str]]:
    """Return all that is stored of the first partner."""
    own = "(select id from partner where client_id = 'c1')"
    tables = {
        name: platform.rows(f"select * from {name} where partner_id = {own}") for name in ("account", "store", "history", "given")
    }  # fmt: skip
    tables["entry"] = platform.rows(
        f"select * from entry where tree in (select tree from store where partner_id = {own})"
    )
    return {name: sorted(map(repr, rows)) for name, rows in tables.items()}


def menus(platform: Platform) -> list[Any]:
    """Return the menu of every store of the first partner."""
    rows = platform.rows("select public_id from store where partner_id = 1 and feed <> 'shelf' order by public_id")
    return [platform.get(f"/storefront/v1/stores/{public_id}/menu").body for (public_id,) in rows]


def second_calls(platform: Platform, state: State, path: str, message: Any, request_id: str) -> Answer:
    """Call as the second partner, from the same state each time."""
    state.put(platform)
    own = {"requestId": request_id} if "requestId" in message else {}
    return platform.call(path, {**message, **own}, client_id="c2")


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.full)])
def test_an_id_of_another_partner_answers_like_one_that_does_not_exist(
    platform: Platform, both: State, step: int
) -> None:
    """Each id of each sample in turn (or every fourth), everything else the caller's own."""
    theirs, shown = first_partners(platform), menus(platform)
    seen = 0
    for sample in samples.all():
        for place, (_, _, name) in enumerate(ids(sample.body)):
            seen += 1
            if seen % step:
                continue
            answers = []
            for ending in (THEIRS, UNKNOWN):
                message = renamed(sample.body, OWN)
                box, key, _ = ids(message)[place]
                box[key] = box[key].removesuffix(OWN) + ending
                answer = second_calls(platform, both, path_of(sample), message, "crossing")
                assert first_partners(platform) == theirs
                answers.append((answer.code, answer.message.replace(box[key], "ID")))
            if name == "posAccountId":
                assert answers[0][0] == "ACCESS_DENIED"
            else:
                assert answers[0] == answers[1], (sample.name, name)
    assert seen > 200
    both.put(platform)
    assert menus(platform) == shown


def test_the_whole_feed_of_another_partner_sent_again_touches_nothing_of_theirs(
    platform: Platform, both: State
) -> None:
    theirs, shown = first_partners(platform), menus(platform)
    for number, sample in enumerate(samples.all()):
        message = renamed(sample.body, THEIRS)
        message |= {"requestId": f"stolen {number}"} if "requestId" in sample.body else {}
        answer = platform.call(path_of(sample), message, client_id="c2")
        assert answer.code == ("ACCESS_DENIED" if "posAccountId" in message else "SUCCESS"), answer.message
        assert first_partners(platform) == theirs
    assert menus(platform) == shown


def test_another_partners_request_ids_are_no_replays(platform: Platform) -> None:
    platform.add_partner("c2")
    feed(platform, "c1")
    for sample in samples.all():
        if sample.body.get("isDeleted") is None:
            message = renamed(sample.body, OWN)
            assert platform.call(path_of(sample), message, client_id="c2").code == "SUCCESS"
    counted = platform.rows("select count(*) from history group by partner_id")
    assert counted[0] == counted[1]


def test_an_account_is_denied_in_the_same_words_whatever_is_in_it(platform: Platform) -> None:
    """Whether the store or the products exist is not told."""
    platform.add_partner("c2")
    feed(platform, "c1")
    [account] = {sample.body["posAccountId"] for sample in samples.all() if sample.family == "pos"}
    said = set()
    for number, store in enumerate(("counter-1", "no such store", "x")):
        for products in (
            [{"posProductId": "p", "status": "SOLDOUT"}],
            [{"posProductId": "no such", "status": "AVAILABLE"}],
        ):
            for path, more in (("/v2/pos/syncProduct", {"products": products}), ("/v2/pos/syncStore", {})):
                message = {
                    "requestId": f"{number}",
                    "posAccountId": account,
                    "store": {"posStoreId": store, "name": "n"},
                    **more,
                }
                answer = platform.call(path, message, client_id="c2")
                said.add((answer.code, answer.message))
    assert said == {("ACCESS_DENIED", f"posAccountId: account '{account}' belongs to another partner")}
    assert platform.rows("select count(*) from store where partner_id <> 1") == [(0,)]


def test_the_same_ids_of_two_partners_are_two_stores_to_diners(platform: Platform) -> None:
    platform.add_partner("c2")
    pds = [sample for sample in samples.all() if sample.family == "pds" and sample.body.get("isDeleted") is None]
    for client_id in ("c1", "c2"):
        for sample in pds:
            assert platform.call(path_of(sample), sample.body, client_id=client_id).code == "SUCCESS"
    stores = json.loads(platform.get("/storefront/v1/stores").body)["stores"]
    names = [store["name"] for store in stores]
    assert sorted(names) == sorted([*set(names), *set(names)])
    assert len({store["id"] for store in stores}) == len(stores)
