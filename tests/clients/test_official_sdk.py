"""The payment provider's own SDK calls every API, with its own signing, and verifies our answers itself."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from com.alipay.ams.api.exception.exception import AlipayApiException

from clients import official
from dstore import apis, samples
from dstore.protocol.api import collect
from harness import caller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.server import Server

APIS = collect(apis)
STORE: dict[str, Any] = {"posAccountId": "sdk", "store": {"posStoreId": "s", "name": "Café 咖啡"}}


@pytest.fixture(scope="session")
def public_key(shared: Server) -> str:
    """The platform's public key in the SDK's form, as the command line shows it."""
    shown = shared.dstore("key", "show", "--database", shared.url).split()
    return shown[-1]


def execute(server: Server, client: Any, path: str, body: Any, **more: Any) -> dict[str, Any]:
    """Call through the SDK; return the result that it has verified."""
    with official.wired(server.port):
        result: dict[str, Any] = json.loads(client.execute(official.request(path, body, **more)))["result"]
    return result


def test_every_api_is_called_and_verified_by_the_sdk(shared: Server, public_key: str) -> None:
    client = official.client(public_key)
    paths = {(path.split("/")[2], one.name): path for path, one in APIS.items() if path == one.path}
    called = set()
    for sample in samples.all():
        path = paths[sample.family, sample.api]
        result = execute(shared, client, path, sample.body)
        assert result["resultStatus"] == "S", (sample.name, result)
        called.add(path)
    assert called == {one.path for one in APIS.values()}
    print(f"\n{len(samples.all())} samples of {len(called)} APIs through the SDK")


@pytest.mark.parametrize("path", [path for path, one in APIS.items() if path != one.path])
def test_other_paths_of_an_api_are_verified_over_the_path_called(shared: Server, public_key: str, path: str) -> None:
    result = execute(shared, official.client(public_key), path, {})
    assert (result["resultCode"], result["resultStatus"]) == ("PARAM_ILLEGAL", "F")


def test_the_request_is_the_sdks_own_to_the_last_byte(shared: Server, public_key: str) -> None:
    with official.wired(shared.port) as sent:
        official.client(public_key).execute(official.request("/v2/pos/syncStore", {"requestId": "bytes", **STORE}))
    head, body = b"".join(sent).split(b"\r\n\r\n", 1)
    assert head.startswith(b"POST https://open.example.com/v2/pos/syncStore HTTP/1.1\r\nHost: open.example.com\r\n")
    assert b"Accept: text/plain,text/xml,text/javascript,text/html" in head
    assert body.startswith(b'{\n   "requestId": "bytes",')
    assert rb"Caf\u00e9" in body


def test_refusals_are_verified_too(shared: Server, public_key: str) -> None:
    client = official.client(public_key)
    assert execute(shared, client, "/v2/pos/syncStore", [])["resultCode"] == "PARAM_ILLEGAL"
    assert execute(shared, client, "/v2/pos/nothing", {})["resultCode"] == "INVALID_API"
    stranger = official.client(public_key, key_name="stranger")
    assert execute(shared, stranger, "/v2/pos/syncStore", {})["resultCode"] == "INVALID_SIGNATURE"
    nobody = official.client(public_key, client_id="nobody")
    assert execute(shared, nobody, "/v2/pos/syncStore", {})["resultCode"] == "ACCESS_DENIED"
    other = execute(shared, client, "/v2/pos/syncStore", {}, key_version="7")
    assert other["resultCode"] == "INVALID_SIGNATURE"


def test_a_refusal_reaches_a_client_that_first_sends_all_of_a_large_body(shared: Server, public_key: str) -> None:
    """A connection that is closed on unread bytes is reset, and the answer on its way is lost."""
    large = {"requestId": "large", "filler": "x" * 20_000_000}
    assert execute(shared, official.client(public_key), "/v2/pos/nothing", large)["resultCode"] == "INVALID_API"
    nobody = official.client(public_key, client_id="nobody")
    assert execute(shared, nobody, "/v2/pos/syncStore", large)["resultCode"] == "ACCESS_DENIED"
    too_large = {"requestId": "too large", "filler": "x" * 65 * 1024 * 1024}
    assert execute(shared, official.client(public_key), "/v2/pos/syncStore", too_large)["resultCode"] == "PARAM_ILLEGAL"


def test_an_agent_token_is_no_obstacle(shared: Server, public_key: str) -> None:
    client = official.client(public_key, agent_token="token")
    assert execute(shared, client, "/v2/pos/syncStore", {"requestId": "agent", **STORE})["resultStatus"] == "S"


def test_a_retry_gets_the_same_verified_result(shared: Server, public_key: str) -> None:
    client = official.client(public_key)
    first = execute(shared, client, "/v2/pos/syncStore", {"requestId": "again", **STORE})
    assert execute(shared, client, "/v2/pos/syncStore", {"requestId": "again", **STORE}) == first


def test_the_sdk_refuses_our_answers_under_another_public_key(shared: Server) -> None:
    client = official.client(caller.public_pem("another platform"))
    with pytest.raises(AlipayApiException, match="response verify failed"):
        execute(shared, client, "/v2/pos/syncStore", {"requestId": "key", **STORE})


@contextmanager
def forger(server: Server, forge: Callable[[bytes], bytes]) -> Iterator[int]:
    """Stand between the SDK and the server for one exchange and change the answer; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def stand_between() -> None:
            line, _ = listening.accept()
            with line, socket.create_connection(("127.0.0.1", server.port)) as other:
                asked = line.recv(65536)
                while b"\r\n\r\n" not in asked or not asked.rstrip().endswith(b"}"):
                    asked += line.recv(65536)
                other.sendall(asked.replace(b"Keep-Alive", b"close", 1))
                answer = b"".join(iter(lambda: other.recv(65536), b""))
                line.sendall(forge(answer))

        thread = threading.Thread(target=stand_between)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def _swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def forge(answer: bytes) -> bytes:
        assert answer.count(old) >= 1, answer
        return answer.replace(old, new)

    return forge


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "a letter of the body": _swap(b'"success"', b'"succesS"'),
    "the status": _swap(b'"resultStatus":"S"', b'"resultStatus":"U"'),
    "the time": _swap(b"response-time: 20", b"response-time: 19"),
    "no signature": _swap(b"\r\nsignature:", b"\r\nx-sig:"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_the_sdk_refuses_a_forged_answer(shared: Server, public_key: str, what: str) -> None:
    body = {"requestId": f"forged {what}", **STORE}
    request = official.request("/v2/pos/syncStore", body)
    with (
        forger(shared, FORGERIES[what]) as port,
        official.wired(port),
        pytest.raises(AlipayApiException, match="response"),
    ):
        official.client(public_key).execute(request)


def test_the_forger_is_not_noticed_while_it_changes_nothing(shared: Server, public_key: str) -> None:
    request = official.request("/v2/pos/syncStore", {"requestId": "honest", **STORE})
    with forger(shared, lambda answer: answer) as port, official.wired(port):
        assert json.loads(official.client(public_key).execute(request))["result"]["resultStatus"] == "S"
