"""The Console's navigation: which pages stand in it, for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dstore.console.roles import Action, Role, may
from dstore.web.languages import marked

if TYPE_CHECKING:
    from dstore.console.stores import StoreLine


class Entry(NamedTuple):
    """A link: its words, where it leads, its picture, and what one must be allowed to do."""

    text: str
    path: str
    icon: str
    action: Action
    pos_only: bool = False


# Below the address of a store.
STORE_PAGES = (
    Entry(marked("Overview"), "", "home", Action.SEE_STORES),
    Entry(marked("Products"), "/products", "box", Action.SEE_PRODUCTS),
    Entry(marked("Menu"), "/menu", "book", Action.EDIT_MENU, pos_only=True),
    Entry(marked("Sold out"), "/sold-out", "ban", Action.MARK_SOLD_OUT),
    Entry(marked("Hours"), "/hours", "clock", Action.SET_HOURS),
    Entry(marked("Store page"), "/details", "edit", Action.EDIT_STORE, pos_only=True),
    Entry(marked("Tables"), "/tables", "pin", Action.EDIT_STORE),
    Entry(marked("Syncs"), "/syncs", "sync", Action.SEE_SYNCS),
)
PAGES = (
    Entry(marked("Stores"), "/console/stores", "store", Action.SEE_STORES),
    Entry(marked("Requests"), "/console/requests", "list", Action.SEE_REQUESTS),
    Entry(marked("Partners and keys"), "/console/partners", "key", Action.MANAGE_PARTNERS),
    Entry(marked("Try it"), "/console/try", "play", Action.TRY_CALLS),
)


def sections(role: Role, store: StoreLine | None) -> list[tuple[str, list[Entry]]]:
    """Return (heading, links); the heading of the store's own links is empty."""
    found: list[tuple[str, list[Entry]]] = []
    if store is not None:
        fitting = [one for one in STORE_PAGES if may(role, one.action) and (store.is_pos or not one.pos_only)]
        found.append(("", [one._replace(path=store.path + one.path) for one in fitting]))
    found.append((marked("Platform"), [entry for entry in PAGES if may(role, entry.action)]))
    return found
