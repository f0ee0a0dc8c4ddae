"""The languages that texts come in: a key that is no language tag is warned of, as nobody could ask for its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.catalog.language_tags import is_language
from dstore.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.vocabulary.fnb import MultiLanguageDetail
    from dstore.vocabulary.release2 import AnyText


def are_languages(keys: list[str]) -> bool:
    """Return whether there is nothing to warn of: the quick way, for the thousands of items of a store."""
    return all(map(is_language, keys))


def check_details(details: list[MultiLanguageDetail] | UnsetType, path: str) -> Iterator[Finding]:
    """Check an object's multiLanguageDetails, which stand at a path."""
    for index, one in enumerate([] if details is UNSET else details):
        if not is_language(one.language_key):
            yield _no_language(one.language_key, f"{path}[{index}].languageKey")


def check_text(text: AnyText | UnsetType, path: str) -> Iterator[Finding]:
    """Check a text of release 2, which names its languages itself."""
    for key in () if text is UNSET else text.value:
        if not is_language(key):
            yield _no_language(key, f"{path}.value")


def _no_language(key: str, path: str) -> Finding:
    return Finding(path, "text.language", f"{key[:40]!r} is no language tag")
