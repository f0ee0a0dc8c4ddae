"""From a thing's business rules to one scene's elements, decoded and prepared once for each text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.vocabulary.fnb import BusinessRule

T = TypeVar("T")
_KEPT, _LONG_KEPT = 8192, 128
_SHORT = 2048  # characters: a few elements, a few kilobytes once they are prepared


def prepared(shape: Any, prepare: Callable[..., T]) -> Callable[..., T | None]:
    """Return a function from rule text to what is made of it, remembered; None for text that can't be decoded.

    What else it is given goes to `prepare` behind what was decoded. Thousands of texts are remembered, but of long ones
    only some.
    """
    decode = msgspec.json.Decoder(shape).decode

    def read(text: str, *more: Any) -> T | None:
        try:
            return prepare(decode(text), *more)
        except (ValueError, RecursionError):  # the door refuses such text; a page must not fail over it
            return None

    short, long = lru_cache(maxsize=_KEPT)(read), lru_cache(maxsize=_LONG_KEPT)(read)

    def kept(text: str, *more: Any) -> T | None:
        return short(text, *more) if len(text) <= _SHORT else long(text, *more)

    return kept


def text_of(rules: list[BusinessRule] | UnsetType, scene: str) -> tuple[str, str] | None:
    """Return the path of a scene's data and its text; None when there is no such rule."""
    if rules is UNSET:
        return None
    for place in range(len(rules) - 1, -1, -1):
        if rules[place].scene == scene:
            return f"businessRules[{place}].ruleData", rules[place].rule_data
    return None
