"""Every text that pages say, as Babel finds them in templates and code."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract
from babel.messages.pofile import read_po

import dstore

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(dstore.__file__).parent
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "_": None, "say": None, "say_many": (1, 2), "marked": None}
OPTIONS = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
}


def said() -> dict[str, str]:
    """Return every text with the file that says it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py":
            method = "python"
        elif path.suffix == ".html" and path.parent.name == "templates" and path.parent.parent.name != "reference":
            method = "jinja2.ext:babel_extract"
        else:
            continue
        with path.open("rb") as file:
            for _, message, _, _ in extract(method, file, keywords=KEYWORDS, options=OPTIONS):
                text = message[0] if isinstance(message, tuple) else message
                if text:
                    found.setdefault(text, path.relative_to(SOURCE).as_posix())
    return found


def translated(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield (file, text, translation) of a language; the translation of a plural is its last form."""
    for path in sorted((SOURCE / "web" / "locale" / language).glob("*.po")):
        for message in read_po(BytesIO(path.read_bytes()), locale=language):
            if message.id:
                text = message.id if isinstance(message.id, str) else message.id[0]
                forms = message.string or ""
                yield path.name, text, forms if isinstance(forms, str) else forms[-1]


def placeholders(text: str) -> set[str]:
    """Return the names that values are put in for."""
    return set(re.findall(r"%\((\w+)\)[sd]", text))
