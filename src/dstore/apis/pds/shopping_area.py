"""Shopping areas of the F&B family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from dstore.apis.pds.checks import check_area
from dstore.catalog.entries import Entry
from dstore.catalog.kinds import SHOPPING_AREA
from dstore.catalog.shelf import PutOnShelf
from dstore.findings import Finding
from dstore.protocol.api import Change, api
from dstore.vocabulary import fields
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import ShoppingArea
from dstore.vocabulary.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

ShoppingAreas = Annotated[
    list[ShoppingArea],
    Meta(min_length=1, max_length=most("shopping_areas"), description="Shopping areas, each complete."),
]


class InitializeShoppingArea(Message, frozen=True, gc=False):
    """Shopping areas."""

    request_id: fields.RequestId
    shopping_areas: ShoppingAreas

    def check(self) -> Iterator[Finding]:
        """Check each area, and that none is there twice."""
        seen: set[str] = set()
        for index, area in enumerate(self.shopping_areas):
            path = f"shoppingAreas[{index}]"
            if area.area_id in seen:
                yield Finding(f"{path}.areaId", "list.duplicate", f"shopping area '{area.area_id}' is there twice")
            seen.add(area.area_id)
            yield from check_area(area, path)


@api("/v2/pds/store/initializeShoppingArea")
def initialize_shopping_area(message: InitializeShoppingArea) -> Change:
    """Feed shopping areas, up to 50 a call; each replaces the one of its id, others stay.

    A store can only name an area that has been fed.
    """
    return PutOnShelf(
        [Entry(SHOPPING_AREA.number, area.area_id, None, msgspec.json.encode(area)) for area in message.shopping_areas]
    )
