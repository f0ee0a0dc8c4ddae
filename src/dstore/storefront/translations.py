"""Which texts of a store are there in which language, and which are missing. Pure functions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from dstore.catalog.kinds import ADDON, CATEGORY, ITEM, KINDS, MENU, MODIFIER_GROUP, PRODUCT, PRODUCT_GROUP
from dstore.catalog.pds_sync_texts import announcement_column, property_column, property_value_column
from dstore.storefront.answers import Coverage, Gap, Translations
from dstore.storefront.decoded import every
from dstore.storefront.languages import lookup, primary
from dstore.storefront.resolving import plain_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dstore.storefront.decoded import Entry, Store

_STORE = 0
_ITEM = (("itemTitle", "item_title"), ("itemDescription", "item_description"))
_STORE_COLUMNS = (
    ("name", "name"),
    ("address", "address"),
    ("description", "description"),
    ("cuisine", "cuisine"),
    ("pickUpAddress", "pick_up_address"),
)
COLUMNS: dict[int, tuple[tuple[str, str], ...]] = {
    _STORE: _STORE_COLUMNS,
    MENU.number: (("title", "title"), ("subTitle", "sub_title"), ("description", "description")),
    CATEGORY.number: (("title", "title"), ("subTitle", "sub_title")),
    ITEM.number: _ITEM,
    ADDON.number: _ITEM,
    MODIFIER_GROUP.number: (("groupName", "group_name"),),
    PRODUCT.number: (("name", "name"),),
    PRODUCT_GROUP.number: (("name", "name"),),
}


def report(store: Store, asked: Sequence[str]) -> Translations:
    """Return what is missing in each language that a store has any text in, or in those asked for."""
    languages = list(asked or store.languages)
    texts = 0
    missing: Counter[str] = Counter()
    gaps: list[Gap] = []
    for kind, entry, column, plain in _texts(store):
        texts += 1
        given = (entry.texts or {}).get(column, {})
        for language in languages:
            is_plain = bool(plain) and primary(language) == plain_language(store)
            if not is_plain and lookup(language, given) is None:
                missing[language] += 1
                gaps.append(_gap(language, kind, entry, column, plain or next(iter(given.values()))))
    return Translations(
        version=store.stamp[0],
        languages=[Coverage(language=one, texts=texts, translated=texts - missing[one]) for one in languages],
        missing=gaps,
    )


def _texts(store: Store) -> Iterator[tuple[int, Entry, str, str]]:
    """Yield every text that diners may read: its object, the name of its column, the plain text if there is one."""
    for kind, entry in every(store):
        columns = [(column, getattr(entry.info, name, UNSET) or "") for column, name in COLUMNS.get(kind, ())]
        inside = _INSIDE.get(kind)
        for column, plain in [*columns, *(inside(entry.info) if inside else ())]:
            if plain or (entry.texts or {}).get(column):
                yield kind, entry, column, plain


def _announcements(store: Any) -> Iterator[tuple[str, str]]:
    """Yield each announcement that is shown, with its column."""
    for index, one in enumerate(getattr(store, "announcement", ()) or ()):
        if one.content_type == "TEXT":
            yield announcement_column(index), one.value


def _properties(item: Any) -> Iterator[tuple[str, str]]:
    """Yield the name of each property and of each of its values, with their columns."""
    for index, group in enumerate(item.sku_property_groups or ()):
        yield property_column(index), group.property_group_name
        for place, one in enumerate(group.properties):
            yield property_value_column(index, place), one.property_name


_INSIDE = {_STORE: _announcements, ITEM.number: _properties}
"""What yields the texts inside a thing's lists."""


def _gap(language: str, kind: int, entry: Entry, column: str, text: str) -> Gap:
    if kind == _STORE:
        return Gap(language=language, kind="store", id=getattr(entry.info, "store_id", ""), column=column, text=text)
    name_id, *parents = entry.key
    where = parents or UNSET
    return Gap(language=language, kind=KINDS[kind].word, id=name_id, where=where, column=column, text=text)
