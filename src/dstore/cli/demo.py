"""`dstore demo`: the whole platform on a throw-away database, fed through its own signed door."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from rich.console import Console
from rich.table import Table

from dstore import partners, settings
from dstore.cli import demo_merchant, opening
from dstore.console.roles import Role
from dstore.protocol import keys
from dstore.protocol.client import HttpTransport, SignedCall, read_answer, sign_call
from dstore.sandbox import seeds
from dstore.storage.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    from dstore.cli.demo_merchant import Login
    from dstore.sandbox.seeds import Json

READY_SECONDS = 20
POS, ISV = "demo-pos", "demo-isv"


class DemoError(Exception):
    """The demo can not go on; the text says why."""


class Seen(NamedTuple):
    """What one call cost."""

    title: str
    path: str
    size: int
    milliseconds: float
    code: str


def demo(*, port: int | None = None) -> None:
    """Start the platform on a throw-away SQLite database, feed four shops, print links; stays up until Ctrl-C."""
    # Else the folder would stay behind; and a shell starts what is in the background with Ctrl-C ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="dstore-demo-"))
    try:
        with _listening(port) as listener:
            _run(console, folder, listener)
    except KeyboardInterrupt:
        console.print("\nstopped; the demo's database is deleted")
    except DemoError as fault:
        console.print(f"[red]{fault}[/]")
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(console: Console, folder: Path, listener: socket.socket) -> None:
    url = f"sqlite:///{folder / 'dstore.db'}"
    callers, platform_key = _make_partners(folder, url)
    console.print(f"database and keys are in {folder}")
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with _served(folder, url, listener) as process:
        _await_ready(process, f"{origin}/readyz", folder)
        console.print(f"the platform answers at {origin}")
        feeder = Feeder(console, origin, callers, platform_key)
        feeder.feed(seeds.feeds())
        people = _set_up_shops(url)
        feeder.feed(seeds.later_feeds())
        feeder.fail()
        _show(console, origin, folder, feeder.seen)
        _show_people(console, origin, people)
        console.print("\nCtrl-C stops the demo and deletes its database.")
        process.wait()


def _make_partners(folder: Path, url: str) -> tuple[dict[str, RSAPrivateKey], RSAPublicKey]:
    """Set the database up and give two partners keys of their own."""
    opening.migrate(url)
    callers: dict[str, RSAPrivateKey] = {}
    database = open_database(url)
    for client_id, name in ((POS, "Demo POS provider"), (ISV, "Demo ISV")):
        key = callers[client_id] = keys.new_private_key()
        file = folder / f"{client_id}.pem"
        file.touch(mode=0o600)
        file.write_text(keys.private_pem(key), encoding="utf-8")
        public = keys.public_pem(key.public_key())
        database.transact_now(
            partial(partners.add_partner, name=name, client_id=client_id, public_key=public, now=datetime.now(UTC))
        )
    platform_key = database.read_now(partners.read_ring).platform.key.public_key()
    (folder / "platform.pub").write_text(keys.public_pem(platform_key), encoding="utf-8")
    database.close()
    return callers, platform_key


@contextmanager
def _served(folder: Path, url: str, listener: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """Serve in a process of its own, on our socket; its log goes to a file beside the database."""
    chosen, _ = settings.load({}, database=url)
    environment = {**os.environ, **settings.to_environment(chosen)}
    number = listener.fileno()
    with (folder / "requests.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "dstore", "serve", "--fd", str(number)],
            env=environment,
            stdout=log,
            stderr=log,
            pass_fds=[number],
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            process.kill()


def _await_ready(process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own address
            return
        time.sleep(0.03)
    tail = (folder / "requests.log").read_text(encoding="utf-8", errors="replace")[-2000:]
    raise DemoError(f"the server did not start\n{tail}")


class Feeder:
    """Makes signed calls and notes what each cost; every answer is verified."""

    def __init__(
        self, console: Console, origin: str, callers: dict[str, RSAPrivateKey], platform_key: RSAPublicKey
    ) -> None:
        self._console = console
        self._origin = origin
        self._callers = callers
        self._platform_key = platform_key
        self._transport = HttpTransport(allow_http=True)
        self.seen: list[Seen] = []

    def feed(self, feeds: list[tuple[str, str, Json]]) -> None:
        """Make calls that all succeed; DemoError when one does not."""
        with self._console.status("feeding") as status:
            for title, path, content in feeds:
                status.update(f"feeding {title}")
                self._send(title, self._signed(path, content), "S")

    def fail(self) -> None:
        """Make two calls that are refused, for the list of requests: a body changed after signing, a price missing."""
        [(_, path, content)] = seeds.later_feeds()[:1]
        call = self._signed(path, {**content, "requestId": "refused-1"})
        self._send("changed after signing", replace(call, body=call.body + b"\n"), "F")
        nameless = [{"posProductId": "tea", "type": "SINGLE", "status": "AVAILABLE", "name": "Tea"}]
        self._send(
            "a price is missing", self._signed(path, {**content, "requestId": "refused-2", "products": nameless}), "F"
        )

    def _signed(self, path: str, content: Json) -> SignedCall:
        client_id = POS if path.startswith("/v2/pos/") else ISV
        body = msgspec.json.encode(content)
        return sign_call(path, body, client_id, self._callers[client_id], datetime.now(UTC))

    def _send(self, title: str, call: SignedCall, wanted: str) -> None:
        began = time.perf_counter()
        reply = self._transport.post(self._origin, call)
        spent = (time.perf_counter() - began) * 1000
        answer = read_answer(call, reply, self._platform_key)
        if answer.status != wanted or answer.distrust:
            raise DemoError(f"{title}: {answer.code} {answer.message} {answer.distrust}")
        self.seen.append(Seen(title, call.target, len(call.body), spent, answer.code))


def _set_up_shops(url: str) -> list[Login]:
    """Make people who may sign in, and do what a merchant does in the Console, beside the running server."""
    database, now = open_database(url), datetime.now(UTC)
    people = database.transact_now(partial(demo_merchant.add_people, client_id=POS, now=now))
    database.transact_now(partial(demo_merchant.set_up_shops, now=now))
    database.close()
    return people


def _show_people(console: Console, origin: str, people: list[Login]) -> None:
    console.print(f"\nThe Console, for merchants and operators:  {origin}/console", soft_wrap=True, highlight=False)
    table = Table("login", "password", "role", "sees")
    for one in people:
        sees = "everything" if one.role is Role.OPERATOR else f"the stores of {seeds.ACCOUNT}"
        table.add_row(one.login, one.password, one.role, sees)
    console.print(table)


def _show(console: Console, origin: str, folder: Path, seen: list[Seen]) -> None:
    table = Table("fed", "API", "bytes", "ms", "answer", title="What the demo saw: signed calls, every answer verified")
    for one in seen:
        table.add_row(one.title, one.path.rpartition("/")[2], f"{one.size:,}", f"{one.milliseconds:.1f}", one.code)
    console.print(table)
    stores = msgspec.json.decode(_read(f"{origin}/storefront/v1/stores")[0])["stores"]
    _show_pages(console, origin, stores)
    console.print("\nWhat diners' clients read:")
    for store in stores:
        link = f"{origin}/storefront/v1/stores/{store['id']}/menu"
        body, spent = _read(link)
        console.print(
            f"  {store['name']:16} {link}  ({len(body):,} bytes, {spent:.1f} ms)", soft_wrap=True, highlight=False
        )
    for title, link in (
        ("all stores", "/storefront/v1/stores"),
        ("API reference", "/docs"),
        ("API description", "/openapi.json"),
    ):
        console.print(f"  {title:16} {origin}{link}", soft_wrap=True, highlight=False)
    file = folder / "sold-out.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(_sold_out()), indent=2) + b"\n")
    console.print("\nA signed call to paste; kaya toast is sold out after it:")
    console.print(
        f"  {Path(sys.executable).with_name('dstore')} call syncProduct {file} --url {origin} --client-id {POS}"
        f" --key {folder / POS}.pem --platform-key {folder / 'platform.pub'}",
        soft_wrap=True,
        highlight=False,
    )


def _show_pages(console: Console, origin: str, stores: list[dict[str, str]]) -> None:
    console.print("\nWhat diners see:")
    for store in stores:
        console.print(f"  {store['name']:16} {origin}/s/{store['id']}", soft_wrap=True, highlight=False)
    [coffee] = [store["id"] for store in stores if store["name"] == seeds.COFFEE_SHOP]
    table = f"{origin}/s/{coffee}"
    for title, link in (("all of them", f"{origin}/s"), ("at table 12", f"{table}?table=12"), ("its QR code", f"{table}/qr.svg?table=12")):  # fmt: skip
        console.print(f"  {title:16} {link}", soft_wrap=True, highlight=False)


def _read(url: str) -> tuple[bytes, float]:
    """Return what a URL of our own gives, and the milliseconds it took."""
    began = time.perf_counter()
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
        body: bytes = answer.read()
    return body, (time.perf_counter() - began) * 1000


def _sold_out() -> dict[str, object]:
    products = [{"posProductId": "kaya-toast", "status": "SOLDOUT"}]
    return {
        "requestId": "demo-1",
        "posAccountId": seeds.ACCOUNT,
        "store": {"posStoreId": "coffee"},
        "products": products,
    }


def _listening(port: int | None) -> socket.socket:
    """Listen on a port; where none is named, on 8080 if nobody has it, else on one that is free.

    The server gets the very socket: whatever is answered there is answered by it, and not by somebody who was quicker.
    """
    for wanted in (8080, 0) if port is None else (port,):
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", wanted))
    raise DemoError(f"port {port} of 127.0.0.1 is taken" if port else "no port is free on 127.0.0.1")
