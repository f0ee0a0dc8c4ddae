"""The OpenAPI 3.1 description of the signed calls, read off the collected APIs.

Paths, bodies, headers, signature, result codes and examples; whatever else a platform serves is put beside it by
the caller. The description is the same for the same APIs, examples and limits: nothing of the machine is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from dstore.protocol.envelope import HEADER_LIMIT
from dstore.protocol.schemas import EMPTY, PREFIX
from dstore.results import MESSAGE_LIMIT, Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dstore.protocol.api import Api
    from dstore.protocol.schemas import Schema, Schemas

VERSION = "3.1.0"
CODE_LIMIT = 64


class Example(Protocol):
    """A message as a partner would send it, with words about it."""

    @property
    def name(self) -> str:
        """Return the example's short name, unique for its API."""
        ...

    @property
    def title(self) -> str:
        """Return what it shows, in a few words."""
        ...

    @property
    def description(self) -> str:
        """Return what is worth knowing about it."""
        ...

    @property
    def body(self) -> dict[str, Any]:
        """Return the message."""
        ...


SIGNATURE = """\
Every call is signed with the partner's RSA key of 2,048 to 4,096 bits (SHA-256, PKCS#1 v1.5). The signed content is

    POST <path and query>
    <client-id>.<request-time>.<raw body>

with one line feed between the two lines and none at the end; `client-id` and `request-time` are the very texts of
the headers, the body is the very bytes sent. The signature goes into the header as standard base64, percent-encoded:
`algorithm=RSA256,keyVersion=1,signature=<value>`. `keyVersion` names which of the partner's keys was used; without it
the newest counts.

Answers are signed by the platform in the same way, over `POST <path and query of the request>`, the `client-id` of the
answer, `response-time` and the raw body of the answer. Refusals are signed too.

`dstore call` signs, sends and verifies; `dstore explain` names the mistake in a signature that does not verify."""


def paths(apis: Mapping[str, Api], schemas: Schemas, examples: Callable[[Api], Iterable[Example]]) -> dict[str, Any]:
    """Return the path items of the APIs, aliases included, in the order in which they are given."""
    return {
        path: {"post": _operation(path, one, schemas, examples(one) if path == one.path else ())}
        for path, one in apis.items()
    }


def components() -> dict[str, Any]:
    """Return what all operations share: headers, the result, the answer, how to sign."""
    return {
        "schemas": {"Result": _result(), "Answer": _answer_schema(), "Empty": EMPTY},
        "parameters": {
            "clientId": _parameter("client-id", "The id of the caller; the answer carries it back unchanged.", CLIENT),
            "requestTime": _parameter("request-time", REQUEST_TIME, MOMENT),
            "signature": _parameter("signature", "How the call is signed; see the security scheme.", SIGNED),
        },
        "headers": {
            "client-id": _header("The client-id of the request, byte for byte; empty if it had none.", ECHO),
            "response-time": _header("When the platform answered: ISO 8601 with offset.", MOMENT),
            "signature": _header("The platform's signature of the answer.", SIGNED),
        },
        "responses": {"Answer": _response()},
        "securitySchemes": {
            "signedCall": {"type": "apiKey", "in": "header", "name": "signature", "description": SIGNATURE}
        },
    }


def result_codes() -> dict[str, Any]:
    """Return every result code with its status, its default message and what the caller should do."""
    return {one.name: {"status": one.status, "message": one.message, "advice": one.advice} for one in Code}


CLIENT: Schema = {"type": "string", "minLength": 1, "maxLength": HEADER_LIMIT, "examples": ["5J5Y7L1042QD00417"]}
ECHO: Schema = {"type": "string", "examples": CLIENT["examples"]}
MOMENT: Schema = {"type": "string", "minLength": 1, "examples": ["2026-11-22T12:00:00+08:00"]}
SIGNED: Schema = {
    "type": "string",
    "minLength": 1,
    "examples": ["algorithm=RSA256,keyVersion=1,signature=Z2l2ZW4gYmFjaw%3D%3D"],
}
REQUEST_TIME = (
    "When the call was made: ISO 8601 with offset, or milliseconds since 1970. It is part of the signed content; "
    "whether its age is checked is a setting of the platform."
)


