"""Who may speak for a posAccountId."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore import partners

if TYPE_CHECKING:
    from harness.platform import Platform


def opening(account: str, request_id: str = "r1") -> dict[str, Any]:
    return {"requestId": request_id, "posAccountId": account, "store": {"posStoreId": "s1", "name": "Shop"}}


def test_an_account_belongs_to_the_first_partner_that_uses_it(platform: Platform) -> None:
    platform.add_partner("c2")
    assert platform.call("syncStore", opening("a1")).code == "SUCCESS"
    refused = platform.call("syncStore", opening("a1"), client_id="c2")
    assert refused.code == "ACCESS_DENIED"
    assert refused.message == "posAccountId: account 'a1' belongs to another partner"
    assert platform.rows("select count(*) from store") == [(1,)]


def test_where_accounts_are_granted_a_new_one_is_denied_until_then(platform: Platform) -> None:
    platform.restart(accounts="granted")
    assert platform.call("syncStore", opening("a1")).code == "ACCESS_DENIED"
    platform.transact(lambda one: partners.grant_account(one, "c1", "a1"))
    assert platform.call("syncStore", opening("a1", "r2")).code == "SUCCESS"
