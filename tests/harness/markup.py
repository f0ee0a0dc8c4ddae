"""Reads a page strictly: what could run, what is not ours, and what turns the words around it."""

from __future__ import annotations

from html.parser import HTMLParser

# Words below one of these turn nothing outside of it.
ISOLATING = {"bdi", "option", "title", "textarea", "script", "pre", "code"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "data"}


class Markup(HTMLParser):
    """Collects what is wrong with a page; `problems` is empty for a good one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)
        self.close()
        if self._open:
            self.problems.append(f"never closed: {[tag for tag, _ in self._open]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.problems.append(f"<{tag} {name}>")
            if name in ADDRESSES and value.strip().casefold().startswith(("javascript:", "data:", "vbscript:")):
                self.problems.append(f"<{tag} {name}={value[:60]}>")
        if tag == "script" and not given.get("src", "").startswith("/assets/") and given.get("type") != "application/ld+json":  # fmt: skip
            self.problems.append("a script of the page's own")
        if "hostile" in tag or "x" in given.get("src", "/")[:1]:
            self.problems.append(f"<{tag}> out of a name")
        if tag not in VOID:
            # What only screen readers read lies outside the flow.
            isolates = tag in ISOLATING or given.get("dir") in {"auto", "ltr"} or "unseen" in given.get("class", "")
            self._open.append((tag, isolates))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        # HTML lets the ends of these be left out.
        while self._open and self._open[-1][0] != tag and self._open[-1][0] in {"p", "li", "dt", "dd", "tr", "td", "th", "option"}:  # fmt: skip
            self._open.pop()
        if not self._open or self._open[-1][0] != tag:
            self.problems.append(f"</{tag}> closes nothing, within {[one for one, _ in self._open[-3:]]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(mark in data for mark in "\u202e\u2066") and not any(isolates for _, isolates in self._open):
            self.problems.append(f"turns the words around it, within {[one for one, _ in self._open[-3:]]}: {data.strip()[:40]!r}")  # fmt: skip
