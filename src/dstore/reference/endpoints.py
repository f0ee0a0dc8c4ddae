"""Our own endpoints beside the signed family, as OpenAPI path items: what diners' clients and operators read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.protocol.schemas import PREFIX
from dstore.reference import operator_endpoints, storefront_endpoints

if TYPE_CHECKING:
    from dstore.protocol.schemas import Schema, Schemas

KINDS = (*storefront_endpoints.KINDS, *operator_endpoints.KINDS)


def paths(schemas: Schemas) -> dict[str, Any]:
    """Return the path items; `schemas` must have been made of `KINDS` too."""
    return {
        **storefront_endpoints.paths(schemas),
        **operator_endpoints.paths(schemas),
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
        **storefront_endpoints.components(schemas),
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
                "parameter": {"description": "The parameter that is wrong, if it is one.", "type": "string"},
            },
            "required": ["type", "title", "status", "detail"],
        },
    }


def _operation(name: str, tag: str, summary: str, description: str = "", **more: Any) -> dict[str, Any]:
    said = {"description": description} if description else {}
    return {"tags": [tag], "operationId": name, "summary": summary, **said, **more}


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
