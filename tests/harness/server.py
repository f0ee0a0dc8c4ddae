"""The platform as a user runs it: `dstore serve` in its own process group, over real sockets."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dstore import partners
from dstore.cli.opening import migrate
from dstore.clock import SystemClock
from dstore.storage.opening import open_database
from harness import caller
from harness.caller import PATHS, Answer

if TYPE_CHECKING:
    from types import TracebackType

READY_SECONDS = 20


class Server:
    """A running server with a partner `c1`; it can be killed and started again on the same database."""

    def __init__(self, database_url: str, *, workers: int = 1, prefix: tuple[str, ...] = (), **variables: str) -> None:
        self.url = database_url
        self.prefix = prefix
        self.port = _free_port()
        self.workers = workers
        # What a killed server leaves behind goes with the test.
        self.temporary = tempfile.TemporaryDirectory(prefix="dstore-server-")
        self.variables = {
            "TMPDIR": self.temporary.name,
            "DSTORE_LOG": "none",
            "DSTORE_ADDRESS_RATE": "0",
            "DSTORE_PARTNER_RATE": "0",
            **variables,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._terminated = 0.0
        self.log = tempfile.NamedTemporaryFile(prefix="dstore-log-", suffix=".txt")  # noqa: SIM115 - lives with the server

    def __enter__(self) -> Self:
        migrate(self.url)
        database = open_database(self.url)
        pem = caller.public_pem("c1")
        database.transact_now(lambda one: partners.add_partner(one, "Partner One", "c1", pem, SystemClock().now()))
        self.platform_key = database.read_now(partners.read_ring).platform.key.public_key()
        database.close()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is not None:
            print(Path(self.log.name).read_text(errors="replace")[-4000:])
        self.close()

    def close(self) -> None:
        """Kill the server, and delete what it kept beside its database."""
        self.kill()
        self.log.close()
        self.temporary.cleanup()

    def dstore(self, *arguments: str) -> str:
        """Run the command line; return what it prints."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DSTORE_")}
        done = subprocess.run(
            [sys.executable, "-m", "dstore", *arguments], env={**environment, **self.variables},
            check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> float:
        """Start the server and wait until it is ready; return the seconds that took."""
        began = time.monotonic()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DSTORE_")}
        self.process = subprocess.Popen(
            [*self.prefix, sys.executable, "-m", "dstore", "serve", "--port", str(self.port), "--workers", str(self.workers), "--database", self.url],
            env={**environment, **self.variables}, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        while time.monotonic() - began < READY_SECONDS:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/readyz").status == 200:
                    return time.monotonic() - began
            assert self.process.poll() is None, Path(self.log.name).read_text(errors="replace")[-4000:]
            time.sleep(0.02)
        raise AssertionError(
            "the server did not become ready\n" + Path(self.log.name).read_text(errors="replace")[-4000:]
        )

    def kill(self) -> None:
        """Kill the whole process group at once, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def terminate(self) -> None:
        """Send SIGTERM, as an init system does."""
        assert self.process is not None
        self._terminated = time.monotonic()
        self.process.terminate()

    def ended(self) -> tuple[int, float]:
        """Wait for the end after `terminate`; return the exit code and the seconds that took."""
        assert self.process is not None
        code = self.process.wait(timeout=30)
        self.process = None
        return code, time.monotonic() - self._terminated

    def group(self) -> int:
        """Return the id of the server's process group."""
        assert self.process is not None
        return self.process.pid

    def processes(self) -> list[int]:
        """Return the ids of all processes of the server (Linux)."""
        return sorted(int(one.name) for one in Path("/proc").glob("[0-9]*") if _group(one) == self.group())

    def call(self, api: str, body: Any, *, timeout: float = 30, **signing: Any) -> Answer:
        """Make a signed call on a connection of its own and check the answer against the wire contract."""
        target = PATHS.get(api, api)
        raw = caller.to_bytes(body)
        headers = caller.signed_headers(target, raw, **signing)
        answer = self.request("POST", target, dict(headers), raw, timeout=timeout)
        caller.check_contract(answer, target, dict(headers)["client-id"], self.platform_key)
        return answer

    def get(self, target: str, **headers: str) -> Answer:
        """Read one of the unsigned endpoints."""
        return self.request("GET", target, headers)

    def request(
        self, method: str, target: str, headers: dict[str, str], body: bytes | None = None, timeout: float = 30
    ) -> Answer:
        """Send one request and return the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()


def _group(process: Path) -> int:
    with contextlib.suppress(OSError):
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    return 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
