"""Changing a store's settings: one transaction, an audit row, a new version, a notice with its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.catalog.merchant import settings
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.visits import Notice
from dstore.web import forms
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.catalog.merchant.settings import StoreSettings
    from dstore.console.visits import Desk, Visit


async def changed(
    visit: Visit, back: str, said: str, action: str, change: Callable[[StoreSettings], None], **what: Any
) -> Response:
    """Change the settings, and go on to a page that says so and can take it back."""
    store = visit.store

    def job(desk: Desk) -> int:
        revision = settings.edit(desk, store.id, change, desk.login)
        desk.note(store.id, action, **what)
        return revision

    revision = await visit.write(job)
    undo = {"revision": str(revision), "back": back}
    return visit.go(back, Notice(said, undo=f"{store.path}/{undo_path(back)}", fields=undo))


def refused(visit: Visit, back: str, why: str) -> Response:
    """Go back to the form and say what is wrong with it; nothing was changed."""
    return visit.go(back, Notice(visit.say(why), "bad"))


def undo_path(back: str) -> str:
    """Return where an undo is posted, so that each page's own role decides: hours, or what stands on the store's page."""
    return "hours/undo" if "/hours" in back else "details/undo"


async def undo(visit: Visit) -> Response:
    """Take the last change of the settings back."""
    store, back = visit.store, visit.field("back", 1000) or visit.store.path
    revision = forms.number(visit.form, "revision")

    def job(desk: Desk) -> None:
        settings.undo(desk, store.id, revision, desk.login)
        desk.note(store.id, "settings undone", revision=revision)

    try:
        await visit.write(job)
    except settings.StaleSettingsError:
        return refused(visit, back, marked("The settings were changed again meanwhile"))
    return visit.go(back, Notice(visit.say("Undone")))


PAGES = [
    Page("/console/stores/{store}/hours/undo", Action.SET_HOURS, undo, "POST"),
    Page("/console/stores/{store}/details/undo", Action.EDIT_STORE, undo, "POST"),
]
