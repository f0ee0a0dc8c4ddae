"""The storefront's endpoints as path items of the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.protocol.schemas import PREFIX
from dstore.storefront.answers import Basket, BasketPrice, DeliveryQuote, Refusal, SlotList, StoreList, Translations
from dstore.storefront.resolved import Document

if TYPE_CHECKING:
    from dstore.protocol.schemas import Schema, Schemas

KINDS = (Document, StoreList, SlotList, DeliveryQuote, Translations, Basket, BasketPrice, Refusal)
ETAG = '"9b4f0c6d1e2a7f3358c1d0aa"'
_ROOT = "/storefront/v1/stores"
FRESH = (
    "A change is in the very next read after the call that made it was answered. Ask again with `if-none-match`; "
    "`validUntil` says when anything changes by itself."
)


def paths(schemas: Schemas) -> dict[str, Any]:
    """Return the path items; `schemas` must have been made of `KINDS` too."""
    return {
        _ROOT: {"get": _stores(schemas)},
        f"{_ROOT}/{{id}}/menu": {"get": _menu(schemas)},
        f"{_ROOT}/{{id}}/slots": {"get": _slots(schemas)},
        f"{_ROOT}/{{id}}/delivery-quote": {"get": _quote(schemas)},
        f"{_ROOT}/{{id}}/translations": {"get": _translations(schemas)},
        f"{_ROOT}/{{id}}/price": {"post": _price(schemas)},
    }


def components(schemas: Schemas) -> dict[str, Schema]:
    """Return the schemas that only these endpoints use."""
    members = {
        "type": "Always about:blank.",
        "title": "The kind of problem.",
        "detail": "The first refusal, in words.",
    }
    return {
        "storefront.Refused": {
            "description": "Why a basket can not be ordered (RFC 9457).",
            "type": "object",
            "properties": {
                **{name: {"description": meaning, "type": "string"} for name, meaning in members.items()},
                "status": {"description": "422.", "type": "integer"},
                "refusals": {"description": "All of them.", "type": "array", "items": schemas.of(Refusal)},
            },
            "required": ["type", "title", "status", "detail", "refusals"],
        }
    }


def _stores(schemas: Schemas) -> dict[str, Any]:
    after = _query("after", "The id after which the list goes on: `next` of the page before.")
    return _operation(
        "storefront_stores",
        "List stores of both feeds, with how they stand.",
        "Each store has one public id, whether a POS provider or an ISV feeds it. Not to be cached.",
        [after, _at(), _language()],
        {"200": _json("A page of stores.", schemas.of(StoreList)), "400": _bad(), "503": _away()},
    )


def _menu(schemas: Schemas) -> dict[str, Any]:
    return _operation(
        "storefront_menu",
        "Read the menu of a store at a moment, for a service, in a language.",
        "One document with everything resolved: what is shown, what it costs, whether it can be ordered, and why not. "
        + FRESH,
        [_store(), _at(), _service(), _language(), _known()],
        _read("The menu.", schemas.of(Document)),
    )


def _slots(schemas: Schemas) -> dict[str, Any]:
    since = _query("from", "From when on: ISO 8601, with an offset or by the store's clock; absent: now.")
    found = _json("The times, by days.", schemas.of(SlotList))
    return _operation(
        "storefront_slots",
        "List the times a diner may choose for a service.",
        "What the store's schedules, its menus' pick-up rules, its hours and closures leave. `at` is the moment at "
        "which the diner looks, from which preparation time and days ahead count.",
        [_store(), {**_service(), "required": True}, since, _at(), _language()],
        {"200": found, "400": _bad(), "404": _none(), "503": _away()},
    )


def _quote(schemas: Schemas) -> dict[str, Any]:
    numbers = {
        "distance": "Metres from the store to the diner.",
        "amount": "What the order amounts to, in the currency's smallest unit.",
    }
    asked = [
        {**_query(name, meaning), "required": True, "schema": {"type": "integer", "minimum": 0}}
        for name, meaning in numbers.items()
    ]
    return _operation(
        "storefront_delivery_quote",
        "Say what delivering an order costs, line by line.",
        "The fee of the distance, each discount the amount has earned, and the minimum an order must reach.",
        [_store(), *asked, _at(), _language()],
        {"200": _json("The quote.", schemas.of(DeliveryQuote)), "400": _bad(), "404": _none(), "503": _away()},
    )


def _translations(schemas: Schemas) -> dict[str, Any]:
    return _operation(
        "storefront_translations",
        "Report which texts of a store are missing in which language.",
        "Without `language` it reports on every language that any text of the store is in.",
        [_store(), _language(), _known()],
        _read("The report.", schemas.of(Translations)),
    )


def _price(schemas: Schemas) -> dict[str, Any]:
    refused = {"application/problem+json": {"schema": {"$ref": PREFIX + "storefront.Refused"}}}
    return {
        **_operation(
            "storefront_price",
            "Price a basket line by line, or say what keeps it from being ordered.",
            "Each line names the member, overload or schedule that set its price. What is refused is named by its "
            "path in the basket, with the path of the rule that decides: a broken quantity rule, something sold out, "
            "a closed store. An option's quantity is for one piece of what it hangs on. Nothing is kept.",
            [_store(), _at(), _service(), _language()],
            {
                "200": _json("The price.", schemas.of(BasketPrice)),
                "400": _bad(),
                "404": _none(),
                "413": _problem("The basket is too large."),
                "422": {"description": "The basket can not be ordered.", "content": refused},
                "503": _away(),
            },
        ),
        "requestBody": {"required": True, "content": {"application/json": {"schema": schemas.of(Basket)}}},
    }


def _operation(
    name: str, summary: str, description: str, parameters: list[dict[str, Any]], responses: dict[str, Any]
) -> dict[str, Any]:
    return {
        "tags": ["storefront"],
        "operationId": name,
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "responses": responses,
    }


def _query(name: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}


def _at() -> dict[str, Any]:
    return _query("at", "The moment: ISO 8601, with an offset or by the store's clock; absent: now.")


def _service() -> dict[str, Any]:
    asked = _query("service", "The way of ordering; absent: all of them.")
    return {**asked, "schema": {"type": "string", "enum": ["PICKUP", "DINEIN", "DELIVERY"]}}


def _language() -> dict[str, Any]:
    return _query("language", "The language of texts, such as zh-CN; absent: what `accept-language` asks for.")


def _store() -> dict[str, Any]:
    return {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The store's public id, from the list of stores.",
        "schema": {"type": "string"},
    }


def _known() -> dict[str, Any]:
    return {
        "name": "if-none-match",
        "in": "header",
        "description": "The `etag` of what is at hand: 304 is answered while it still holds.",
        "schema": {"type": "string", "examples": [ETAG]},
    }


def _read(description: str, schema: Schema) -> dict[str, Any]:
    tag = {"etag": {"description": "Strong: the same for the same bytes.", "schema": {"type": "string"}}}
    return {
        "200": {**_json(description, schema), "headers": tag},
        "304": {"description": "What is at hand still holds.", "headers": tag},
        "400": _bad(),
        "404": _none(),
        "503": _away(),
    }


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _bad() -> dict[str, Any]:
    return _problem("A parameter or the body can not be read; `parameter` names it.")


def _none() -> dict[str, Any]:
    return _problem("There is no such store.")


def _away() -> dict[str, Any]:
    return _problem("The database does not answer; try again.")


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": PREFIX + "Problem"}}}
    return {"description": description, "content": content}
