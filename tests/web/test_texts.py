"""Texts: each is said in every language, once, with the same values in it."""

from __future__ import annotations

from collections import Counter

import pytest

from dstore.web.languages import DEFAULT, LANGUAGES
from harness.texts import placeholders, said, translated

OTHERS = [language for language in LANGUAGES if language != DEFAULT]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    known = {text for _, text, translation in translated(language) if translation}
    missing = {text: file for text, file in said().items() if text not in known}
    lines = [f'#: {file}\nmsgid "{text}"\nmsgstr ""' for text, file in missing.items()]
    assert not missing, "add to src/dstore/web/locale/" + language + "/<your area>.po:\n\n" + "\n\n".join(lines)


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_of_a_text_that_nobody_says(language: str) -> None:
    used = said()
    assert [(file, text) for file, text, _ in translated(language) if text not in used] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_is_translated_once_and_its_values_are_kept(language: str) -> None:
    entries = list(translated(language))
    assert [text for text, count in Counter(text for _, text, _ in entries).items() if count > 1] == []
    assert [text for _, text, other in entries if placeholders(text) != placeholders(other)] == []
