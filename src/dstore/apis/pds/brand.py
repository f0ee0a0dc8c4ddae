"""Brands of the F&B family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from dstore.catalog.entries import Entry
from dstore.catalog.kinds import BRAND
from dstore.catalog.shelf import PutOnShelf
from dstore.findings import Finding
from dstore.protocol.api import Change, api
from dstore.vocabulary import fields
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import Brand
from dstore.vocabulary.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

Brands = Annotated[list[Brand], Meta(min_length=1, max_length=most("brands"), description="Brands, each complete.")]


class InitializeBrand(Message, frozen=True, gc=False):
    """Brands."""

    request_id: fields.RequestId
    brands: Brands

    def check(self) -> Iterator[Finding]:
        """Check that no brand is there twice."""
        seen: set[str] = set()
        for index, brand in enumerate(self.brands):
            if brand.brand_id in seen:
                yield Finding(f"brands[{index}].brandId", "list.duplicate", f"brand '{brand.brand_id}' is there twice")
            seen.add(brand.brand_id)


@api("/v2/pds/store/initializeBrand")
def initialize_brand(message: InitializeBrand) -> Change:
    """Feed brands, up to 50 a call; each replaces the one of its id, others stay.

    A store can only name a brand that has been fed.
    """
    return PutOnShelf(
        [Entry(BRAND.number, brand.brand_id, None, msgspec.json.encode(brand)) for brand in message.brands]
    )
