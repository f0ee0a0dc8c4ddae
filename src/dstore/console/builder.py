"""The menu builder: categories and products in order, for every service or one. All edits go to the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from dstore.catalog.merchant import edits, photos, storing
from dstore.catalog.merchant.differences import changes
from dstore.catalog.merchant.menus import SERVICES, EditError, Menu, Texts, empty
from dstore.console.prices import cost
from dstore.console.product import LANGUAGES, translations
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.visits import Notice
from dstore.web import forms
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.catalog.merchant.menus import Category, MenuDocument
    from dstore.catalog.merchant.survey import Line
    from dstore.console.catalogues import Shop
    from dstore.console.visits import Desk, Visit

ITEMS = 100
OFFERED = 40
NOTED = 20
SERVICE_NAMES = {
    "": marked("Every way of ordering"),
    "DINEIN": marked("Dine-in"),
    "PICKUP": marked("Pick-up"),
}


class Place(NamedTuple):
    """Where in the builder one is."""

    service: str
    category: str

    def address(self, store_path: str, **more: str) -> str:
        """Return the address of the builder at this place."""
        given = {"service": self.service, "category": self.category, **more}
        return f"{store_path}/menu?{urlencode({name: value for name, value in given.items() if value})}"


async def show(visit: Visit) -> Response:
    """Show a menu of the draft: its categories, the products of one, and what could be added."""
    service, category_id = visit.query("service"), visit.query("category")
    shop = await visit.read(visit.shop)
    document = shop.draft.document
    own = {one.service: one for one in document.menus}
    menu = own.get(service) or own.get("") or Menu()
    chosen = next((one for one in menu.categories if one.id == category_id), None) or next(iter(menu.categories), None)
    words, with_parts = visit.query("q", 100), visit.query("parts") == "1"
    offered = _offered(shop, menu, words.casefold(), with_parts=with_parts)
    number = min(max(1, visit.number("page")), _pages(chosen))
    published = shop.published.document if shop.published else empty()
    return visit.page(
        "console/builder.html", shop=shop, cost=cost, document=document, menu=menu, chosen=chosen, services=SERVICES, own=own,
        service_names=SERVICE_NAMES, place=Place(menu.service, chosen.id if chosen else ""), q=words, photo=photos.address,
        with_parts=with_parts, offered=offered[:OFFERED], offered_total=len(offered), number=number, pages=_pages(chosen),
        items=chosen.items[(number - 1) * ITEMS : number * ITEMS] if chosen else [], first=(number - 1) * ITEMS,
        languages_of_menu=LANGUAGES, waiting=len(shop.waiting()), change_count=len(changes(published, document)),
    )  # fmt: skip


def _pages(chosen: Category | None) -> int:
    return max(1, -(-len(chosen.items) // ITEMS)) if chosen else 1


def _offered(shop: Shop, menu: Menu, sought: str, *, with_parts: bool) -> list[Line]:
    """Return the products that are not on this menu and fit the words; parts of others only when asked for."""
    placed = {one for category in menu.categories for one in category.items}
    return [
        line for line in shop.survey.lines.values()
        if line.can_be_placed and line.id not in placed and (with_parts or line.is_expected)
        and (not sought or sought in f"{shop.name(line.id)}\n{line.name}\n{line.id}".casefold())
    ]  # fmt: skip


class Act(NamedTuple):
    """What is to be done to the draft: `word:index:subject` as a button carries it, and the products that are chosen."""

    word: str
    to: int
    subjects: list[str]


def _act(visit: Visit) -> Act:
    word, _, rest = visit.field("act", 400).partition(":")
    index, _, subject = rest.partition(":")
    chosen = [one for one in visit.form.getlist("product") if isinstance(one, str)]
    return Act(word, int(index) if index.isdecimal() else 0, [subject] if subject else chosen)


# What can be done, by its word. Each says what the next page says, and where it stands then.


def _add_category(visit: Visit, document: MenuDocument, place: Place, _act: Act) -> tuple[str, Place]:
    name = visit.field("name")
    made = edits.add_category(document, place.service, name)
    return visit.say("Category “%(name)s” added", name=name), place._replace(category=made)


def _edit_category(visit: Visit, document: MenuDocument, place: Place, _act: Act) -> tuple[str, Place]:
    texts = Texts(visit.field("name"), visit.field("description", 1024))
    edits.edit_category(document, place.service, place.category, texts, translations(visit))
    return visit.say("Saved in the draft"), place


def _remove_category(visit: Visit, document: MenuDocument, place: Place, _act: Act) -> tuple[str, Place]:
    name = document.menu(place.service).category(place.category).name
    edits.remove_category(document, place.service, place.category)
    return visit.say("Category “%(name)s” removed", name=name), place._replace(category="")


def _move_category(visit: Visit, document: MenuDocument, place: Place, act: Act) -> tuple[str, Place]:
    for subject in act.subjects:
        edits.move_category(document, place.service, subject, act.to)
    return visit.say("Moved"), place


def _place(visit: Visit, document: MenuDocument, place: Place, act: Act) -> tuple[str, Place]:
    number = edits.place(document, place.service, place.category, act.subjects)
    return visit.say_many("%(num)s product added", "%(num)s products added", number), place


def _remove(visit: Visit, document: MenuDocument, place: Place, act: Act) -> tuple[str, Place]:
    for subject in act.subjects:
        edits.remove(document, place.service, place.category, subject)
    return visit.say_many("%(num)s product taken off", "%(num)s products taken off", len(act.subjects)), place


def _move(visit: Visit, document: MenuDocument, place: Place, act: Act) -> tuple[str, Place]:
    for subject in act.subjects:
        edits.move(document, place.service, place.category, subject, act.to)
    return visit.say("Moved"), place


def _transfer(visit: Visit, document: MenuDocument, place: Place, act: Act) -> tuple[str, Place]:
    target = visit.field("target")
    for subject in act.subjects:
        edits.transfer(document, place.service, place.category, subject, target)
    name = document.menu(place.service).category(target).name
    return visit.say("Moved to “%(name)s”", name=name), place


def _add_menu(visit: Visit, document: MenuDocument, place: Place, act: Act) -> tuple[str, Place]:
    for subject in act.subjects:
        edits.add_menu(document, subject)
        place = Place(subject, "")
    return visit.say("This service has a menu of its own now"), place


def _remove_menu(visit: Visit, document: MenuDocument, place: Place, _act: Act) -> tuple[str, Place]:
    edits.remove_menu(document, place.service)
    return visit.say("This service uses the general menu again"), Place("", "")


ACTS: dict[str, Callable[[Visit, MenuDocument, Place, Act], tuple[str, Place]]] = {
    "add-category": _add_category,
    "edit-category": _edit_category,
    "remove-category": _remove_category,
    "move-category": _move_category,
    "place": _place,
    "remove": _remove,
    "move": _move,
    "transfer": _transfer,
    "add-menu": _add_menu,
    "remove-menu": _remove_menu,
}


async def edit(visit: Visit) -> Response:
    """Do one thing to the draft and go back to where it was done, with the way to undo it."""
    store, act = visit.store, _act(visit)
    place = Place(visit.field("service"), visit.field("category"))
    more = {name: visit.field(name) for name in ("page", "q", "parts")}
    do = ACTS.get(act.word)
    if do is None:
        return visit.go(place.address(store.path), Notice(visit.say("That can not be done here"), "bad"))

    def job(desk: Desk) -> tuple[tuple[str, Place], int]:
        result = storing.edit(desk, store.id, lambda document: do(visit, document, place, act), desk.login)
        desk.note(
            store.id, act.word, service=place.service, category=place.category, count=len(act.subjects),
            subjects=act.subjects[:NOTED],
        )  # fmt: skip
        return result

    try:
        (said, now_at), revision = await visit.write(job)
    except EditError:
        said = visit.say("The menu was changed meanwhile: look again, then repeat it")
        return visit.go(place.address(store.path), Notice(said, "bad"))
    undo = {"revision": str(revision), "back": place.address(store.path, **more)}
    notice = Notice(said, undo=f"{store.path}/menu/undo", fields=undo)
    return visit.go(now_at.address(store.path, **more), notice)


async def undo(visit: Visit) -> Response:
    """Take the last edit of the draft back, unless somebody edited it again."""
    store, back = visit.store, visit.field("back", 2000) or f"{visit.store.path}/menu"

    def job(desk: Desk) -> None:
        storing.undo(desk, store.id, forms.number(visit.form, "revision"), desk.login)
        desk.note(store.id, "undo")

    try:
        await visit.write(job)
    except EditError:
        return visit.go(
            back, Notice(visit.say("The menu was changed meanwhile: this can not be undone any more"), "bad")
        )
    return visit.go(back, Notice(visit.say("Undone")))


_path = "/console/stores/{store}/menu"
PAGES = [
    Page(_path, Action.EDIT_MENU, show, pos_only=True),
    Page(_path, Action.EDIT_MENU, edit, "POST", pos_only=True),
    Page(f"{_path}/undo", Action.EDIT_MENU, undo, "POST", pos_only=True),
]
