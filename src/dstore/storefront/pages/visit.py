"""What a diner's address says: the store, the way of ordering, the time, the table, the language.

All of it stands in the address, so that a link or a QR code leads to the same page for everybody. Links are passed on
by hand and by chat programs: what can not be read in one counts as not given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from dstore.storefront.languages import primary, ranges
from dstore.storefront.questions import BadParameterError, Question, read_moment, read_service
from dstore.web.languages import COOKIE, LANGUAGES, language_of
from dstore.web.pages import THEME_COOKIE, THEMES

if TYPE_CHECKING:
    from starlette.requests import Request

    from dstore.catalog.schedules.serving import Service as Name
    from dstore.storefront.questions import When
    from dstore.storefront.resolved import Service, StoreCard

MOST_TABLE = 20
LONGEST = 255


class Visit(NamedTuple):
    """A diner's way of looking at a store; `ui` is the language of the page's own texts."""

    store: str
    ui: str
    theme: str
    asked: tuple[str, ...]
    service: Name | None
    at: When | None
    table: str
    language: str

    @property
    def question(self) -> Question:
        """What the store's menu is asked for."""
        return Question(self.at, self.service, self.asked)

    @property
    def moment(self) -> str:
        """The time that was asked for, as an address writes it; empty for now."""
        return "" if self.at is None else self.at.written.isoformat()

    def link(self, page: str = "", **more: str | None) -> str:
        """Return the address of another page of the store on the same terms; `more` replaces or adds."""
        terms: dict[str, Any] = {
            "service": self.service,
            "at": self.moment,
            "table": self.table,
            "language": self.language,
            **more,
        }
        query = urlencode({name: value for name, value in terms.items() if value})
        return f"/s/{quote(self.store, safe='')}{page}" + (f"?{query}" if query else "")


def read_visit(request: Request) -> Visit:
    """Read an address."""
    query, cookies = request.query_params, request.cookies
    language = next(iter(ranges(query.get("language", ""))), "")
    ui = primary(language) if primary(language) in LANGUAGES else language_of(request)
    accepted = ranges(request.headers.get("accept-language", ""))
    chosen = cookies.get(COOKIE, "")
    theme = cookies.get(THEME_COOKIE, "auto")
    return Visit(
        store=clean(request.path_params.get("id", "")),
        ui=ui,
        theme=theme if theme in THEMES else "auto",
        asked=(language,) if language else (chosen, *accepted) if chosen in LANGUAGES else accepted,
        service=_given(read_service, query),
        at=_given(read_moment, query, "at"),
        table=read_table(query.get("table", "")),
        language=language,
    )


def settled(visit: Visit, card: StoreCard) -> Visit:
    """Return the visit with a way of ordering that the store has: the one given, else the most likely."""
    names = [one.type for one in services_of(card)]
    if visit.service in names or not names:
        return visit if names else visit._replace(service=None)
    first = next((one.type for one in services_of(card) if one.available), names[0])
    return visit._replace(service="DINEIN" if visit.table and "DINEIN" in names else first)  # type: ignore[arg-type]


def services_of(card: StoreCard) -> list[Service]:
    """Return the ways of ordering that a store has a menu for."""
    return [one for one in card.services if not (one.reason and one.reason.code in {"NO_MENU", "NOT_OFFERED"})]


def clean(text: str, most: int = LONGEST) -> str:
    """Return a text of an address without what no id has."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()[:most]


def read_table(text: str) -> str:
    """Return a table's label: one short line; empty for what is none."""
    label = " ".join(text.split())
    return label if len(label) <= MOST_TABLE and label.isprintable() else ""


def _given(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except BadParameterError:
        return None
