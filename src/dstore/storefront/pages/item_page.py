"""An item with everything there is to choose: a page of its own, which scripts show as a sheet above the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.storefront.pages.dishes import dish, is_address
from dstore.storefront.pages.frame import missing, page
from dstore.storefront.pages.selections import (
    MOST_PIECES,
    group_views,
    property_views,
    reachable,
    read_selection,
)
from dstore.storefront.pages.store_page import content_language
from dstore.storefront.pages.visit import clean

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.pages.reading import Shelves
    from dstore.storefront.resolved import Category, Document, Item, Menu


async def show(request: Request, shelves: Shelves) -> Response:
    """Answer with an item's page; what was chosen already stands in the address."""
    seen = await shelves.see(request)
    if seen is None:
        return missing(request)
    shown = shelves.document(seen)
    query = request.query_params
    place = find(shown, *(clean(query.get(name, "")) for name in ("menu", "category", "item")))
    if place is None:
        return missing(request)
    menu, category, item = place
    groups = {group.id: group for group in shown.groups}
    chosen = read_selection(query, item, groups)
    most = min(item.quantity.max, MOST_PIECES) if item.quantity else MOST_PIECES
    return page(
        request,
        seen.visit,
        "item.html",
        card=shown.store,
        menu=menu,
        category=category,
        item=item,
        dish=dish(item, groups, seen.visit, menu, category),
        chosen=chosen,
        line=clean(query.get("line", ""), 40),
        least=max(1, item.quantity.min if item.quantity else 1),
        most=max(1, most),
        views=group_views(item.groups or (), groups, chosen.options),
        templates=[group_views([group.id], groups, ())[0] for group in reachable(item.groups or (), groups)],
        properties=property_views(item, chosen),
        skus=[
            {"id": one.id, "properties": one.properties, "price": one.price.amount, "available": one.available}
            for one in item.skus or ()
        ],
        images=[one for one in item.images or () if is_address(one)],
        lang=content_language(shown, seen.visit),
        phrases=seen.phrases,
    )


def find(shown: Document, menu_id: str, category_id: str, item_id: str) -> tuple[Menu, Category, Item] | None:
    """Return an item where it stands; if it is not there, where else it does."""
    places = [
        (menu, category, item)
        for menu in shown.menus
        for category in menu.categories
        for item in category.items
        if item.id == item_id
    ]
    return next(
        (one for one in places if (one[0].id, one[1].id) == (menu_id, category_id)), places[0] if places else None
    )
