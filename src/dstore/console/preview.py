"""The store as diners will see it when the draft is published: the storefront's own page, at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dstore.catalog.merchant import storing
from dstore.console.builder import SERVICE_NAMES
from dstore.console.product import LANGUAGES
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.storefront.menus import Menus
from dstore.storefront.pages import store_page
from dstore.storefront.pages.kept import Kept
from dstore.storefront.pages.reading import Shelves
from dstore.storefront.questions import NOW
from dstore.storefront.reading import read_store, with_layer
from dstore.storefront.resolving import page

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.console.visits import Visit
    from dstore.storage.port import Reading
    from dstore.storefront.decoded import Store
    from dstore.storefront.questions import Question
    from dstore.storefront.resolving import Page as MenuPage

DRAFT, PUBLISHED = "draft", "published"
_path = "/console/stores/{store}/menu/preview"


class _Drafts(Menus):
    """Stores with their drafts laid over them instead of what is published; nothing is kept."""

    def __init__(self, visit: Visit) -> None:
        platform = visit.platform
        super().__init__(platform.database, platform.clock, platform.settings.default_zone)
        self._read = visit.read
        self._store_id = visit.store.id

    async def store(self, public_id: str) -> Store | None:
        """Return the store with its draft."""

        def read(reading: Reading) -> Store | None:
            found = read_store(reading, public_id, None)
            return None if found is None else with_layer(found, storing.draft(reading, self._store_id).document)

        return await self._read(read)

    async def menu(self, public_id: str, question: Question = NOW) -> MenuPage | None:
        """Return the draft as the storefront answers it."""
        found = await self.store(public_id)
        return None if found is None else page(found, question, self.clock.now(), self.pos_zone)


async def show(visit: Visit) -> Response:
    """Show the draft, or what is published, for a moment, a service and a language."""
    asked = {name: visit.query(name, 60) for name in ("at", "service", "language")}
    of = PUBLISHED if visit.query("of") == PUBLISHED else DRAFT
    store = visit.store
    shown = f"{store.path}/menu/preview/page" if of == DRAFT else f"/s/{store.public_id}"
    query = urlencode({name: text for name, text in asked.items() if text})
    return visit.page(
        "console/preview.html", shown=f"{shown}?{query}" if query else shown, asked=asked, of=of,
        service_names=SERVICE_NAMES, languages_of_menu=LANGUAGES,
    )  # fmt: skip


async def framed(visit: Visit) -> Response:
    """Answer with the storefront's page of the draft, to be shown in a frame."""
    visit.request.scope["path_params"]["id"] = visit.store.public_id
    response = await store_page.show(visit.request, Shelves(_Drafts(visit)), Kept())
    response.headers["cache-control"] = "no-store"
    return response


PAGES = [
    Page(_path, Action.EDIT_MENU, show, pos_only=True),
    Page(f"{_path}/page", Action.EDIT_MENU, framed, pos_only=True),
]
