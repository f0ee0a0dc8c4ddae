"""Somebody without script who looks at shops of both feeds."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dstore.sandbox import seeds
from harness.bistro import bistro

if TYPE_CHECKING:
    from harness.caller import Answer
    from harness.platform import Platform

LARGE = "a store with 1,000 items"


class Diner:
    """Somebody who looks at the pages of the demo's shops and of a bistro."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        for title, path, body in seeds.feeds():
            if title != LARGE:
                assert platform.call(path, body).code == "SUCCESS"
        assert platform.call("initializeStore", bistro()).code == "SUCCESS"
        rows = platform.rows("select ref, public_id from store where feed <> 'shelf'")
        self.ids: dict[str, str] = dict(rows)

    def at(self, ref: str, page: str = "", **query: str) -> str:
        """Return the address of a page of a store."""
        return f"/s/{self.ids[ref]}{page}" + (f"?{urlencode(query)}" if query else "")

    def get(self, path: str, **headers: str) -> Answer:
        """Open an address."""
        return self.platform.get(path, host="test", **headers)

    def words(self, path: str, **headers: str) -> str:
        """Return what can be read on a page."""
        return words(self.get(path, **headers))

    def quote(self, ref: str, item: str, *fields: tuple[str, str], **query: str) -> str:
        """Send the form of an item as it stands in the menu; return what can be read on the quote."""
        form = urlencode([("item", item), *query.items(), *fields])
        return self.words(f"/s/{self.ids[ref]}/quote?{form}")

    def total(self, ref: str, selection: dict[str, Any], service: str = "PICKUP") -> int:
        """Return what the JSON endpoint asks for one selection."""
        path = f"/storefront/v1/stores/{self.ids[ref]}/price?service={service}"
        answer = self.platform.send("POST", path, [("host", "test")], json.dumps({"selections": [selection]}).encode())
        assert answer.status == 200, answer.body
        total: int = json.loads(answer.body)["total"]
        return total

    def basket(self, ref: str, *lines: dict[str, Any], distance: int = 0, **query: str) -> Answer:
        """Send a basket as the script does."""
        body = {"lines": [{"key": f"k{i}", **line} for i, line in enumerate(lines)], "distance": distance}
        return self.platform.send(
            "POST", self.at(ref, "/basket", **query), [("host", "test")], json.dumps(body).encode()
        )


def words(answer: Answer) -> str:
    """Return what can be read on a page."""
    text = re.sub(r"(?s)<(script|template|head)\b.*?</\1>", " ", answer.body.decode())
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
