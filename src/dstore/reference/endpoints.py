"""Our own endpoints beside the signed family, as OpenAPI path items: what diners' clients and operators read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.protocol.schemas import PREFIX
from dstore.storefront.resolved import Document, StoreCard

if TYPE_CHECKING:
    from dstore.protocol.schemas import Schema, Schemas

KINDS = (Document, StoreCard)
ETAG = '"12-1795320000000"'


def paths(schemas: Schemas) -> dict[str, Any]:
    """Return the path items; `schemas` must have been made of `KINDS` too."""
    return {
        "/storefront/v1/stores": {"get": _stores()},
        "/storefront/v1/stores/{id}/menu": {"get": _menu(schemas)},
        "/healthz": {"get": _text("healthz", "Say that the process answers.", "ok")},
        "/readyz": {"get": _ready()},
        "/limits": {"get": _limits()},
        "/metrics": {
            "get": _text("metrics", "Show counters for Prometheus, if the setting `metrics` is on.", "# HELP …")
        },
        "/openapi.json": {"get": _openapi()},
        "/docs": {"get": _page("docs", "Show this reference as a page.", "text/html")},
        "/docs/{file}": {"get": _file()},
    }


def components(schemas: Schemas) -> dict[str, Schema]:
    """Return the schemas that only our own endpoints use."""
    return {
        "storefront.StoreList": {
            "description": "Up to a hundred stores, in the order of their ids.",
            "type": "object",
            "properties": {
                "stores": {"description": "The stores.", "type": "array", "items": schemas.of(StoreCard)},
                "next": {
                    "description": "Where to go on: pass it as `after`. Absent on the last page.",
                    "type": "string",
                },
            },
            "required": ["stores"],
        },
        "Limit": {
            "description": "A bound on messages.",
            "type": "object",
            "properties": {
                "number": {"description": "The bound.", "type": "integer"},
                "documented": {
                    "description": "Whether a page of the contract documents it. Others are assumed and can be raised.",
                    "type": "boolean",
                },
                "meaning": {"description": "What it counts.", "type": "string"},
            },
            "required": ["number", "documented", "meaning"],
        },
        "Problem": {
            "description": "Why a request of an endpoint of our own could not be answered (RFC 9457).",
            "type": "object",
            "properties": {
                "type": {"description": "Always about:blank.", "type": "string"},
                "title": {"description": "The kind of problem.", "type": "string"},
                "status": {"description": "The HTTP status.", "type": "integer"},
                "detail": {"description": "What is wrong, in words.", "type": "string"},
            },
            "required": ["type", "title", "status", "detail"],
        },
    }


def _operation(name: str, tag: str, summary: str, description: str = "", **more: Any) -> dict[str, Any]:
    said = {"description": description} if description else {}
    return {"tags": [tag], "operationId": name, "summary": summary, **said, **more}


def _stores() -> dict[str, Any]:
    after = {
        "name": "after",
        "in": "query",
        "description": "The id after which the list goes on: `next` of the page before.",
        "schema": {"type": "string"},
    }
    return _operation(
        "storefront_stores",
        "storefront",
        "List stores of both feeds.",
        "Each store has one public id, whether a POS provider or an ISV feeds it. Not to be cached.",
        parameters=[after],
        responses={"200": _json("A page of stores.", {"$ref": PREFIX + "storefront.StoreList"}), "503": _problem()},
    )


def _menu(schemas: Schemas) -> dict[str, Any]:
    store = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The store's public id, from the list of stores.",
        "schema": {"type": "string"},
    }
    known = {
        "name": "if-none-match",
        "in": "header",
        "description": "The `etag` of the menu at hand: 304 is answered while it still holds.",
        "schema": {"type": "string", "examples": [ETAG]},
    }
    found = _json("The menu.", schemas.of(Document))
    tag = {"description": "Strong; another one as soon as anything changes.", "schema": {"type": "string"}}
    return _operation(
        "storefront_menu",
        "storefront",
        "Read the menu of a store as it stands.",
        "One document with everything resolved: prices that hold in each place, availability, groups and options. "
        "A change is in the very next read after the call that made it was answered.",
        parameters=[store, known],
        responses={
            "200": {**found, "headers": {"etag": tag}},
            "304": {"description": "The menu at hand still holds.", "headers": {"etag": tag}},
            "404": _problem("There is no such store."),
            "503": _problem(),
        },
    )


def _ready() -> dict[str, Any]:
    ready = _text(
        "readyz",
        "Say whether calls can be served: the database answers and has this program's schema.",
        "ready, schema 1",
    )
    return {**ready, "responses": {**ready["responses"], "503": _problem("Not ready; the detail says why.")}}


def _limits() -> dict[str, Any]:
    table = {"type": "object", "additionalProperties": {"$ref": PREFIX + "Limit"}}
    return _operation(
        "limits",
        "operations",
        "Show every limit on messages that is in force here.",
        responses={"200": _json("The limits by their names.", table)},
    )


def _openapi() -> dict[str, Any]:
    return _operation(
        "openapi",
        "operations",
        "Show this description.",
        responses={"200": _json("An OpenAPI 3.1 document.", {"type": "object"})},
    )


def _file() -> dict[str, Any]:
    file = {
        "name": "file",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": ["icon.svg", "reference.css", "reference.js"]},
    }
    page = _page(
        "docs_file", "Give what the reference page is made with.", "image/svg+xml", "text/css", "text/javascript"
    )
    return {**page, "parameters": [file], "responses": {**page["responses"], "404": _problem("There is no such file.")}}


def _page(name: str, summary: str, *kinds: str) -> dict[str, Any]:
    content = {kind: {"schema": {"type": "string"}} for kind in kinds}
    return _operation(name, "operations", summary, responses={"200": {"description": "The file.", "content": content}})


def _text(name: str, summary: str, example: str) -> dict[str, Any]:
    content = {"text/plain": {"schema": {"type": "string"}, "example": example}}
    return _operation(name, "operations", summary, responses={"200": {"description": "Text.", "content": content}})


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(description: str = "The database does not answer; try again.") -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": PREFIX + "Problem"}}}
    return {"description": description, "content": content}
