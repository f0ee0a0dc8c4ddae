"""An ISV store's tree as a menu. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.storage.port import Row
    from dstore.storefront.resolved import Group, Menu, StoreCard


def card(public_id: str, doc: bytes, now: datetime) -> tuple[StoreCard, datetime | None]:
    raise NotImplementedError


def menus(rows: list[Row]) -> tuple[list[Menu], list[Group]]:
    raise NotImplementedError
