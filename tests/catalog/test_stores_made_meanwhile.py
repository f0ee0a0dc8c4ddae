"""Two calls that make one store at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.catalog import pds_sync_sharing
from harness.terrace import entries, info, must, small, under

if TYPE_CHECKING:
    import pytest

    from dstore.catalog.stores import Store
    from dstore.work import Work
    from harness.platform import Platform


def test_a_store_that_another_call_makes_meanwhile_is_changed_not_made_anew(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    must(platform, small())
    seen: list[str] = []
    real = pds_sync_sharing.lock_family

    def late(work: Work, store_id: str, menu_ids: list[str]) -> dict[str, Store]:
        """Look, the first time, as if the other call had not committed yet."""
        seen.append(store_id)
        return real(work, store_id, menu_ids) if len(seen) > 1 else {}

    monkeypatch.setattr("dstore.catalog.pds_sync.lock_family", late)
    must(platform, under("s1", "m1", "rice", {"itemId": "nasi", "saleAmount": 999}))
    assert seen == ["s1", "s1"]
    assert entries(platform, "s1")['["nasi","rice","m1","PICKUP"]']["priceInfo"]["saleAmount"] == 999
    assert info(platform, "s1")["name"] == "Terrace s1"
