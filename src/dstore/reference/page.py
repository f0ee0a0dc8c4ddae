"""The reference as one HTML page, rendered on the server from the OpenAPI document; it loads nothing from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dstore.reference import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUSES = {"S": "done", "A": "accepted, done later", "F": "failed, final", "U": "unknown, retry"}
_TOKEN = re.compile(r'(?P<text>"(?:\\.|[^"\\])*")(?P<colon>\s*:)?|(?P<word>-?\d[\d.eE+-]*|true|false|null)')
_CODE = re.compile(r"`([^`]+)`")


def render(document: Mapping[str, Any]) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("dstore.reference"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(prose=prose, inline=inline, json=highlighted, breakable=breakable)
    template = environment.get_template("reference.html")
    return template.render(tables=tables.read(document), statuses=STATUSES)


def prose(text: str) -> Markup:
    """Return paragraphs, indented blocks as code, and words in backticks as code."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    return Markup("\n").join(_block(block) for block in blocks)


def inline(text: str) -> Markup:
    """Return a text with the words in backticks as code."""
    pieces = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def breakable(path: str) -> Markup:
    """Return a path that may be broken after its slashes."""
    return Markup("/<wbr>").join(path.split("/"))


def highlighted(text: str) -> Markup:
    """Return JSON with its names, texts and other values marked."""
    out, at = [], 0
    for token in _TOKEN.finditer(text):
        out.append(escape(text[at : token.start()]))
        kind = "w" if token["word"] else "n" if token["colon"] else "s"
        out.append(Markup('<b class="{}">{}</b>{}').format(kind, token["text"] or token["word"], token["colon"] or ""))
        at = token.end()
    return Markup("").join([*out, escape(text[at:])])


def _block(block: str) -> Markup:
    lines = block.splitlines()
    if all(line.startswith("    ") for line in lines):
        return Markup("<pre><code>{}</code></pre>").format("\n".join(line[4:] for line in lines))
    return Markup("<p>{}</p>").format(inline(" ".join(line.strip() for line in lines)))
