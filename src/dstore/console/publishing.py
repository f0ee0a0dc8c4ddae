"""From draft to published menu: the difference first, then the act; earlier versions; the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.catalog.merchant import storing
from dstore.catalog.merchant.differences import changes
from dstore.catalog.merchant.menus import EditError, empty
from dstore.console.builder import SERVICE_NAMES
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.visits import Notice
from dstore.web import forms
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.console.catalogues import Shop
    from dstore.console.visits import Desk, Visit

MOST_SHOWN = 300
CHANGES = {
    "menu-added": (marked("New menu"), "good"),
    "menu-removed": (marked("Menu removed"), "bad"),
    "category-added": (marked("New category"), "good"),
    "category-removed": (marked("Category removed"), "bad"),
    "category-changed": (marked("Category changed"), "info"),
    "category-moved": (marked("Category moved"), "info"),
    "added": (marked("Added"), "good"),
    "removed": (marked("Removed"), "bad"),
    "moved": (marked("Moved"), "info"),
    "text": (marked("Text changed"), "info"),
}
MEMBERS = {"name": marked("Name"), "description": marked("Description"), "photo": marked("Photo")}
_path = "/console/stores/{store}/menu/publish"


async def show(visit: Visit) -> Response:
    """Show what publishing would change, what one should know before, and the versions there were."""
    store = visit.store
    shop = await visit.read(visit.shop)
    versions = await visit.read(lambda reading: storing.versions(reading, store.id))
    published = shop.published.document if shop.published else empty()
    found = changes(published, shop.draft.document)
    return visit.page(
        "console/publish.html", shop=shop, changes=found[:MOST_SHOWN], total=len(found), versions=versions, words=CHANGES,
        members=MEMBERS, service_names=SERVICE_NAMES, waiting=len(shop.waiting()), doubts=_doubts(shop),
    )  # fmt: skip


def _doubts(shop: Shop) -> dict[str, list[str]]:
    """Return the names of what diners will not see or can not order, by cause."""
    document, lines = shop.draft.document, shop.survey.lines
    placed = dict.fromkeys(one for _, _, one in document.placed())
    return {
        "gone": [shop.name(one) for one in placed if one not in lines],
        "sold-out": [shop.name(one) for one in placed if one in lines and shop.is_off(lines[one])],
        "empty": [category.name for menu in document.menus for category in menu.categories if not category.items],
    }


async def publish(visit: Visit) -> Response:
    """Make the draft what diners see."""
    store, revision = visit.store, forms.number(visit.form, "revision")
    known = await visit.read(lambda reading: list(visit.platform.surveys.survey(reading, store).lines))

    def job(desk: Desk) -> int:
        number = storing.publish(desk, store.id, revision, visit.field("note"), known, desk.login)
        desk.note(store.id, "publish", number=number)
        return number

    try:
        number = await visit.write(job)
    except EditError:
        said = visit.say("The draft was changed meanwhile: look at the difference again")
        return visit.go(f"{store.path}/menu/publish", Notice(said, "bad"))
    return visit.go(
        f"{store.path}/menu/publish", Notice(visit.say("Version %(number)s is what diners see now", number=number))
    )


async def restore(visit: Visit) -> Response:
    """Put an earlier version into the draft, to be looked at and published."""
    store, number = visit.store, forms.number(visit.form, "number")
    said = visit.say("Version %(number)s is in the draft now: publish it when it is right", number=number)
    return await _redrafted(visit, said, lambda desk: storing.restore(desk, store.id, number, desk.login))


async def discard(visit: Visit) -> Response:
    """Throw the draft's edits away."""
    said = visit.say("The draft is again what is published")
    return await _redrafted(visit, said, lambda desk: storing.discard(desk, visit.store.id, desk.login))


async def _redrafted(visit: Visit, said: str, change: Callable[[Desk], int]) -> Response:
    back = f"{visit.store.path}/menu/publish"

    def job(desk: Desk) -> int:
        revision = change(desk)
        desk.note(visit.store.id, "redraft", said=said)
        return revision

    try:
        revision = await visit.write(job)
    except EditError:
        return visit.go(back, Notice(visit.say("There is no such version"), "bad"))
    undo = {"revision": str(revision), "back": back}
    return visit.go(back, Notice(said, undo=f"{visit.store.path}/menu/undo", fields=undo))


PAGES = [
    Page(_path, Action.EDIT_MENU, show, pos_only=True),
    Page(_path, Action.PUBLISH_MENU, publish, "POST", pos_only=True),
    Page("/console/stores/{store}/menu/restore", Action.EDIT_MENU, restore, "POST", pos_only=True),
    Page("/console/stores/{store}/menu/discard", Action.EDIT_MENU, discard, "POST", pos_only=True),
]
