"""Reading what is pasted into the clinic: raw HTTP and curl commands."""

from __future__ import annotations

import pytest

from dstore.sandbox.clinic import NamedKey, Outcome, UnreadableRequestError, Verdict, examine, read_request
from harness import caller
from sandbox.wrongly_signed import BODY, PATH, PATHS, PRETTY, Client


def verdict_on(pasted: bytes, body: bytes | None = None) -> Verdict:
    return examine(read_request(pasted, body), [NamedKey("mine", caller.key("registered").public_key())], PATHS)


def as_curl(client: Client, data: str, url: str = f"https://pos.example{PATH}") -> bytes:
    """Write the command as the reference page does."""
    headers = client.all_headers()
    lines = [f"curl --location '{url}'"]
    lines += [
        f"--header '{name}: {headers[name]}'" for name in ("Content-Type", "Client-Id", "Request-Time", "Signature")
    ]
    return " \\\n".join([*lines, data]).encode()


PLAIN = Client(body=b'{"requestId":"1","name":"tea \xc3\xa9"}')


def test_a_curl_command_as_on_the_reference_page_is_read() -> None:
    pasted = as_curl(PLAIN, f"--data '{PLAIN.body.decode()}'")
    request = read_request(pasted)
    assert (request.method, request.target, request.body) == ("POST", PATH.encode(), PLAIN.body)
    assert verdict_on(pasted).verifies


@pytest.mark.parametrize(
    "data",
    [
        "-d '{}'",
        "-d'{}'",
        "--data-raw '{}'",
        "--data-binary '{}'",
        "--json '{}'",
        "-X POST --compressed -s -o /dev/null --data-raw '{}'",
        "--request=POST --data '{}' --max-time 5",
    ],
)
def test_every_usual_way_to_give_the_body_is_read(data: str) -> None:
    assert verdict_on(as_curl(PLAIN, data.replace("{}", PLAIN.body.decode()))).verifies


def test_quotes_of_the_shell_are_undone_as_a_browser_writes_them() -> None:
    client = Client(body=b'{"name": "it\'s\\n \xc3\xa9!"}')
    escaped = client.body.decode().replace("\\", "\\\\").replace("'", "\\'").replace("!", "\\u0021")
    assert verdict_on(as_curl(client, f"--data-raw $'{escaped}'")).verifies


def test_windows_line_ends_in_a_pasted_command_do_no_harm() -> None:
    pasted = b"$ " + as_curl(PLAIN, f"--data '{PLAIN.body.decode()}'").replace(b"\n", b"\r\n")
    assert verdict_on(pasted).verifies


def test_a_body_that_curl_takes_from_a_file_is_asked_for() -> None:
    pasted = as_curl(PLAIN, "--data-binary @body.json")
    with pytest.raises(UnreadableRequestError, match=r"--body body\.json"):
        read_request(pasted)
    assert verdict_on(pasted, PLAIN.body).verifies


def test_curl_data_takes_the_line_ends_out_of_a_file_and_the_clinic_knows() -> None:
    client = Client(body=PRETTY)
    assert verdict_on(as_curl(client, "--data-binary @body.json"), PRETTY).verifies
    verdict = verdict_on(as_curl(client, "--data @body.json"), PRETTY)
    assert verdict.outcome is Outcome.EXPLAINED
    assert "--data-binary" in verdict.notes[0]
    assert verdict.signed == client.content()


def test_a_command_without_a_body_is_a_get() -> None:
    assert read_request(b"curl pos.example/v2/pos/syncStore?a=1").method == "GET"
    assert read_request(b"curl pos.example/v2/pos/syncStore?a=1").target == b"/v2/pos/syncStore?a=1"
    assert read_request(b"curl https://pos.example").target == b"/"


def test_the_host_of_a_pasted_url_is_known_to_the_search() -> None:
    client = Client(signed={"path": f"https://pos.example{PATH}"}, body=PLAIN.body)
    verdict = verdict_on(as_curl(client, f"--data '{client.body.decode()}'"))
    assert [one.kind for one in verdict.mistakes] == ["path.url"]


def test_a_signature_header_that_a_mail_program_broke_into_lines_is_joined_with_a_note() -> None:
    text = Client().request().replace(b",keyVersion", b",\r\n keyVersion").replace(b",signature", b",\r\n\tsignature")
    verdict = verdict_on(text)
    assert verdict.verifies
    assert verdict.notes == ("header Signature is broken into lines here; it must be sent on one",)


def test_a_file_saved_as_utf_16_or_with_a_byte_order_mark_is_read() -> None:
    text = Client().request()
    assert verdict_on(text.decode().encode("utf-16")).verifies
    assert verdict_on(b"\xef\xbb\xbf" + text).verifies


def test_a_content_length_that_does_not_fit_is_told() -> None:
    verdict = verdict_on(Client(headers={"Content-Length": "7"}).request())
    assert verdict.verifies
    assert verdict.notes == (f"content-length says 7 bytes, but {len(BODY):,} are here; the paste is not exact",)


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        (b" \n ", "nothing"),
        (b"hello, it does not work", "neither an HTTP request nor a curl command"),
        (b'{"requestId": 1}', "neither an HTTP request nor a curl command"),
        (b"POST /v2/x HTTP/1.1\nclient-id: c1\n{\n}", "no header"),
        (b"curl --location 'http://x", "No closing quotation"),
        (b"curl --location --header 'a: b'", "no URL"),
        (b"curl http://x --header", "ends after --header"),
        (b"curl http://x -F file=@x", "not read here"),
    ],
)
def test_what_can_not_be_read_gets_one_clear_line(pasted: bytes, reason: str) -> None:
    with pytest.raises(UnreadableRequestError, match=reason) as raised:
        read_request(pasted)
    assert "\n" not in str(raised.value)
