"""The store as diners will see it when the draft is published: the storefront's own answer, at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from dstore.catalog.merchant import storing
from dstore.console.builder import SERVICE_NAMES
from dstore.console.product import LANGUAGES
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.storefront.questions import NOW, BadParameterError, question
from dstore.storefront.reading import read_store, with_layer
from dstore.storefront.resolving import document, look

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.console.visits import Visit
    from dstore.storage.port import Reading
    from dstore.storefront.decoded import Store

DRAFT, PUBLISHED = "draft", "published"


async def show(visit: Visit) -> Response:
    """Show the draft, or what is published, for a moment, a service and a language."""
    asked = {name: visit.query(name, 60) for name in ("at", "service", "language")}
    of = PUBLISHED if visit.query("of") == PUBLISHED else DRAFT
    public_id, store_id = visit.store.public_id, visit.store.id

    def read(reading: Reading) -> Store | None:
        store = read_store(reading, public_id, None)
        if store is None or of == PUBLISHED:
            return store
        return with_layer(store, storing.draft(reading, store_id).document)

    store = await visit.read(read)
    if store is None:
        raise HTTPException(404)
    problem = ""
    try:
        wanted = question({name: text for name, text in asked.items() if text}, "")
    except BadParameterError:
        wanted, problem = NOW, visit.say("This moment can not be read: today's menu is shown.")
    one = look(store, wanted, visit.now, visit.platform.settings.default_zone)
    return visit.page(
        "console/preview.html", shown=document(one, wanted), asked=asked, of=of, problem=problem,
        service_names=SERVICE_NAMES, languages_of_menu=LANGUAGES,
    )  # fmt: skip


PAGES = [Page("/console/stores/{store}/menu/preview", Action.EDIT_MENU, show, pos_only=True)]
