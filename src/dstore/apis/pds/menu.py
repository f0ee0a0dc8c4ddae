"""Menus of F&B stores, each for one way of ordering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from dstore.apis.pds.checks import check_menu
from dstore.apis.pds.updates import update
from dstore.catalog.kinds import MENU
from dstore.catalog.patching import kept
from dstore.catalog.pds_entries import AddEntry
from dstore.catalog.pds_lookup import Selector
from dstore.findings import Finding
from dstore.protocol.api import Change, Clears, api
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.objects import MenuInfo
from dstore.vocabulary.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator


class NewMenu(MenuInfo, frozen=True, gc=False, kw_only=True):
    """A menu and the store it belongs to."""

    store_id: fields.StoreId


class AddMenu(Message, frozen=True, gc=False):
    """One menu to add."""

    request_id: fields.RequestId
    menu: NewMenu

    def check(self) -> Iterator[Finding]:
        """Check the menu."""
        yield from check_menu(self.menu, "menu")


@api("/v2/pds/store/addMenu")
def add_menu(message: AddMenu) -> Change:
    """Add a menu to a store, behind those it has; categories and items follow in calls of their own.

    One menuId may stand for several types, each a menu of its own; one that exists already is refused, and one that
    was deleted comes back empty.
    """
    menu = message.menu
    selector = Selector(MENU, menu.menu_id, menu.store_id, menu_type=menu.menu_type)
    return AddEntry(selector, None, msgspec.json.encode(kept(MenuInfo, menu)), "menu")


class UpdateMenu(Message, frozen=True, gc=False, kw_only=True):
    """What changes of a menu; absent members stay, empty ones are deleted, given ones replace."""

    menu_id: fields.MenuId
    store_id: fields.StoreId | UnsetType = UNSET
    menu_type: fields.MenuKind | UnsetType = UNSET
    title: fields.Title | UnsetType = UNSET
    sub_title: fields.SubTitle | UnsetType = UNSET
    description: fields.Description | UnsetType = UNSET
    menu_status: fields.MenuStatus | UnsetType = UNSET
    pick_up_rules: fnb.PickUpRules | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check what the message itself says."""
        yield from check_menu(self, "")


@api("/v2/pds/store/updateMenu")
def update_menu(message: UpdateMenu, clears: Clears) -> Change:
    """Change or delete every menu that the ids name: the own id alone means all menus that carry it.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Texts are merged by
    column and language. All menus are changed or none. With a deleted menu its categories and items go.
    """
    selector = Selector(MENU, message.menu_id, message.store_id, menu_type=message.menu_type)
    return update(message, clears, selector, MenuInfo, check_menu)
