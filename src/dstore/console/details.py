"""What a store says of itself to diners: a notice, a description, pictures, the language of its texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.catalog.merchant import photos, settings
from dstore.console import setting
from dstore.console.product import LANGUAGES, keep_photo, refused_photo
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.web import forms
from dstore.web.languages import marked

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.catalog.merchant.settings import StoreSettings
    from dstore.console.visits import Visit

LONGEST_NOTICE = 300
LONGEST_DESCRIPTION = 1024
_path = "/console/stores/{store}/details"


async def show(visit: Visit) -> Response:
    """Show what the store says of itself, as forms."""
    _, said = await visit.read(lambda reading: settings.kept(reading, visit.store.id))
    return visit.page(
        "console/details.html", said=said, photo=photos.address, languages_of_menu=LANGUAGES,
        most=settings.MOST_PICTURES, longest_notice=LONGEST_NOTICE, longest_description=LONGEST_DESCRIPTION,
    )  # fmt: skip


async def save(visit: Visit) -> Response:
    """Keep the texts."""
    language = visit.field("language", 10)

    def change(said: StoreSettings) -> None:
        said.announcement = visit.field("announcement", LONGEST_NOTICE)
        said.description = visit.field("description", LONGEST_DESCRIPTION)
        said.language = language if language in LANGUAGES else ""

    return await setting.changed(visit, _back(visit), visit.say("Saved: diners see it now"), "details", change)


async def add_picture(visit: Visit) -> Response:
    """Keep an uploaded picture, made small; the first one is the cover."""
    chosen = forms.upload(visit.form, "photo")
    if chosen is None:
        return setting.refused(visit, _back(visit), marked("Choose a picture first"))
    given = await chosen.read(photos.MOST_BYTES + 1)
    try:
        name = await keep_photo(visit, given)
    except photos.PhotoError as fault:
        return setting.refused(visit, _back(visit), refused_photo(visit, str(fault)))

    def change(said: StoreSettings) -> None:
        others = [one for one in said.pictures if one != name]
        said.pictures = [*others, name][-settings.MOST_PICTURES :]

    return await setting.changed(
        visit, _back(visit), visit.say("Saved: diners see it now"), "picture", change, photo=name
    )


async def change_picture(visit: Visit) -> Response:
    """Take a picture away, or make it the first."""
    name, is_first = visit.field("photo", 64), visit.field("act", 10) == "first"

    def change(said: StoreSettings) -> None:
        others = [one for one in said.pictures if one != name]
        said.pictures = [name, *others] if is_first and name in said.pictures else others

    said = visit.say("It is the cover now") if is_first else visit.say("The picture is gone")
    return await setting.changed(visit, _back(visit), said, "picture changed", change, photo=name)


def _back(visit: Visit) -> str:
    return f"{visit.store.path}/details"


PAGES = [
    Page(_path, Action.EDIT_STORE, show, pos_only=True),
    Page(_path, Action.EDIT_STORE, save, "POST", pos_only=True),
    Page(f"{_path}/pictures", Action.EDIT_STORE, add_picture, "POST", photos.MOST_BYTES + 64 * 1024, 1, pos_only=True),
    Page(f"{_path}/picture", Action.EDIT_STORE, change_picture, "POST", pos_only=True),
]
