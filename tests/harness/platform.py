"""The platform in this process: the real application over ASGI, on a real database."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from dstore import app, partners, settings
from dstore.protocol import keys
from dstore.storage import schema
from dstore.storage.opening import dialect, open_database
from harness import caller
from harness.caller import PATHS, Answer
from harness.clock import SetClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.storage.port import Database


@cache
def _public_key(pem: str) -> Any:
    """Return a private key's public key; reading one takes longer than a call, so each is read once."""
    return keys.read_private_key(pem).public_key()


class Platform:
    """An application with a partner `c1` (key version 1); its clock stands still until it is set."""

    def __init__(self, database_url: str, **chosen: Any) -> None:
        self.url = database_url
        self.clock = SetClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
        self.database: Database = open_database(database_url)
        schema.migrate(self.database, dialect(database_url))
        # A key of the process's own: making one takes longer than most tests.
        own = (1, keys.private_pem(caller.key("platform")), 0)
        insert = "insert into platform_key (version, private_key, created) values (?, ?, ?)"
        self.transact(lambda one: one.run(insert, own))
        self.add_partner("c1")
        self._chosen = {"log": "none", "address_rate": 0, "partner_rate": 0, **chosen}
        self._loop = asyncio.new_event_loop()
        self._start()

    def _start(self) -> None:
        self._messages: asyncio.Queue[Any] = asyncio.Queue()
        self.application = app.build(settings.load({}, database=self.url, **self._chosen)[0], self.clock)
        self._started, self._stopped = asyncio.Event(), asyncio.Event()
        self._lifespan = self._loop.create_task(self._live())
        self._loop.run_until_complete(self._started.wait())

    async def _live(self) -> None:
        await self._messages.put({"type": "lifespan.startup"})

        async def send(message: Any) -> None:
            (self._started if "startup" in message["type"] else self._stopped).set()

        await self.application({"type": "lifespan", "state": {}}, self._messages.get, send)

    def _stop(self) -> None:
        self._loop.run_until_complete(self._messages.put({"type": "lifespan.shutdown"}))
        self._loop.run_until_complete(self._lifespan)

    def restart(self, **chosen: Any) -> None:
        """Stop the application and build it anew on the same database, perhaps with other settings."""
        self._stop()
        self._chosen.update(chosen)
        self._start()

    def close(self) -> None:
        """Stop the application and let go of the database."""
        self._stop()
        self._loop.close()
        self.database.close()

    def transact(self, job: Callable[[Any], Any]) -> Any:
        """Run a job in a transaction beside the application, as another process would."""
        return self.database.transact_now(job)

    def rows(self, sql: str, *params: Any) -> list[Any]:
        """Look into the database."""
        return self.database.read_now(lambda reading: reading.rows(sql, params))

    def add_partner(self, client_id: str, key_name: str | None = None) -> int:
        """Add a partner, or a further key; return the key's version."""
        pem = caller.public_pem(key_name or client_id)
        now = self.clock.now()
        version: int = self.transact(lambda one: partners.add_partner(one, client_id, client_id, pem, now))
        return version

    def call(self, api: str, body: Any, *, client_id: str = "c1", **signing: Any) -> Answer:
        """Make a signed call and check the answer against the wire contract."""
        target = PATHS.get(api, api)
        raw = caller.to_bytes(body)
        signing.setdefault("key_name", client_id)
        signing.setdefault("time", self._time())
        headers = caller.signed_headers(target, raw, client_id=client_id, **signing)
        return self.send("POST", target, headers, raw)

    def _time(self) -> str:
        return self.clock.now().isoformat(timespec="seconds")

    def call_all(self, calls: list[tuple[str, Any]]) -> list[Answer]:
        """Make signed calls of `c1` at once and return their answers in order."""

        async def together() -> list[Answer]:
            return list(await asyncio.gather(*(self._signed(api, body) for api, body in calls)))

        return self._loop.run_until_complete(together())

    async def _signed(self, api: str, body: Any) -> Answer:
        target, raw = PATHS.get(api, api), caller.to_bytes(body)
        return await self._exchange("POST", target, caller.signed_headers(target, raw, time=self._time()), raw)

    def send(self, method: str, target: str, headers: caller.Headers, body: bytes = b"") -> Answer:
        """Send a request with just these headers; check the answer of a signed path."""
        answer = self._loop.run_until_complete(self._exchange(method, target, headers, body))
        if target.startswith("/v2/"):
            client_id = dict(headers).get("client-id", "")
            caller.check_contract(answer, target, client_id, self.platform_key())
        return answer

    def get(self, target: str, **headers: str) -> Answer:
        """Read one of the unsigned endpoints."""
        return self.send("GET", target, [(name.replace("_", "-"), value) for name, value in headers.items()])

    def menu(self, index: int = 0) -> Any:
        """Return the menu document of a store, by its place in the storefront's list."""
        store = json.loads(self.get("/storefront/v1/stores").body)["stores"][index]
        return json.loads(self.get(f"/storefront/v1/stores/{store['id']}/menu").body)

    def platform_key(self) -> Any:
        """Return the platform's public key."""
        [[pem]] = self.database.rows_now("select private_key from platform_key order by version desc limit 1")
        return _public_key(pem)

    async def _exchange(self, method: str, target: str, headers: caller.Headers, body: bytes) -> Answer:
        path, _, query = target.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method, "root_path": "",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "client": ("127.0.0.1", 4000), "server": ("test", 80),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }  # fmt: skip
        incoming = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Any] = []

        async def receive() -> Any:
            return incoming.pop(0) if incoming else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        names = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
        cookies = tuple(value.decode("latin-1") for name, value in sent[0]["headers"] if name == b"set-cookie")
        return Answer(sent[0]["status"], names, b"".join(one.get("body", b"") for one in sent[1:]), cookies)
