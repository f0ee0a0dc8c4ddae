"""Every limit once: its number, whether a page documents it, and what it bounds.

Documented limits are fixed. Assumed ones may be raised by the operator with `DSTORE_LIMITS`, for example
`DSTORE_LIMITS=products=50000,name=512`; the variable is read when the types are made, at start.
`GET /limits` shows this table.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Limit(NamedTuple):
    """A bound: the number, whether it is documented (else assumed), and what it counts."""

    number: int
    documented: bool
    meaning: str


_TABLE: dict[str, Limit] = {
    "request_id": Limit(255, True, "characters of requestId"),
    "pos_account_id_store": Limit(64, True, "characters of posAccountId in syncStore"),
    "pos_account_id_product": Limit(255, True, "characters of posAccountId in syncProduct"),
    "extend_info": Limit(4096, True, "characters of extendInfo as compact JSON"),
    "amount": Limit(2_147_483_647, True, "the largest amount, in the smallest currency unit"),
    "shopping_areas": Limit(50, True, "shopping areas in one initializeShoppingArea"),
    "brands": Limit(50, True, "brands in one initializeBrand"),
    "stores": Limit(20, True, "stores in one initializeStore"),
    "service_availability": Limit(20, True, "entries of a serviceAvailabilityList"),
    "store_contacts": Limit(3, True, "contacts of a store in release 2's syncStore"),
    "app_id": Limit(32, True, "characters of appId"),
    "area_name": Limit(64, True, "characters of a shopping area's name"),
    "brand_name": Limit(1024, True, "characters of a brand's name"),
    "id": Limit(255, False, "characters of an id"),
    "name": Limit(255, False, "characters of a name or title"),
    "description": Limit(1024, False, "characters of a description or address"),
    "url": Limit(255, False, "characters of an image address"),
    "images": Limit(5, False, "images of one object"),
    "products": Limit(20_000, False, "products in one syncProduct"),
    "links": Limit(1_000, False, "ids in one list of references"),
    "overloads": Limit(1_000, False, "overloads of one product"),
    "nesting": Limit(10, False, "levels of groups below a product or item"),
    "quantity": Limit(1_000_000, False, "the largest quantity of a quantity rule"),
    "menus": Limit(50, False, "menus of one store"),
    "categories": Limit(500, False, "categories of one menu"),
    "items": Limit(20_000, False, "items of one category"),
    "skus": Limit(500, False, "SKUs of one item"),
    "sku_properties": Limit(100, False, "property groups of an item, or properties of a group"),
    "business_rules": Limit(20, False, "business rules of one object"),
    "rule_data": Limit(65_536, False, "characters of one ruleData"),
    "rule_elements": Limit(1_000, False, "elements of one rule, days' slots or tiers"),
    "contacts": Limit(20, False, "phone numbers, contacts, banners or announcements of one object"),
    "short_text": Limit(255, False, "characters of a phone number, time zone, post code or other short text"),
    "languages": Limit(1_000, False, "entries of multiLanguageDetails"),
    "time_periods": Limit(100, False, "periods of one day"),
    "text_languages": Limit(50, False, "languages of one text of release 2"),
    "contents": Limit(50, False, "texts and pictures of one object of release 2"),
    "schedules": Limit(100, False, "elements of serviceSchedules"),
    "photos": Limit(1_000, False, "photos that one store keeps for its merchant, those of earlier menus counted"),
}


def _raised(text: str) -> dict[str, Limit]:
    """Apply the operator's numbers; refuse names that do not exist, documented limits and lower numbers."""
    table = dict(_TABLE)
    for pair in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, number = pair.partition("=")
        limit = table.get(name.strip())
        if limit is None or limit.documented or not number.strip().isdigit() or int(number) < limit.number:
            known = ", ".join(name for name, limit in _TABLE.items() if not limit.documented)
            raise SystemExit(f"DSTORE_LIMITS: {pair!r} does not raise an assumed limit; these can be raised: {known}")
        table[name.strip()] = limit._replace(number=int(number))
    return table


def _asked() -> str:
    file = os.environ.get("DSTORE_LIMITS_FILE")
    return os.environ.get("DSTORE_LIMITS") or (Path(file).read_text(encoding="utf-8").strip() if file else "")


LIMITS = _raised(_asked())


def most(name: str) -> int:
    """Return the number of a limit."""
    return LIMITS[name].number
