"""What changes overwrote: earlier catalogues come back exactly."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dstore.catalog import entries, replacement, undo
from harness import stall, terrace

if TYPE_CHECKING:
    import pytest

    from harness.platform import Platform


def sync(platform: Platform, request_id: str, **prices: int) -> None:
    products: list[dict[str, Any]] = [
        {"posProductId": name, "type": "SINGLE", "status": "AVAILABLE", "name": name, "price": {"currency": "SGD", "value": price}}
        for name, price in prices.items()
    ]  # fmt: skip
    store = {"posStoreId": "s1", "name": "Store"}
    body = {"requestId": request_id, "posAccountId": "a1", "store": store, "products": products}
    assert platform.call("syncProduct", body).code == "SUCCESS"


def contents(platform: Platform) -> tuple[int, undo.Tree]:
    [[store_id, tree, version]] = platform.rows("select id, tree, version from store where feed <> 'shelf'")
    del store_id
    return version, platform.database.read_now(lambda reading: entries.stored(reading, tree))


def before(platform: Platform, version: int) -> undo.Tree | None:
    [[store_id, tree]] = platform.rows("select id, tree from store where feed <> 'shelf'")
    return platform.database.read_now(lambda reading: undo.before(reading, store_id, tree, version))


def test_every_earlier_catalogue_is_known_exactly(platform: Platform) -> None:
    seen: dict[int, undo.Tree] = {0: {}}
    for number, prices in enumerate(({"p1": 100, "p2": 200}, {"p1": 150, "p3": 300}, {"p3": 300}, {"p2": 1, "p3": 2})):
        sync(platform, f"r{number}", **prices)
        version, tree = contents(platform)
        seen[version] = tree
    versions = sorted(seen)
    assert len(versions) == 5
    for earlier, later in pairwise(versions):
        assert before(platform, later) == seen[earlier]


def test_an_unchanged_sync_keeps_nothing(platform: Platform) -> None:
    sync(platform, "r1", p1=100)
    sync(platform, "r2", p1=100)
    assert platform.rows("select count(*) from undo") == [(1,)]


def test_a_catalogue_written_ahead_is_undone_like_any_other(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacement.Replacement.prepare, "__defaults__", (5,))
    many = {f"product-number-{number:04}": number for number in range(300)}  # large enough to be prepared
    sync(platform, "r1", **many)
    _, first = contents(platform)
    sync(platform, "r2", **{name: price + 1 for name, price in many.items()})
    version, second = contents(platform)
    assert first != second
    assert before(platform, version) == first


def test_single_changes_of_an_isv_store_are_known_too(platform: Platform) -> None:
    stall.initialize(platform)
    version, first = contents(platform)
    update = {"itemId": "horfun", "saleType": "SINGLE", "priceInfo": stall.price(999)}
    assert platform.call("updateItem", update).code == "SUCCESS"
    assert before(platform, version + 1) == first
    gone = {"itemId": "laksa", "saleType": "SINGLE", "isDeleted": "DELETED"}
    _, second = contents(platform)
    assert platform.call("updateItem", gone).code == "SUCCESS"
    assert before(platform, version + 2) == second
    assert before(platform, version + 1) == first


def test_what_is_too_old_is_forgotten_and_said_to_be_unknown(platform: Platform) -> None:
    sync(platform, "r1", p1=100)
    version, _ = contents(platform)
    assert undo.sweep(platform.database, 1 << 60) == 1
    assert before(platform, version) is None


def test_what_one_call_of_release_2_changed_is_known_too(platform: Platform) -> None:
    terrace.must(platform, terrace.small())
    version, first = contents(platform)
    assert before(platform, version) == {}
    terrace.must(
        platform, terrace.under("s1", "m1", "rice", {"itemId": "nasi", "saleAmount": 999}, terrace.item("bihun"))
    )
    _, second = contents(platform)
    terrace.must(platform, terrace.under("s1", "m1", "rice", {"itemId": "mee", "saleAmount": 777}))
    assert before(platform, version + 2) == second
    assert before(platform, version + 1) == first
    assert before(platform, version) == {}


def test_a_store_that_comes_back_empty_keeps_what_it_held(platform: Platform) -> None:
    stall.initialize(platform)
    _, first = contents(platform)
    assert platform.call("updateStore", {"storeId": "stall1", "isDeleted": "DELETED"}).code == "SUCCESS"
    again = {"requestId": "again", "store": stall.store("stall1")["storeInfo"]}
    assert platform.call("addStore", again).code == "SUCCESS"
    version, now = contents(platform)
    assert now == {}
    assert before(platform, version) == first
