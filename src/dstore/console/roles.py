"""Who may do what: the one table from which every page of the Console takes its check."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a user is; operators see every store, the others those they were given."""

    OWNER = "owner"
    MANAGER = "manager"
    STAFF = "staff"
    OPERATOR = "operator"


class Action(StrEnum):
    """What a page or form is for."""

    SEE_STORES = "see stores"
    SEE_PRODUCTS = "see products"
    EDIT_MENU = "edit the menu"
    PUBLISH_MENU = "publish the menu"
    MARK_SOLD_OUT = "mark sold out"
    SET_HOURS = "set hours"
    EDIT_STORE = "edit the store's page"
    SEE_SYNCS = "see syncs"
    RESTORE_SYNC = "restore a sync"
    SEE_AUDIT = "see the audit log"
    SEE_REQUESTS = "see requests"
    MANAGE_PARTNERS = "manage partners"
    TRY_CALLS = "try calls"


_EVERYBODY = frozenset(Role)
_LEADING = frozenset({Role.OWNER, Role.MANAGER, Role.OPERATOR})
_OWNING = frozenset({Role.OWNER, Role.OPERATOR})
_OPERATING = frozenset({Role.OPERATOR})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_STORES: _EVERYBODY,
    Action.SEE_PRODUCTS: _EVERYBODY,
    Action.MARK_SOLD_OUT: _EVERYBODY,
    Action.EDIT_MENU: _LEADING,
    Action.PUBLISH_MENU: _LEADING,
    Action.SET_HOURS: _LEADING,
    Action.EDIT_STORE: _LEADING,
    Action.SEE_SYNCS: _LEADING,
    Action.SEE_AUDIT: _OWNING,
    Action.RESTORE_SYNC: _OWNING,
    Action.SEE_REQUESTS: _OPERATING,
    Action.MANAGE_PARTNERS: _OPERATING,
    Action.TRY_CALLS: _OPERATING,
}


def may(role: Role, action: Action) -> bool:
    """Return whether a role may do something."""
    return role in ALLOWED[action]
