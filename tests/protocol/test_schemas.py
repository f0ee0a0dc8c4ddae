"""Names of schemas: clear, stable, and never two of one name."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.protocol.schemas import Schemas


def struct(name: str, module: str, **members: Any) -> Any:
    """A message type as it would stand in a module."""
    required = [(member, kind) for member, kind in members.items() if not isinstance(kind, tuple)]
    optional = [(member, *kind) for member, kind in members.items() if isinstance(kind, tuple)]
    return msgspec.defstruct(name, [*required, *optional], module=module)


def test_a_type_is_named_after_the_family_and_the_vocabulary_is_not() -> None:
    amount = struct("Amount", "dstore.vocabulary.values", value=int)
    store = struct("Store", "dstore.apis.pos.store", least=amount)
    shown = struct("Menu", "dstore.storefront.resolved", id=str)
    assert list(Schemas([store, shown]).components) == ["pos.Store", "Amount", "storefront.Menu"]


def test_the_same_name_in_two_families_stays_two_schemas() -> None:
    pos = struct("Store", "dstore.apis.pos.store", pos_id=str)
    pds = struct("Store", "dstore.apis.pds.store", pds_id=str)
    schemas = Schemas([pos, pds])
    assert schemas.of(pos) == {"$ref": "#/components/schemas/pos.Store"}
    assert schemas.of(pds) == {"$ref": "#/components/schemas/pds.Store"}
    assert list(schemas.components["pos.Store"]["properties"]) == ["pos_id"]
    assert list(schemas.components["pds.Store"]["properties"]) == ["pds_id"]


def test_the_same_name_twice_in_a_family_carries_the_module() -> None:
    one = struct("Item", "dstore.apis.pds.store", a=int)
    other = struct("Item", "dstore.apis.pds.item", b=int)
    others: Any = list[other]  # type: ignore[valid-type]
    schemas = Schemas([struct("Both", "dstore.apis.pds.store", one=one, other=others)])
    both = schemas.components["pds.Both"]["properties"]
    assert both["one"] == {"$ref": "#/components/schemas/pds.store.Item"}
    assert both["other"]["items"] == {"$ref": "#/components/schemas/pds.item.Item"}


def test_a_new_type_does_not_rename_those_of_another_family() -> None:
    pos = struct("Store", "dstore.apis.pos.store", pos_id=str)
    pds = struct("Store", "dstore.apis.pds.store", pds_id=str)
    assert Schemas([pos]).components["pos.Store"] == Schemas([pds, pos]).components["pos.Store"]


def test_members_called_like_words_of_json_schema_stay_members() -> None:
    odd = struct("Odd", "dstore.apis.pos.odd", title=str, required=int, enum=str, description=str)
    assert list(Schemas([odd]).components["pos.Odd"]["properties"]) == ["title", "required", "enum", "description"]


def test_optional_members_of_an_update_may_be_empty_unless_they_must_say_something() -> None:
    update = struct(
        "Update",
        "dstore.apis.pds.item",
        id=Annotated[str, Meta(min_length=1)],
        title=(Annotated[str, Meta(min_length=1)] | UnsetType, UNSET),
        menu=(str | UnsetType, UNSET),
        price=(Annotated[int, Meta(ge=1, description="In cents.")] | UnsetType, UNSET),
    )
    schemas = Schemas([update])
    schemas.let_clear(update, lambda member: member == "menu")
    members = schemas.components["pds.Update"]["properties"]
    assert "anyOf" not in members["id"]
    assert "anyOf" not in members["title"]
    assert "anyOf" not in members["menu"]
    assert members["price"] == {
        "description": "In cents.",
        "anyOf": [{"type": "integer", "minimum": 1}, {"$ref": "#/components/schemas/Empty"}],
    }


def test_a_docstring_of_several_lines_reads_the_same_on_every_python() -> None:
    kind = struct("Told", "dstore.apis.pos.told", a=int)
    kind.__doc__ = "First line.\n\n    Second line.\n    "
    assert Schemas([kind]).components["pos.Told"]["description"] == "First line.\n\nSecond line."
