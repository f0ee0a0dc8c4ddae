"""Schemathesis against the served description, correctly signed: every answer is HTTP 200, so the result itself is judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import given, settings
from requests.auth import AuthBase
from schemathesis import GenerationMode, checks
from schemathesis.core.parameters import ParameterLocation

from contract.family import PATHS, feed_server
from harness import caller
from harness.caller import Answer, check_contract
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of the library's own checks those that make sense where refusals are answers with status 200.
CHECKS: list[Any] = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
SECONDS = 5
TOKEN = "of-the-operator"
COUNT = 2


class Signed(AuthBase):
    """Signs the bytes that really leave."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the three headers on a request."""
        target = request.path_url
        body = request.body or b""
        request.headers.update(caller.signed_headers(target, body.encode() if isinstance(body, str) else bytes(body)))  # type: ignore[arg-type]
        return request


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows all samples."""
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzzed') / 'dstore.db'}"
    with Server(url, DSTORE_OPERATOR_TOKEN=TOKEN) as server:
        feed_server(server)
        yield server


@pytest.fixture(scope="module")
def document(fuzzed: Server) -> Any:
    """The description as it is served."""
    return json.loads(fuzzed.get("/openapi.json").body)


def contract_of(server: Server, response: Any, case: Any) -> dict[str, str]:
    """Check an answer against the wire contract; return its result."""
    headers = {name.lower(): value for name, value in response.request.headers.items()}
    client_id = headers.get("client-id", b"")
    client_id = client_id.decode("latin-1") if isinstance(client_id, bytes) else client_id
    parts = urlsplit(response.request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    names = {name: value[0] for name, value in response.headers.items()}
    answer = Answer(response.status_code, names, response.content)
    check_contract(answer, target, client_id.strip(), server.platform_key)
    assert answer.result["resultStatus"] in {"S", "F"}, case.as_curl_command()
    return answer.result


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("count", [COUNT, pytest.param(200, marks=pytest.mark.full)])
def test_signed_calls_made_from_the_description(
    fuzzed: Server, document: Any, path: str, mode: GenerationMode, count: int
) -> None:
    operation = schemathesis.openapi.from_dict(document)[path]["POST"]

    @settings(max_examples=count)
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        case.headers = {}
        response = case.call(base_url=f"http://127.0.0.1:{fuzzed.port}", auth=Signed(), timeout=SECONDS)
        case.validate_response(response, checks=CHECKS)
        result = contract_of(fuzzed, response, case)
        body = case.meta.components.get(ParameterLocation.BODY)
        if body is not None and body.mode is GenerationMode.NEGATIVE:
            assert result["resultCode"] == "PARAM_ILLEGAL", (result, case.body)
        else:
            assert result["resultCode"] in {"SUCCESS", "PARAM_ILLEGAL", "PROCESS_FAIL"}, result

    run()
    assert fuzzed.get("/readyz").status == 200


@pytest.mark.parametrize("path", PATHS)
def test_calls_with_headers_from_the_description_are_never_let_in(fuzzed: Server, document: Any, path: str) -> None:
    operation = schemathesis.openapi.from_dict(document)[path]["POST"]

    @settings(max_examples=COUNT)
    @given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, body={}))
    def run(case: Any) -> None:
        response = case.call(base_url=f"http://127.0.0.1:{fuzzed.port}", timeout=SECONDS)
        if response.status_code != 400:  # a header that HTTP itself does not allow
            case.validate_response(response, checks=CHECKS)
            result = json.loads(response.content)["result"]
            assert result["resultCode"] in {"PARAM_ILLEGAL", "ACCESS_DENIED", "INVALID_SIGNATURE"}

    run()


OPERATORS = ["/operator/v1/stores"] + [
    f"/operator/v1/stores/{{id}}{what}" for what in ("", "/entries", "/resolved", "/changes")
]
# Their parameters may be any text, so that nothing a description could call wrong is left to try there.
ANY_TEXT = {"/storefront/v1/stores/{id}/menu", *OPERATORS}
DINERS = [
    f"/storefront/v1/stores/{{id}}/{what}" for what in ("menu", "slots", "delivery-quote", "translations", "price")
]
OTHERS = [*DINERS, *OPERATORS, "/storefront/v1/stores", "/healthz", "/readyz", "/limits", "/metrics", "/openapi.json", "/docs", "/docs/{file}"]  # fmt: skip


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("count", [COUNT, pytest.param(200, marks=pytest.mark.full)])
def test_unsigned_reads_made_from_the_description(
    fuzzed: Server, document: Any, path: str, mode: GenerationMode, count: int
) -> None:
    [method] = document["paths"][path]
    operation = schemathesis.openapi.from_dict(document)[path][method.upper()]
    if mode is GenerationMode.NEGATIVE and (path in ANY_TEXT or not list(operation.iter_parameters())):
        mode = GenerationMode.POSITIVE

    @settings(max_examples=count)
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        case.headers = {**(case.headers or {}), "authorization": f"Bearer {TOKEN}"}
        response = case.call(base_url=f"http://127.0.0.1:{fuzzed.port}", timeout=SECONDS)
        case.validate_response(response, checks=CHECKS)

    run()


def test_every_described_path_is_tried_here(document: Any) -> None:
    assert sorted(document["paths"]) == sorted([*PATHS, *OTHERS])
