"""Samples of every API, defined once: the reference, the OpenAPI document, the tests and the tools read these.

A sample is a file `<family>/<number>-<api>.<name>.json` with `title`, `description` and `body`, and `warnings` where
the dry run has something to say about it. The samples of a family, sent in the order of their numbers to a platform
that knows none of their ids, all succeed.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from dstore.protocol.api import Api

WIDTH = 76
_NAME = re.compile(r"\d+-(?P<api>[A-Za-z]+)\.(?P<name>[a-z0-9-]+)\.json")


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message as a partner would send it. `warnings` are the rules that the dry run mentions."""

    title: str
    description: str
    body: dict[str, Any]
    warnings: list[str] = []
    family: str = ""
    api: str = ""
    name: str = ""

    @property
    def text(self) -> str:
        """The message as JSON for people: what fits on a line stands on one."""
        return laid_out(self.body)

    @property
    def compact(self) -> bytes:
        """The message as it goes over the wire."""
        return msgspec.json.encode(self.body)


@cache
def all() -> tuple[Sample, ...]:  # noqa: A001 - read as samples.all()
    """Return all samples: family by family, in the order in which they succeed one after another."""
    folders = sorted((one for one in resources.files(__name__).iterdir() if one.is_dir()), key=lambda one: one.name)
    return tuple(
        _read(folder.name, file)
        for folder in folders
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".json")
    )


def of(api: Api) -> tuple[Sample, ...]:
    """Return the samples of one API, in their order."""
    family = api.path.split("/")[2]
    return tuple(one for one in all() if (one.family, one.api) == (family, api.name))


def _read(family: str, file: Traversable) -> Sample:
    """Read a sample; raise ValueError naming the file when it is none."""
    named = _NAME.fullmatch(file.name)
    if named is None:
        raise ValueError(f"samples/{family}/{file.name}: is not named <number>-<api>.<name>.json")
    try:
        sample = msgspec.json.decode(file.read_bytes(), type=Sample)
    except msgspec.DecodeError as fault:
        raise ValueError(f"samples/{family}/{file.name}: {fault}") from None
    return msgspec.structs.replace(sample, family=family, **named.groupdict())


def laid_out(value: Any, depth: int = 0) -> str:
    """Return a value as JSON for people: what fits on a line stands on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (depth and 2 * depth + len(flat) <= WIDTH):
        return flat
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        lines = [inner + laid_out(one, depth + 1) for one in value]
        return "[\n" + ",\n".join(lines) + f"\n{outer}]"
    lines = [
        f"{inner}{json.dumps(name, ensure_ascii=False)}: {laid_out(one, depth + 1)}" for name, one in value.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{outer}}}"
