"""Languages as the contract writes them: zh_cn and zh-CN are one."""

from __future__ import annotations

from functools import lru_cache

LONGEST = 35
_COUNTRY = 2
_SCRIPT = 4


@lru_cache(maxsize=1000)
def tag(key: str) -> str:
    """Return a language key as a tag: zh_cn becomes zh-CN."""
    first, *others = key.strip().replace("_", "-").split("-")
    return "-".join([first.lower(), *(_subtag(one) for one in others if one)])


def _subtag(text: str) -> str:
    if len(text) == _COUNTRY:
        return text.upper()
    return text.title() if len(text) == _SCRIPT else text.lower()


@lru_cache(maxsize=1000)
def is_language(key: str) -> bool:
    """Return whether a key can be a language tag, of which anybody could ask for a text."""
    name = key.strip()
    return len(name) <= LONGEST and name.isascii() and name.replace("-", "").replace("_", "").isalnum()
