"""What an API is: a path, a message type, and the function that turns a message into a change.

    @api("/v2/pds/store/updateBrand")
    def update_brand(message: UpdateBrand, clears: Clears) -> Change:
        ...

Nothing else is registered: routing, validation, once-only, OpenAPI, the reference and the contract tests read
the functions that `collect` finds.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, get_type_hints

import msgspec

from dstore.findings import Finding, some_of
from dstore.protocol import reading
from dstore.results import MOST_FINDINGS, ParamIllegal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from types import ModuleType

Clears = frozenset[str]
"""The members of an update that were sent empty: fields to be deleted."""

_EMPTY = re.compile(rb'\s*(?:""|\{\s*\}|\[\s*\])\s*')


class Change(Protocol):
    """What a message asks for, worked out without the database; applied in one transaction."""

    @property
    def is_short(self) -> bool:
        """Whether `apply` takes a few statements and moments, however much its store holds."""
        ...

    @property
    def home(self) -> Hashable | None:
        """The store that `apply` locks first of all, if there is one store that it is about."""
        ...

    def prepare(self, database: Any, caller: Any) -> None:
        """Do ahead of the transaction what would hold it up; called only for large bodies, on their own thread."""
        ...

    def foresee(self, work: Any) -> None:
        """Say what `apply` asks first, if that is known: it travels with what is asked of every call before."""
        ...

    def apply(self, work: Any) -> None:
        """Make the change; a Refusal undoes it."""
        ...


class Plan(NamedTuple):
    """What a body asks for: its requestId if it has one, the change, and what is doubtful in it."""

    request_id: str | None
    change: Change
    doubts: list[Finding]


@dataclass(frozen=True, slots=True)
class Api:
    """One API of the family."""

    path: str
    aliases: tuple[str, ...]
    message: type[Any]
    function: Callable[..., Change]
    takes_clears: bool
    large: type[Any] | None
    may_defer: bool = False

    @property
    def name(self) -> str:
        """The API's name as the pages have it, such as syncProduct."""
        return self.path.rpartition("/")[2]

    @property
    def has_request_id(self) -> bool:
        """Whether the message names its request; update calls do not."""
        return "request_id" in self.message.__struct_fields__

    @property
    def summary(self) -> str:
        """What the API promises, in a sentence or two."""
        return inspect.getdoc(self.function) or ""

    def read(self, body: bytes) -> tuple[Any, Clears, list[Finding]]:
        """Decode and check a body; return it with its doubts, or raise ParamIllegal with every finding."""
        clears: Clears = frozenset()
        if self.takes_clears:
            body, clears = _without_empty(body)
        message = reading.read(body, self.message)
        return message, clears, refuse_errors(message.check())

    def plan(self, body: bytes, *, is_large: bool) -> Plan:
        """Turn a body into a plan; raise a Refusal when it can not be.

        A large body's bulk may stay in bytes until the change is prepared; its doubts join the plan's then.
        """
        if is_large and self.large is not None:
            bulky = reading.read(body, self.large)
            doubts: list[Finding] = []
            return Plan(bulky.request_id, bulky.change(doubts), doubts)
        message, clears, doubts = self.read(body)
        return Plan(getattr(message, "request_id", None), self.change(message, clears), doubts)

    def change(self, message: Any, clears: Clears) -> Change:
        """Turn a message into a change; may raise a Refusal."""
        return self.function(message, clears) if self.takes_clears else self.function(message)

    def findings(self, body: bytes) -> list[Finding]:
        """Return what the dry run has to say about a body, errors first; the last one says so where it is not all."""
        found: list[Finding] = []
        try:
            clears = _without_empty(body)[1] if self.takes_clears else frozenset()
            found += reading.findings(body, self.message, clears)
            if not any(one.is_error for one in found):
                message, clears, doubts = self.read(body)
                found += doubts
                self.change(message, clears)
        except ParamIllegal as refusal:
            found += refusal.findings
        found.sort(key=lambda one: not one.is_error)
        if len(found) < MOST_FINDINGS:
            return found
        cut = Finding("", "findings.cut", f"there may be more to say; the first {MOST_FINDINGS:,} findings are listed")
        return [*found[:MOST_FINDINGS], cut]


def refuse_errors(found: Iterable[Finding]) -> list[Finding]:
    """Raise ParamIllegal when there are errors among the findings; else return the doubts. Of either at most 1,000."""
    some = some_of(found, MOST_FINDINGS)
    errors = [one for one in some if one.is_error]
    if errors:
        raise ParamIllegal.because(errors)
    return some


def api(
    path: str, *aliases: str, large: type[Any] | None = None, may_defer: bool = False
) -> Callable[[Callable[..., Change]], Callable[..., Change]]:
    """Mark a function as the API at `path`, also served under `aliases`.

    `large` is the message with its bulk left in bytes and a method `change(doubts)`; large bodies are read as that.
    `may_defer` lets the operator have bodies over a size answered A and worked on afterwards.
    """

    def mark(function: Callable[..., Change]) -> Callable[..., Change]:
        hints = get_type_hints(function)
        takes_clears = "clears" in hints
        function.api = Api(path, aliases, hints["message"], function, takes_clears, large, may_defer)  # type: ignore[attr-defined]
        return function

    return mark


def collect(package: ModuleType) -> dict[str, Api]:
    """Return every API below a package by each path it is served under; two on one path are refused."""
    found: dict[str, Api] = {}
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        module = importlib.import_module(info.name)
        for function in vars(module).values():
            one = getattr(function, "api", None)
            if not isinstance(one, Api) or function.__module__ != module.__name__:
                continue
            for path in (one.path, *one.aliases):
                if path in found:
                    raise ValueError(f"{path} is served by {found[path].function.__name__} and {function.__name__}")
                found[path] = one
    return found


def named(apis: dict[str, Api], name: str) -> Api:
    """Return the API with this path or name; of several of a name the one with the shortest path, in parts.

    Raises KeyError with the choices when there is none, or not one.
    """
    one = apis.get(name) or apis.get("/" + name.lstrip("/"))
    if one is None:
        hits = {each.path: each for each in apis.values() if name in (each.name, each.path.removeprefix("/v2/"))}
        parts = [path.count("/") for path in hits]
        nearest = [each for path, each in hits.items() if path.count("/") == min(parts)]
        if len(nearest) == 1:
            return nearest[0]
        choices = sorted(hits or {each.path for each in apis.values()})
        raise KeyError(f"{name}: name one of {', '.join(choices)}")
    return one


def _without_empty(body: bytes) -> tuple[bytes, Clears]:
    """Take the empty members off an update: empty means delete, whatever the member's type."""
    members = reading.read(body, dict[str, msgspec.Raw])
    empty = frozenset(name for name, raw in members.items() if _EMPTY.fullmatch(raw))
    if empty:
        body = msgspec.json.encode({name: raw for name, raw in members.items() if name not in empty})
    return body, empty
