"""Syncs: what each call did to a store, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.places import boss, opened, product, store_id, sync
from harness import stall
from harness.person import Person, add_user

if TYPE_CHECKING:
    from harness.platform import Platform


def names(platform: Platform) -> dict[str, int]:
    """Return what the store's catalogue holds, with prices."""
    rows = platform.rows("select e.key, e.doc from entry e join store s on s.tree = e.tree where e.deleted = 0")
    found: dict[str, Any] = {}
    for key, doc in rows:
        found[key] = int(bytes(doc).partition(b'"value":')[2].partition(b"}")[0])
    return found


def test_a_sync_is_told_in_names_and_prices(platform: Platform) -> None:
    path = opened(platform, [product("tea", "Tea", 500), product("cake", "Cake", 450)])
    sync(platform, [product("tea", "Tea", 600), product("pie", "<b>Pie</b>", 700)], request_id="second")
    person = boss(platform).open(f"{path}/syncs")
    assert "Full sync" in person.words
    assert "1 added" in person.words
    assert "1 changed" in person.words
    assert "1 removed" in person.words
    person.open(f"{path}/syncs/2")
    assert "SGD 5.00 → SGD 6.00" in person.words
    assert "<b>Pie</b> pie Added" in person.words
    assert "&lt;b&gt;Pie" in person.text
    assert "Cake cake Removed SGD 4.50" in person.words
    assert "second" in person.words


def test_calls_that_changed_nothing_are_there_with_their_reason(platform: Platform) -> None:
    path = opened(platform)
    sync(platform, [product("tea", "Tea"), product("cake", "Cake")], request_id="again")
    sync(platform, [product("tea", "Tea")], request_id="again")
    body = {"requestId": "bad", "posAccountId": "a", "store": {"posStoreId": "s"}}
    platform.call("syncProduct", {**body, "products": [{"posProductId": "gone", "status": "SOLDOUT"}]})
    words = boss(platform).open(f"{path}/syncs").words
    assert "Nothing new" in words
    assert "Request id used before with another body" in words
    assert "no product 'gone'" in words
    assert names(platform) == {"tea": 500, "cake": 500}


def test_a_restore_brings_the_catalogue_back_as_a_new_version_and_can_be_undone(platform: Platform) -> None:
    path = opened(platform, [product("tea", "Tea", 500), product("cake", "Cake", 450)])
    sync(platform, [product("tea", "Tea", 600), product("pie", "Pie", 700)], request_id="second")
    status = {"requestId": "st", "posAccountId": "a", "store": {"posStoreId": "s"}}
    platform.call("syncProduct", {**status, "products": [{"posProductId": "tea", "status": "SOLDOUT"}]})
    person = boss(platform).open(f"{path}/syncs/2")
    person.send("/syncs/restore")
    assert names(platform) == {"tea": 500, "cake": 450}
    assert platform.rows("select version from store where ref = 's'") == [(4,)]
    [[still]] = platform.rows("select e.status from entry e where e.key = 'tea'")
    assert still == "SOLDOUT"
    assert "as it was before the sync" in person.words
    assert "by boss" in person.words
    person.send("/syncs/restore")  # the first form of the page is that of the restore itself
    assert names(platform) == {"tea": 600, "pie": 700}


def test_a_sync_after_a_restore_is_applied_though_it_is_the_one_before(platform: Platform) -> None:
    path = opened(platform, [product("tea", "Tea", 500)])
    sync(platform, [product("tea", "Tea", 600)], request_id="second")
    boss(platform).open(f"{path}/syncs/2").send("/syncs/restore")
    assert names(platform) == {"tea": 500}
    sync(platform, [product("tea", "Tea", 600)], request_id="third")
    assert names(platform) == {"tea": 600}


def test_stores_of_partners_are_restored_likewise(platform: Platform) -> None:
    stall.initialize(platform)
    add_user(platform, "op", "operator")
    platform.call("updateItem", {"itemId": "horfun", "saleType": "SINGLE", "priceInfo": stall.price(999)})
    path = f"/console/stores/{store_id(platform, 'stall1')}"
    person = Person(platform).sign_in("op").open(f"{path}/syncs")
    assert "Changed" in person.words
    [[version]] = platform.rows("select version from store where ref = 'stall1'")
    person.open(f"{path}/syncs/{version}")
    assert "SGD 4.00 → SGD 9.99" in person.words
    before = platform.menu()
    person.send("/syncs/restore")
    after = platform.menu()
    assert before != after
    assert "999" not in str(after["menus"])


def test_managers_see_syncs_but_only_owners_restore_and_staff_neither(platform: Platform) -> None:
    path = opened(platform)
    for role in ("manager", "staff"):
        add_user(platform, role, role, account="a")
    manager = Person(platform).sign_in("manager").open(f"{path}/syncs")
    assert "2 added" in manager.words
    assert manager.forms("/restore") == []
    assert "/console/requests/" not in manager.text
    assert Person(platform).sign_in("staff").open(f"{path}/syncs").status == 403


def test_what_is_not_kept_is_said(platform: Platform) -> None:
    path = opened(platform)
    platform.transact(lambda one: one.run("delete from undo"))
    person = boss(platform).open(f"{path}/syncs/1")
    assert "no longer kept" in person.words
    assert person.forms("/restore") == []
    shared = person.forms("/sign-out")[0].fields
    person.post(f"{path}/syncs/restore", {**shared, "version": "1"})
    assert "no longer kept" in person.words
    assert person.open(f"{path}/syncs/99").status == 404
    assert person.open(f"{path}/syncs/x").status == 404
