"""The operator's endpoints as path items of the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.operations.stored import Changes, Page, StoredStore, StorePage
from dstore.protocol.schemas import PREFIX
from dstore.storefront.resolved import Document

if TYPE_CHECKING:
    from dstore.protocol.schemas import Schema, Schemas

KINDS = (StoredStore, StorePage, Page, Changes)
_ROOT = "/operator/v1/stores"


def paths(schemas: Schemas) -> dict[str, Any]:
    """Return the path items; `schemas` must have been made of `KINDS` too."""
    after = _query("after", "What the list goes on after: `next` of the page before.")
    kind = _query("kind", "Only objects of this kind.")
    since = {
        **_query("since", "The version that is known; 0 reads everything."),
        "schema": {"type": "integer", "minimum": 0},
    }
    return {
        _ROOT: {
            "get": _operation("stores", "List stores of all partners and both feeds.", [after], schemas.of(StorePage))
        },
        f"{_ROOT}/{{id}}": {
            "get": _operation("store", "Read a store with its document as it was sent.", [_id()], schemas.of(StoredStore))
        },
        f"{_ROOT}/{{id}}/entries": {
            "get": _operation(
                "entries", "Read a store's objects as they were sent, deleted ones too.", [_id(), kind, after],
                schemas.of(Page),
            )
        },
        f"{_ROOT}/{{id}}/resolved": {
            "get": _operation("resolved", "Read a store as diners see it now.", [_id()], schemas.of(Document))
        },
        f"{_ROOT}/{{id}}/changes": {
            "get": _operation(
                "changes", "Read what changed of a store since a version.", [_id(), since, after], schemas.of(Changes)
            )
        },
    }  # fmt: skip


def _operation(name: str, summary: str, parameters: list[dict[str, Any]], schema: Schema) -> dict[str, Any]:
    refusals = {
        "400": "A parameter can not be read.",
        "401": "The operator's token is missing or wrong.",
        "404": "There is no such store, or the setting `operator_token` is empty.",
        "410": "The catalogue was replaced between two pages; start again without `after`.",
        "503": "The database does not answer; try again.",
    }
    return {
        "tags": ["operations"],
        "operationId": f"operator_{name}",
        "summary": summary,
        "description": "Needs `authorization: Bearer` with the setting `operator_token`.",
        "parameters": parameters,
        "responses": {
            "200": {"description": "What was asked for.", "content": {"application/json": {"schema": schema}}},
            **{status: _problem(meaning) for status, meaning in refusals.items()},
        },
    }


def _id() -> dict[str, Any]:
    meaning = "The store's public id, from the list of stores."
    return {"name": "id", "in": "path", "required": True, "description": meaning, "schema": {"type": "string"}}


def _query(name: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": PREFIX + "Problem"}}}
    return {"description": description, "content": content}
