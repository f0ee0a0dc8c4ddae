"""What was done in the Console, to a store or to the platform, act by act, as far back as it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.console import audit, partner_pages
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from dstore.console.visits import Visit

PAGE = 50
# What the audit log's words are called; a word that is not here is shown as it is.
WORDS = {
    "add-category": marked("Added a category"),
    "edit-category": marked("Edited a category"),
    "remove-category": marked("Removed a category"),
    "move-category": marked("Moved a category"),
    "place": marked("Put products on the menu"),
    "remove": marked("Took products off the menu"),
    "move": marked("Moved a product"),
    "transfer": marked("Moved products to another category"),
    "add-menu": marked("Gave a service its own menu"),
    "remove-menu": marked("Removed a service's menu"),
    "product": marked("Edited a product"),
    "publish": marked("Published the menu"),
    "redraft": marked("Replaced the draft"),
    "undo": marked("Took an edit back"),
    "restore the catalogue": marked("Restored the catalogue"),
    "sold out": marked("Marked as sold out"),
    "back on sale": marked("Put back on sale"),
    "sold out undone": marked("Took a mark back"),
    "hours": marked("Changed hours or a service"),
    "hours copied": marked("Copied the hours to every service"),
    "closed": marked("Closed for a while"),
    "opened": marked("Opened again"),
    "holiday": marked("Set the hours of a date"),
    "holiday removed": marked("Removed a date"),
    "details": marked("Changed the store's texts"),
    "picture": marked("Added a picture"),
    "picture changed": marked("Changed the pictures"),
    "tables added": marked("Added tables"),
    "table removed": marked("Removed a table"),
    "settings undone": marked("Took a setting back"),
    "sign in": marked("Signed in"),
    "add partner": marked("Added a partner"),
    "add key": marked("Added a key"),
    "revoke key": marked("Revoked a key"),
    "enable partner": marked("Let a partner in again"),
    "disable partner": marked("Kept a partner out"),
    "bind account": marked("Gave a partner an account"),
    "limit partner": marked("Changed a partner's limit"),
    "rotate the platform's key": marked("Gave the platform a new key"),
}
# What an act on the platform was about.
PARTICULARS = {
    "partner": marked("Client id"),
    "version": marked("Version"),
    "account": marked("Account"),
    "rate": marked("Calls a second"),
}


async def show(visit: Visit) -> Response:
    """Show a page of a store's acts, the newest first; `before` is where an earlier page ended."""
    back = (visit.store.path, visit.say("Overview"))
    return await _page(visit, visit.store.id, back, visit.store.name, particulars={})


async def show_platform(visit: Visit) -> Response:
    """Show a page of what concerns no store, with whom and what each act was about."""
    back = (partner_pages.HOME, visit.say("Partners and keys"))
    return await _page(visit, audit.NO_STORE, back, visit.say("Platform"), particulars=PARTICULARS)


async def _page(
    visit: Visit, store_id: int, back: tuple[str, str], whose: str, particulars: Mapping[str, str]
) -> Response:
    before = visit.number("before") or audit.NEWEST
    found = await visit.read(lambda reading: audit.latest(reading, store_id, PAGE + 1, before))
    acts, more = found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0
    return visit.page(
        "console/acts.html", acts=acts, acted=WORDS, more=more, back=back, whose=whose, particulars=particulars
    )


PAGES = [
    Page("/console/stores/{store}/acts", Action.SEE_AUDIT, show),
    Page(f"{partner_pages.HOME}/acts", Action.MANAGE_PARTNERS, show_platform),
]
