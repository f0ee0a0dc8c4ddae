"""Brands of the F&B family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.apis.pds.checks import check_once, check_texts
from dstore.apis.pds.updates import nothing_more, update
from dstore.catalog.entries import Entry
from dstore.catalog.kinds import BRAND
from dstore.catalog.pds_entries import AddEntry
from dstore.catalog.pds_lookup import Selector
from dstore.catalog.shelf import PutOnShelf
from dstore.protocol.api import Change, Clears, api
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import Brand
from dstore.vocabulary.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.findings import Finding

Brands = Annotated[list[Brand], Meta(min_length=1, max_length=most("brands"), description="Brands, each complete.")]


class InitializeBrand(Message, frozen=True, gc=False):
    """Brands."""

    request_id: fields.RequestId
    brands: Brands

    def check(self) -> Iterator[Finding]:
        """Check each brand, and that none is there twice."""
        yield from check_once((brand.brand_id for brand in self.brands), "brands", "brandId", "brand")
        for index, brand in enumerate(self.brands):
            yield from check_texts(brand, f"brands[{index}]")


@api("/v2/pds/store/initializeBrand", may_defer=True)
def initialize_brand(message: InitializeBrand) -> Change:
    """Feed brands, up to 50 a call; each replaces the one of its id, others stay.

    A store can only name a brand that has been fed.
    """
    return PutOnShelf(
        [Entry(BRAND.number, brand.brand_id, None, msgspec.json.encode(brand)) for brand in message.brands]
    )


class AddBrand(Message, frozen=True, gc=False):
    """One brand to add."""

    request_id: fields.RequestId
    brand: Brand

    def check(self) -> Iterator[Finding]:
        """Check the languages of its texts."""
        yield from check_texts(self.brand, "brand")


@api("/v2/pds/store/addBrand")
def add_brand(message: AddBrand) -> Change:
    """Add a brand that stores can name from now on.

    One that exists already is refused; one that was deleted comes back, and with it the links of stores that still
    name it.
    """
    brand = message.brand
    return AddEntry(Selector(BRAND, brand.brand_id), None, msgspec.json.encode(brand), "brand")


class UpdateBrand(Message, frozen=True, gc=False, kw_only=True):
    """What changes of a brand; absent members stay, empty ones are deleted, given ones replace."""

    brand_id: fields.BrandId
    brand_name: fields.BrandName | UnsetType = UNSET
    brand_image: fields.Images | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check the languages of its texts."""
        yield from check_texts(self, "")


@api("/v2/pds/store/updateBrand")
def update_brand(message: UpdateBrand, clears: Clears) -> Change:
    """Change or delete a brand.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Texts are merged by
    column and language. Stores of a deleted brand stay; no other store can name it until it is added again.
    """
    return update(message, clears, Selector(BRAND, message.brand_id), Brand, nothing_more)
