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
_KEPT = 8192  # rule texts; a few kilobytes each


def prepared(shape: Any, prepare: Callable[[Any], T]) -> Callable[[str], T | None]:
    """Return a function from rule text to what is made of it, remembered; None for text that can't be decoded."""

    @lru_cache(maxsize=_KEPT)
    def read(text: str) -> T | None:
        try:
            return prepare(msgspec.json.decode(text, type=shape))
        except (ValueError, RecursionError):  # the door refuses such text; a page must not fail over it
            return None

    return read


def text_of(rules: list[BusinessRule] | UnsetType, scene: str) -> tuple[str, str] | None:
    """Return the path of a scene's data and its text; None when there is no such rule."""
    if rules is UNSET:
        return None
    for place in range(len(rules) - 1, -1, -1):
        if rules[place].scene == scene:
            return f"businessRules[{place}].ruleData", rules[place].rule_data
    return None
