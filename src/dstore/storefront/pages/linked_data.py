"""A store and its menu as search engines read them: schema.org terms in JSON-LD. Pure functions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from babel.numbers import get_currency_precision
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.storefront.pages.dishes import Dish, Section
    from dstore.storefront.pages.week import Week
    from dstore.storefront.resolved import StoreCard

_SCHEMA = "https://schema.org/"
# Inside a script element nothing may look like markup, and no line may end where JavaScript would end it.
_ESCAPES = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def linked_data(
    card: StoreCard, sections: Sequence[Section], weeks: Sequence[Week], address: str, language: str
) -> Markup:
    """Return the text of a script element of type application/ld+json."""
    menu = {
        "@type": "Menu",
        **({"inLanguage": language} if language else {}),
        "hasMenuSection": [
            {
                "@type": "MenuSection",
                "name": section.category.title,
                "hasMenuItem": [_item(dish) for dish in section.dishes],
            }
            for section in sections
        ],
    }
    given = {
        "telephone": card.phone,
        "description": card.description,
        "servesCuisine": card.cuisine,
        "image": card.images,
    }
    restaurant = {
        "@context": _SCHEMA,
        "@type": "Restaurant",
        "name": card.name,
        "url": address,
        **({"address": {"@type": "PostalAddress", "streetAddress": card.address}} if card.address else {}),
        **{name: value for name, value in given.items() if value},
        "openingHoursSpecification": list(_hours(weeks)),
        "hasMenu": menu,
    }
    return Markup(msgspec.json.encode(restaurant).decode().translate(_ESCAPES))  # noqa: S704 - escaped just here


def _item(dish: Dish) -> dict[str, Any]:
    item = dish.item
    offer: dict[str, Any] = {}
    if dish.currency:
        price = Decimal(dish.amount).scaleb(-get_currency_precision(dish.currency))
        stock = "InStock" if item.available else "OutOfStock"
        offer = {
            "offers": {
                "@type": "Offer",
                "price": str(price),
                "priceCurrency": dish.currency,
                "availability": f"{_SCHEMA}{stock}",
            }
        }
    return {
        "@type": "MenuItem",
        "name": item.name,
        **({"description": item.description} if item.description else {}),
        **({"image": dish.picture} if dish.picture else {}),
        **offer,
    }


def _hours(weeks: Sequence[Week]) -> Any:
    for row in weeks[0].rows if weeks else ():
        for stretch in row.stretches:
            yield {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": row.day.strftime("%A"),
                "opens": f"{stretch.start:%H:%M}",
                "closes": "23:59" if stretch.is_whole_day else f"{stretch.end:%H:%M}",
                "validFrom": row.day.isoformat(),
                "validThrough": row.day.isoformat(),
            }
