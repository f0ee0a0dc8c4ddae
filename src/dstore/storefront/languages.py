"""Languages: which one a diner asked for, which ones a store has, and each text in the best of them. Pure functions.

Keys as they are fed (`zh_cn`, `zh-CN`, `en`, `en-US`) are read as language tags; letter case and the kind of dash do
not count, and tags of one primary language stand in for each other where the very tag is missing.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from dstore.catalog.language_tags import is_language, tag
from dstore.storefront.resolved import Fallback

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ENGLISH = "en"
MOST_ASKED = 3
LONGEST_HEADER = 500

Texts = dict[str, dict[str, str]]
"""A thing's translations: by the field's name, then by language tag in the order they were fed."""


def primary(language: str) -> str:
    """Return a tag's primary language: zh of zh-CN."""
    return language.partition("-")[0]


@lru_cache(maxsize=1000)
def ranges(header: str) -> tuple[str, ...]:
    """Return the languages of an Accept-Language header (or of a single key), best first.

    What is asked for with quality 0, `*`, and everything that can not be read is left out.
    """
    found: list[tuple[float, str]] = []
    for piece in header[:LONGEST_HEADER].split(","):
        name, *settings = (part.strip() for part in piece.split(";"))
        quality = _quality(settings)
        if quality > 0 and is_language(name):
            found.append((quality, tag(name)))
    ordered = sorted(found, key=lambda one: -one[0])
    return tuple(dict.fromkeys(name for _, name in ordered))[:MOST_ASKED]


def _quality(settings: Iterable[str]) -> float:
    for one in settings:
        if one.startswith("q="):
            try:
                return float(one[2:])
            except ValueError:
                return 0
    return 1


def lookup(wanted: str, given: Iterable[str]) -> str | None:
    """Return the tag among `given` that serves a wanted language (RFC 4647 lookup, then any of its language)."""
    given = tuple(given)
    if wanted in given:
        return wanted
    known = {one.lower(): one for one in given}
    subtags = wanted.lower().split("-")
    for length in range(len(subtags), 0, -1):
        found = known.get("-".join(subtags[:length]))
        if found is not None:
            return found
    return next((one for low, one in known.items() if primary(low) == subtags[0]), None)


def choose(asked: Sequence[str], given: Iterable[str], plain: str) -> tuple[str, ...]:
    """Return the languages that count for a diner in a store: those asked for that it has, best first.

    `plain` is the language of the plain fields, empty where nobody says it. What comes after it can never be needed.
    """
    known = tuple(given)
    chosen: list[str] = []
    for one in asked:
        found = lookup(one, known) or (plain if plain and primary(one) == plain else None)
        if found is not None and found not in chosen:
            chosen.append(found)
            if primary(found) == plain:
                break
    return tuple(chosen)


class Reader:
    """Picks texts for one reading, and counts those that are not in the language chosen.

    The chain: the languages asked for, English, the first language given, the plain field. Where the language of the
    plain fields is asked for and no text in it is given, the plain field is that text.
    """

    def __init__(self, chosen: Sequence[str], plain: str, *, asked: bool) -> None:
        self.language = chosen[0] if chosen else ""
        self._plain = plain
        self._is_plain = bool(chosen) and primary(self.language) == plain
        self._chosen = tuple(chosen)
        self.asked = asked
        self._fallbacks: Counter[str] = Counter()

    def text(self, texts: Texts | None, column: str, plain: str) -> str:
        """Return the best text of a field; empty when there is none at all."""
        if not self.asked:
            return plain
        given = None if texts is None else texts.get(column)
        if given is None:
            if plain and not self._is_plain:
                self._fallbacks[""] += 1
            return plain
        return self._best(given, plain)

    def _best(self, given: Mapping[str, str], plain: str) -> str:
        for wanted in self._chosen:
            found = lookup(wanted, given)
            if found is not None:
                return self._picked(found, given[found])
            if plain and primary(wanted) == self._plain:
                return self._picked(self._plain, plain)
        found = lookup(ENGLISH, given) or next(iter(given))
        return self._picked(found, given[found])

    def _picked(self, language: str, text: str) -> str:
        if primary(language) != primary(self.language):
            self._fallbacks[language] += 1
        return text

    def fallbacks(self) -> list[Fallback]:
        """Return how many texts are in another language than the one chosen, by that language."""
        return [Fallback(language, count) for language, count in sorted(self._fallbacks.items())]
