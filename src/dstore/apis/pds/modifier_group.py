"""Modifier groups of F&B stores: what may be chosen to go with an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.apis.pds.checks import check_group, check_links
from dstore.apis.pds.updates import update
from dstore.catalog.kinds import MODIFIER_GROUP
from dstore.catalog.pds_entries import AddEntry
from dstore.catalog.pds_lookup import Selector
from dstore.catalog.pds_trees import stored_group
from dstore.findings import Finding
from dstore.protocol.api import Change, Clears, api
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.objects import ModifierGroupInfo, StoredGroup
from dstore.vocabulary.values import Message, QuantityRule

if TYPE_CHECKING:
    from collections.abc import Iterator


class NewModifierGroup(ModifierGroupInfo, frozen=True, gc=False, kw_only=True):
    """A modifier group, the store it belongs to, and its add-on items in order."""

    store_id: fields.StoreId
    child_item_ids: fnb.ItemIds


class AddModifierGroup(Message, frozen=True, gc=False):
    """One modifier group to add."""

    request_id: fields.RequestId
    modifier_group: NewModifierGroup

    def check(self) -> Iterator[Finding]:
        """Check the group, and that no add-on item is in it twice."""
        yield from check_group(self.modifier_group, "modifierGroup")
        yield from check_links(self.modifier_group.child_item_ids, "modifierGroup.childItemIds")


@api("/v2/pds/item/addModifierGroup")
def add_modifier_group(message: AddModifierGroup) -> Change:
    """Add a modifier group to a store; items offer it once they name it in modifierGroupIds.

    Its add-on items must have been fed to the same store and must not lead back to it; a group that exists already is
    refused. One that was deleted comes back, and items that still name it offer it again.
    """
    group = message.modifier_group
    selector = Selector(MODIFIER_GROUP, group.group_id, group.store_id)
    children = group.child_item_ids
    return AddEntry(selector, None, stored_group(group, children), "modifierGroup", children)


class UpdateModifierGroup(Message, frozen=True, gc=False, kw_only=True):
    """What changes of a modifier group; absent members stay, empty ones are deleted, given ones replace."""

    group_id: fields.GroupId
    store_id: fields.StoreId | UnsetType = UNSET
    group_name: fields.Title | UnsetType = UNSET
    child_item_ids: fnb.ItemIds | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check what the message itself says."""
        yield from check_group(self, "")
        yield from check_links(self.child_item_ids, "childItemIds")


@api("/v2/pds/item/updateModifierGroup")
def update_modifier_group(message: UpdateModifierGroup, clears: Clears) -> Change:
    """Change or delete every modifier group that the ids name: the own id alone means all groups that carry it.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Texts are merged by
    column and language. All groups are changed or none. Items that name a deleted group no longer offer it; its
    add-on items stay in the store.
    """
    selector = Selector(MODIFIER_GROUP, message.group_id, message.store_id)
    return update(message, clears, selector, StoredGroup, check_group, links=message.child_item_ids)
