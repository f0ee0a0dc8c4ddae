"""syncStore: create, open and close a POS store (page syncStore)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType

from dstore.catalog.moments import is_moment
from dstore.catalog.pos_stores import ChangePosStore
from dstore.catalog.stores import POS, StoreKey
from dstore.findings import Finding
from dstore.protocol.api import Change, api
from dstore.vocabulary import fields
from dstore.vocabulary.values import Message, Value, extend_info_findings

if TYPE_CHECKING:
    from collections.abc import Iterator


class DetailedStoreInfo(Value, frozen=True, gc=False):
    """A store as the POS describes it; of a known store only what is given changes."""

    pos_store_id: fields.PosStoreId
    name: fields.StoreName | UnsetType = UNSET
    status: fields.Status | UnsetType = UNSET
    full_address: fields.FullAddress | UnsetType = UNSET
    mobile_no: fields.MobileNo | UnsetType = UNSET
    extend_info: fields.ExtendInfo | UnsetType = UNSET


class SyncStore(Message, frozen=True, gc=False):
    """One store of one account."""

    request_id: fields.RequestId
    pos_account_id: fields.StoreAccountId
    store: DetailedStoreInfo
    extend_info: fields.ExtendInfo | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Measure the extendInfo members and read the closing time inside."""
        yield from extend_info_findings(self.extend_info, "extendInfo")
        yield from extend_info_findings(self.store.extend_info, "store.extendInfo")
        yield from _closing_findings(self.store.extend_info)


@api("/v2/pos/syncStore")
def sync_store(message: SyncStore) -> Change:
    """Create a store, or open, close or change one.

    A new store needs `store.name`; its status is OPEN unless given. CLOSED with
    `store.extendInfo.closingEndTimes.defaultClosingEndTime` opens again by itself at that time. `closingEndTimes` without
    a `status` sets the end anew for a store that is CLOSED.
    """
    store = message.store
    given = {
        name: value
        for name in ("name", "status", "full_address", "mobile_no", "extend_info")
        if (value := getattr(store, name)) is not UNSET
    }
    key = StoreKey(POS, message.pos_account_id, store.pos_store_id)
    return ChangePosStore(key, given, _closing_end_time(store.extend_info))


def _closing_end_time(info: dict[str, Any] | UnsetType) -> str | UnsetType | None:
    """Return the end that is given; None when `closingEndTimes` names none, UNSET when nothing is said of closing."""
    if info is UNSET or "closingEndTimes" not in info:
        return UNSET
    end: str | None = info["closingEndTimes"].get("defaultClosingEndTime")
    return end


def _closing_findings(info: dict[str, Any] | UnsetType) -> Iterator[Finding]:
    times = {} if info is UNSET else info.get("closingEndTimes", {})
    path = "store.extendInfo.closingEndTimes"
    if not isinstance(times, dict):
        yield Finding(path, "type.mismatch", "expected an object")
    elif "defaultClosingEndTime" in times and not is_moment(times["defaultClosingEndTime"]):
        yield Finding(f"{path}.defaultClosingEndTime", "time.format", "is not ISO 8601 with an offset")
