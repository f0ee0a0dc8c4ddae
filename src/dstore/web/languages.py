"""The languages of all pages: which there are, which one a reader gets, and the texts in each.

English texts stand where they are used; `locale/<language>/*.po` holds the others, one file for each area.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from babel.core import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from starlette.requests import Request

LANGUAGES = {"en": "English", "zh": "中文"}
"""The languages of the pages, each by its own name; the first is the one of the source texts."""
TAGS = {"en": "en", "zh": "zh-Hans"}
COOKIE = "dstore_language"
DEFAULT = "en"
MOST_WISHES = 20


def language_of(request: Request) -> str:
    """Return the reader's language: what they chose, else what their browser asks for, else English."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else negotiated(request.headers.get("accept-language", ""))


def negotiated(header: str) -> str:
    """Return the best language for an Accept-Language header."""
    wishes: list[tuple[float, str]] = []
    for one in header[:1000].split(",")[:MOST_WISHES]:
        tag, _, quality = one.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        if tag and weight > 0:
            wishes.append((-weight, tag.partition("-")[0].lower()))
    # sorted() keeps the reader's order among equal weights.
    wanted = [tag for _, tag in sorted(wishes, key=lambda wish: wish[0])]
    return negotiate_locale(wanted, list(LANGUAGES)) or DEFAULT


@cache
def locale(language: str) -> Locale:
    """Return the CLDR locale that money and dates are written by."""
    return Locale.parse(TAGS[language], sep="-")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's texts; English ones are their own."""
    texts = gettext.NullTranslations()
    folder = resources.files("dstore.web").joinpath("locale", language)
    if language == DEFAULT:
        return texts
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".po"):
            compiled = io.BytesIO()
            write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=language))
            compiled.seek(0)
            one = gettext.GNUTranslations(compiled)
            one.add_fallback(texts)
            texts = one
    return texts


def marked(text: str) -> str:
    """Return the text as it is: marks it for the catalogue where it is written long before it is said."""
    return text


class Words:
    """Says texts in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def say(self, text: str, **values: Any) -> str:
        """Return a text in this language, with `%(name)s` replaced by the values."""
        said = self._texts.gettext(text)
        return said % values if values else said

    def say_many(self, one: str, many: str, number: int, **values: Any) -> str:
        """Return the form of a text that fits a number, which is also the value `num`."""
        return self._texts.ngettext(one, many, number) % {"num": number, **values}
