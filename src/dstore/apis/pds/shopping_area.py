"""Shopping areas of the F&B family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.apis.pds.checks import check_area, check_once
from dstore.apis.pds.updates import update
from dstore.catalog.entries import Entry
from dstore.catalog.kinds import SHOPPING_AREA
from dstore.catalog.pds_entries import AddEntry
from dstore.catalog.pds_lookup import Selector
from dstore.catalog.shelf import PutOnShelf
from dstore.protocol.api import Change, Clears, api
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import ShoppingArea
from dstore.vocabulary.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.findings import Finding

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
        yield from check_once(
            (area.area_id for area in self.shopping_areas), "shoppingAreas", "areaId", "shopping area"
        )
        for index, area in enumerate(self.shopping_areas):
            yield from check_area(area, f"shoppingAreas[{index}]")


@api("/v2/pds/store/initializeShoppingArea", may_defer=True)
def initialize_shopping_area(message: InitializeShoppingArea) -> Change:
    """Feed shopping areas, up to 50 a call; each replaces the one of its id, others stay.

    A store can only name an area that has been fed.
    """
    return PutOnShelf(
        [Entry(SHOPPING_AREA.number, area.area_id, None, msgspec.json.encode(area)) for area in message.shopping_areas]
    )


class AddShoppingArea(Message, frozen=True, gc=False):
    """One shopping area to add."""

    request_id: fields.RequestId
    shopping_area: ShoppingArea

    def check(self) -> Iterator[Finding]:
        """Check the area."""
        yield from check_area(self.shopping_area, "shoppingArea")


@api("/v2/pds/store/addShoppingArea")
def add_shopping_area(message: AddShoppingArea) -> Change:
    """Add a shopping area that stores can name from now on.

    One that exists already is refused; one that was deleted comes back, and with it the links of stores that still
    name it.
    """
    area = message.shopping_area
    return AddEntry(Selector(SHOPPING_AREA, area.area_id), None, msgspec.json.encode(area), "shoppingArea")


class UpdateShoppingArea(Message, frozen=True, gc=False, kw_only=True):
    """What changes of a shopping area; absent members stay, empty ones are deleted, given ones replace."""

    area_id: fields.AreaId
    name: fields.AreaName | UnsetType = UNSET
    address: fields.Address | UnsetType = UNSET
    service_availability_list: fnb.ServiceAvailabilityList | UnsetType = UNSET
    location: fnb.Location | UnsetType = UNSET
    time_zone: fields.TimeZone | UnsetType = UNSET
    contact_phone_nos: fields.Phones | UnsetType = UNSET
    pick_up_address: fields.OptionalAddress | UnsetType = UNSET
    images: fields.Images | UnsetType = UNSET
    description: fields.Description | UnsetType = UNSET
    shopping_area_status: fields.Status | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    pick_up_contact_details: fnb.ContactDetails | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check what the message itself says."""
        yield from check_area(self, "")


@api("/v2/pds/store/updateShoppingArea")
def update_shopping_area(message: UpdateShoppingArea, clears: Clears) -> Change:
    """Change or delete a shopping area.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Texts are merged by
    column and language. Stores in a deleted area stay; no other store can name it until it is added again.
    """
    return update(message, clears, Selector(SHOPPING_AREA, message.area_id), ShoppingArea, check_area)
