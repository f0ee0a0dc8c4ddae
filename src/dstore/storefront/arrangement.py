"""What of a POS store's products is shown where: menus as headings with the ids of products below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.schedules.serving import Service
    from dstore.storefront.languages import Texts


class Shelf(NamedTuple):
    """A heading and the ids of the products below it, in order."""

    id: str
    title: str
    products: Sequence[str]
    sub_title: str = ""
    texts: Texts | None = None


class Arrangement(NamedTuple):
    """A menu as headings with products; without a service it serves every way of ordering."""

    id: str
    title: str
    shelves: Sequence[Shelf]
    service: Service | None = None
