"""Release 2's texts and contents in the words of the stored documents. Pure functions.

A stored document has a base text under its member's own name, and every language, the base one included, in
`multiLanguageDetails`. The column of a text inside a list is its path, such as `announcement[0].value`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from dstore.vocabulary.fnb import Announcement, MultiLanguageDetail
from dstore.vocabulary.release2 import MultiLanguageLongText, base_text

if TYPE_CHECKING:
    from dstore.vocabulary.release2 import AnyText, Content

_read_text = msgspec.json.Decoder(MultiLanguageLongText).decode
_TEXTS = {"ANNOUNCEMENT", "DESCRIPTION"}


class Texts:
    """The texts of one stored object while it changes; a text that is put replaces all languages of its column."""

    def __init__(self, details: list[MultiLanguageDetail] | UnsetType) -> None:
        self._details = [] if details is UNSET else list(details)

    def put(self, column: str, text: AnyText | str) -> str:
        """Take in a text, and return what stands in the member itself."""
        self.drop(column)
        if isinstance(text, str):
            return text
        self._details += [MultiLanguageDetail(column, language, words) for language, words in text.value.items()]
        return base_text(text)

    def drop(self, member: str) -> None:
        """Forget the texts of a member, and of everything inside it."""
        self._details = [one for one in self._details if one.column != member and not is_inside(one.column, member)]

    @property
    def details(self) -> list[MultiLanguageDetail] | UnsetType:
        """All texts in their order; UNSET when there are none."""
        return self._details or UNSET


def is_inside(column: str, member: str) -> bool:
    """Return whether a text with this column stands inside a member, by its path."""
    return column.startswith((f"{member}[", f"{member}."))


def content_text(content: Content) -> AnyText | None:
    """Return the text of a content in its languages; None when it is not JSON text of one that can be stored."""
    try:
        text = _read_text(content.value)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return None if any("\0" in part for pair in text.value.items() for part in pair) else text


def is_kept(content: Content) -> bool:
    """Return whether a content has a place in the stored documents: pictures, announcements, descriptions."""
    return content.type == "IMAGE" or content.scene in _TEXTS


def announcement_column(index: int) -> str:
    """Return the column of an announcement's translations, by its place in the store's list."""
    return f"announcement[{index}].value"


def property_column(index: int) -> str:
    """Return the column of a property's translations, by its place in the item's list."""
    return f"skuPropertyGroups[{index}].propertyGroupName"


def property_value_column(index: int, place: int) -> str:
    """Return the column of the translations of a property's value, by its place in the property's list."""
    return f"skuPropertyGroups[{index}].properties[{place}].propertyName"


def store_contents(contents: list[Content], texts: Texts) -> dict[str, Any]:
    """Return the members of a store that checked contents replace."""
    texts.drop("announcement")
    announcement: list[Announcement] = []
    for content in contents:
        text = content_text(content) if (content.type, content.scene) == ("TEXT", "ANNOUNCEMENT") else None
        if text is not None:
            words = texts.put(announcement_column(len(announcement)), text)
            announcement.append(Announcement("TEXT", words))
    return {
        "announcement": announcement or UNSET,
        "description": _description(contents, texts, "description"),
        "images": _images(contents),
    }


def item_contents(contents: list[Content], texts: Texts) -> dict[str, Any]:
    """Return the members of an item that checked contents replace."""
    return {"item_description": _description(contents, texts, "itemDescription"), "images": _images(contents)}


def _description(contents: list[Content], texts: Texts, column: str) -> str | UnsetType:
    texts.drop(column)
    found = (content_text(one) for one in contents if (one.type, one.scene) == ("TEXT", "DESCRIPTION"))
    text = next((one for one in found if one is not None), None)
    return UNSET if text is None else texts.put(column, text)


def _images(contents: list[Content]) -> list[str] | UnsetType:
    return [image(one) for one in contents if one.type == "IMAGE"] or UNSET


def image(content: Content) -> str:
    """Return the address of a picture, given as it is or as JSON text in languages."""
    text = content_text(content) if content.value.lstrip().startswith("{") else None
    return content.value if text is None else base_text(text)
