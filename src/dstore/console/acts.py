"""What was done to a store in the Console, act by act, as far back as it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.console import audit
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.web.languages import marked

if TYPE_CHECKING:
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
}


async def show(visit: Visit) -> Response:
    """Show a page of acts, the newest first; `before` is where an earlier page ended."""
    before = visit.number("before") or audit.NEWEST
    found = await visit.read(lambda reading: audit.latest(reading, visit.store.id, PAGE + 1, before))
    acts, more = found[:PAGE], found[PAGE - 1][0] if len(found) > PAGE else 0
    return visit.page("console/acts.html", acts=acts, acted=WORDS, more=more)


PAGES = [Page("/console/stores/{store}/acts", Action.SEE_AUDIT, show)]
