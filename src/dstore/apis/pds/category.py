"""Categories of menus of F&B stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from dstore.apis.pds.checks import check_texts
from dstore.apis.pds.updates import nothing_more, update
from dstore.catalog.kinds import CATEGORY
from dstore.catalog.patching import kept
from dstore.catalog.pds_entries import AddEntry
from dstore.catalog.pds_lookup import Selector
from dstore.protocol.api import Change, Clears, api
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.objects import CategoryInfo
from dstore.vocabulary.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.findings import Finding


class NewCategory(CategoryInfo, frozen=True, gc=False, kw_only=True):
    """A category and the menu it belongs to; menuType may be left out where the store has one menu of this id."""

    store_id: fields.StoreId
    menu_id: fields.MenuId


class AddCategory(Message, frozen=True, gc=False):
    """One category to add."""

    request_id: fields.RequestId
    category: NewCategory

    def check(self) -> Iterator[Finding]:
        """Check the languages of its texts."""
        yield from check_texts(self.category, "category")


@api("/v2/pds/store/addCategory")
def add_category(message: AddCategory) -> Change:
    """Add a category to a menu, behind those it has; items follow in calls of their own.

    The menu must have been fed; a category that exists already is refused, and one that was deleted comes back empty.
    """
    one = message.category
    selector = Selector(CATEGORY, one.category_id, one.store_id, menu_id=one.menu_id, menu_type=one.menu_type)
    return AddEntry(selector, None, msgspec.json.encode(kept(CategoryInfo, one)), "category")


class UpdateCategory(Message, frozen=True, gc=False, kw_only=True):
    """What changes of a category; absent members stay, empty ones are deleted, given ones replace."""

    category_id: fields.CategoryId
    store_id: fields.StoreId | UnsetType = UNSET
    menu_id: fields.MenuId | UnsetType = UNSET
    menu_type: fields.MenuKind | UnsetType = UNSET
    title: fields.Title | UnsetType = UNSET
    sub_title: fields.SubTitle | UnsetType = UNSET
    icon: fields.Url | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check the languages of its texts."""
        yield from check_texts(self, "")


@api("/v2/pds/store/updateCategory")
def update_category(message: UpdateCategory, clears: Clears) -> Change:
    """Change or delete every category that the ids name: the own id alone means all categories that carry it.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Texts are merged by
    column and language. All categories are changed or none. With a deleted category its items go.
    """
    selector = Selector(
        CATEGORY, message.category_id, message.store_id, menu_id=message.menu_id, menu_type=message.menu_type
    )
    return update(message, clears, selector, CategoryInfo, nothing_more)
