"""Any history of calls, with copies, faults and restarts in between, leaves what a simple model says."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import apsw
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dstore import app
from dstore.storage.postgres_transaction import PostgresTransaction
from dstore.storage.sqlite_transaction import SqliteTransaction
from model import messages
from model.shops import RefusedError, Shops

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform

Json = dict[str, Any]
KINDS = {3: "menu", 4: "category", 5: "item", 6: "addon", 7: "group"}
ADDS = {
    "menu": ("addMenu", "menu"), "category": ("addCategory", "category"), "item": ("addItem", "item"),
    "addon": ("addItem", "item"), "group": ("addModifierGroup", "modifierGroup"),
}  # fmt: skip
UPDATES = {
    "menu": "updateMenu", "category": "updateCategory", "item": "updateItem", "addon": "updateItem",
    "group": "updateModifierGroup",
}  # fmt: skip
_numbers = count()
BACKGROUND = ("loose_tree", "delete from entry", "delete from removed", "delete from undo", "request_batch")


class Trouble:
    """Lets the database fail at one statement of the next call."""

    def __init__(self, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        is_sqlite = platform.url.startswith("sqlite")
        self._fault: Exception = apsw.IOError("made up") if is_sqlite else psycopg.OperationalError("made up")
        transaction: type = SqliteTransaction if is_sqlite else PostgresTransaction
        for verb in ("run", "put", "many", "load"):
            monkeypatch.setattr(transaction, verb, self._between(getattr(transaction, verb)))

    def _between(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        def troubled(*arguments: Any) -> Any:
            # What sweeps and logs in the background shall not take the call's turn.
            if not any(words in arguments[1] for words in BACKGROUND):
                self.left -= 1
                if self.left == 0:
                    raise self._fault
            return verb(*arguments)

        return troubled


class Histories(RuleBasedStateMachine):
    """One partner's calls, one after another, told to the platform and to the model."""

    platform: Platform
    trouble: Trouble

    def __init__(self) -> None:
        super().__init__()
        self.partner = f"model-{next(_numbers)}"
        self.platform.add_partner(self.partner, "c1")
        self.model = Shops()
        self.last: tuple[str, Json, str] | None = None

    def tell(self, api: str, body: Json, change: Callable[[Shops], None]) -> None:
        """Make a call; the model says what the answer is and what is there afterwards."""
        after = deepcopy(self.model)
        try:
            change(after)
            expected, self.model = "SUCCESS", after
        except RefusedError as refusal:
            expected = str(refusal)
        answer = self.call(api, body)
        assert answer.code == expected, (api, body, answer.result)
        self.last = (api, body, expected)

    def call(self, api: str, body: Json) -> Any:
        """Make a call at a moment of its own, so that no other is a copy of it."""
        self.platform.clock.advance(timedelta(seconds=1))
        time = self.platform.clock.now().isoformat(timespec="seconds")
        return self.platform.call(api, body, client_id=self.partner, key_name="c1", time=time)

    @rule(stores=some.lists(messages.tree(), min_size=1, max_size=2, unique_by=lambda one: one["storeInfo"]["storeId"]))
    def initialize(self, stores: list[Json]) -> None:
        """Feed one store or both, each whole."""
        body = {"requestId": f"r{next(_numbers)}", "stores": stores}
        self.tell("initializeStore", body, lambda model: model.initialize(deepcopy(body)))

    @rule(store=messages.store_info())
    def add_store(self, store: Json) -> None:
        """Add a store."""
        body = {"requestId": f"r{next(_numbers)}", "store": store}
        self.tell("addStore", body, lambda model: model.add_store(deepcopy(body)))

    @rule(
        made=some.sampled_from(sorted(ADDS)).flatmap(lambda kind: some.tuples(some.just(kind), messages.placed(kind)))
    )
    def add(self, made: tuple[str, Json]) -> None:
        """Add an object to a store."""
        kind, doc = made
        api, member = ADDS[kind]
        body = {"requestId": f"r{next(_numbers)}", member: doc}
        self.tell(api, body, lambda model: model.add(kind, deepcopy(doc)))

    @rule(
        made=some.sampled_from(sorted(UPDATES)).flatmap(
            lambda kind: some.tuples(some.just(kind), messages.update(kind))
        )
    )
    def update(self, made: tuple[str, Json]) -> None:
        """Change or delete what an id names."""
        kind, body = made
        self.tell(UPDATES[kind], body, lambda model: model.update(kind, deepcopy(body)))

    @rule(body=messages.store_update())
    def update_store(self, body: Json) -> None:
        """Change or delete a store."""
        self.tell("updateStore", body, lambda model: model.update_store(deepcopy(body)))

    @rule()
    def repeat(self) -> None:
        """Send the last call again: the same result, and no second effect."""
        if self.last is not None and "requestId" in self.last[1]:
            api, body, expected = self.last
            assert self.call(api, body).code == expected

    @rule(store=messages.store_info(), statement=some.integers(1, 6))
    def fail(self, store: Json, statement: int) -> None:
        """The database fails in the middle of a call: nothing of it is there, and the retry decides."""
        body = {"requestId": f"r{next(_numbers)}", "stores": [{"storeInfo": store, "menus": []}]}
        self.trouble.left = statement
        answer = self.call("initializeStore", body)
        was_hit, self.trouble.left = self.trouble.left <= 0, 0
        assert answer.code == ("UNKNOWN_EXCEPTION" if was_hit else "SUCCESS")
        if was_hit:
            self.the_platform_holds_what_the_model_says()
        self.tell("initializeStore", body, lambda model: model.initialize(deepcopy(body)))

    @rule()
    def restart(self) -> None:
        """Stop the platform and start it again on the same database."""
        self.platform.restart()

    @invariant()
    def the_platform_holds_what_the_model_says(self) -> None:
        """Compare every store, every object, its status and its place."""
        stores = self.platform.rows(
            "select s.ref, s.tree, s.doc from store s join partner p on p.id = s.partner_id"
            " where p.client_id = ? and s.feed = 'pds' and s.deleted = 0",
            self.partner,
        )
        living = {name: shop for name, shop in self.model.shops.items() if not shop.deleted}
        assert {ref: json.loads(doc) for ref, _, doc in stores} == {name: shop.doc for name, shop in living.items()}
        for ref, tree, _ in stores:
            rows = self.platform.rows(
                "select kind, key, status, doc from entry where tree = ? and deleted = 0 order by position", tree
            )
            found: dict[str, list[Any]] = {kind: [] for kind in KINDS.values()}
            for number, key, status, doc in rows:
                name = KINDS[number]
                parts = tuple(json.loads(key)) if name in {"menu", "category", "item"} else (key,)
                found[name].append((parts, status, json.loads(doc)))
            shop = living[ref]
            expected = {
                kind: [(key, shop.status.get((kind, key)), doc) for key, doc in shop.of[kind].items()]
                for kind in KINDS.values()
            }
            assert found == expected


@pytest.mark.parametrize(
    "histories", [12, pytest.param(200, marks=[pytest.mark.full, pytest.mark.timeout(1800)])], ids="{} histories".format
)
def test_every_history_leaves_what_the_model_says(
    platform: Platform, histories: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "TEND_SECONDS", 3600)
    platform.restart(copy_seconds=0, request_log="none")
    parts = {"platform": platform, "trouble": Trouble(platform, monkeypatch)}
    run_state_machine_as_test(
        type("HistoriesHere", (Histories,), parts),
        settings=settings(
            max_examples=histories, stateful_step_count=40, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