def _operation(path: str, one: Api, schemas: Schemas, examples: Iterable[Example]) -> dict[str, Any]:
    summary, _, rest = one.summary.partition("\n")
    shown = _examples(examples)
    same = "" if path == one.path else f"The same as `{one.path}`; the signature covers the path that is called."
    return {
        "tags": [family(one)],
        "operationId": path.removeprefix("/v2/").replace("/", "_"),
        "summary": summary,
        "description": "\n\n".join(filter(None, [same, rest.strip(), _once(one)])),
        "x-api": one.name,
        "x-canonical-path": one.path,
        "x-once-key": "requestId" if one.has_request_id else "signature",
        "parameters": [
            {"$ref": f"#/components/parameters/{name}"} for name in ("clientId", "requestTime", "signature")
        ],
        "security": [{"signedCall": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schemas.of(one.message), **({"examples": shown} if shown else {})}
            },
        },
        "responses": {"200": {"$ref": "#/components/responses/Answer"}},
    }


def family(one: Api) -> str:
    """Return the family of an API, the part of its path after the version: pos or pds."""
    return one.path.split("/")[2]


def _once(one: Api) -> str:
    if one.has_request_id:
        return (
            "The same `requestId` on this API always gets the same result and has one effect; "
            "after U or no answer, send the same request again."
        )
    return (
        "The message carries no `requestId`: an exact copy of a call, signature included, gets the first answer "
        "and is not applied again."
    )


def _examples(examples: Iterable[Example]) -> dict[str, Any]:
    return {one.name: {"summary": one.title, "description": one.description, "value": one.body} for one in examples}


def _parameter(name: str, description: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": schema}


def _header(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": schema}


def _response() -> dict[str, Any]:
    return {
        "description": (
            "Every answer has HTTP status 200, refusals and failures of the platform included; "
            "`resultStatus` tells which it is. The answer is signed and never compressed."
        ),
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"} for name in ("client-id", "response-time", "signature")
        },
        "content": {
            "application/json": {
                "schema": {"$ref": PREFIX + "Answer"},
                "examples": {one.name: {"summary": one.advice, "value": _answer(one)} for one in Code},
            }
        },
    }


def _answer(one: Code) -> dict[str, Any]:
    return {"result": {"resultCode": one.name, "resultStatus": one.status, "resultMessage": one.message}}


def _answer_schema() -> Schema:
    return {
        "description": "The body of every answer of a signed call.",
        "type": "object",
        "properties": {"result": {"$ref": PREFIX + "Result"}},
        "required": ["result"],
    }


def _result() -> Schema:
    return {
        "description": "What became of a call.",
        "type": "object",
        "properties": {
            "resultCode": {
                "description": "The cause in one word; every code and what to do about it is listed apart.",
                "type": "string",
                "maxLength": CODE_LIMIT,
                "enum": [one.name for one in Code],
            },
            "resultStatus": {
                "description": (
                    "S: done. A: accepted and not done yet; send the same again until it is S or F. F: refused, nothing "
                    "was applied; the same again does not help, but after REQUEST_TRAFFIC_EXCEED_LIMIT it is to be sent a "
                    "little later. U: not known; send the same again."
                ),
                "type": "string",
                "enum": sorted({one.status for one in Code}, key="SAFU".index),
            },
            "resultMessage": {
                "description": "The cause in words, for people; of a refused message it names the member.",
                "type": "string",
                "maxLength": MESSAGE_LIMIT,
                "examples": ["products[3].price.value: -1 is below 0"],
            },
        },
        "required": ["resultCode", "resultStatus", "resultMessage"],
    }
