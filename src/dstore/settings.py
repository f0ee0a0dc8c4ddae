"""Every setting once: name, default, meaning. Read once at start from the environment and passed on.

`DSTORE_NAME` sets a setting, `DSTORE_NAME_FILE` reads it from a file (for secrets), the command line goes
before both. `dstore settings` prints what is in force and where it came from.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dstore.mendable import MendableError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "DSTORE_"


class SettingError(MendableError, ValueError):
    """A setting has a value that can not be used."""


def _setting(default: Any, meaning: str, one_of: tuple[str, ...] = (), *, is_secret: bool = False) -> Any:
    return field(default=default, metadata={"help": meaning, "one_of": one_of, "is_secret": is_secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force."""

    database: str = _setting("sqlite:///dstore.db", "Database URL: sqlite:///file.db or postgresql://user@host/name.")
    durability: str = _setting(
        "full",
        "SQLite: full survives power loss; normal may lose the last acknowledged calls then.",
        ("full", "normal"),
    )
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8080, "Port to listen on.")
    workers: int = _setting(1, "Processes to serve with.")
    trusted_proxies: str = _setting(
        "127.0.0.1", "Addresses whose X-Forwarded-For is believed, comma-separated; * for all."
    )
    address_rate: int = _setting(1000, "Calls a second from one address, checked before the signature; 0 is no limit.")
    partner_rate: int = _setting(300, "Calls a second of one partner, checked after the signature; 0 is no limit.")
    burst_seconds: int = _setting(5, "Seconds' worth of calls that may come at once.")
    body_limit: int = _setting(64 * 1024 * 1024, "Bytes of one request body.")
    body_budget: int = _setting(256 * 1024 * 1024, "Bytes of all bodies being received or worked on in one process.")
    body_seconds: int = _setting(30, "Seconds in which a body must arrive.")
    answer_seconds: int = _setting(7, "Seconds after which a call that is not done is answered U.")
    large_answer_seconds: int = _setting(60, "The same for bodies over 1 MiB.")
    async_over: int = _setting(
        0, "Bytes over which a body of an initialize call is answered A and worked on afterwards; 0 is never."
    )
    freshness_seconds: int = _setting(0, "How far request-time may be from now, in seconds; 0 does not check.")
    copy_seconds: int = _setting(
        86_400,
        "An exact copy of a call without requestId, within this time, gets the first answer; 0 applies it again.",
    )
    once_changed_body: str = _setting(
        "replay", "A used requestId with another body: replay the stored result, or refuse.", ("replay", "refuse")
    )
    signature_memo: int = _setting(4096, "Answer signatures kept for reuse within their second; 0 signs each anew.")
    accounts: str = _setting(
        "first",
        "A new posAccountId belongs to the first partner that uses it, or must be granted.",
        ("first", "granted"),
    )
    default_zone: str = _setting("Asia/Singapore", "Zone of POS stores' times of day.")
    limits: str = _setting("", "Assumed limits to raise, for example products=50000,name=512; GET /limits shows all.")
    log: str = _setting("json", "One log line a request on standard output, or none.", ("json", "none"))
    metrics: int = _setting(1, "Whether GET /metrics is served.")
    operator_token: str = _setting(
        "",
        "Bearer token of the operator's endpoints below /operator/v1; while it is empty they answer 404.",
        is_secret=True,
    )
    cookies: str = _setting(
        "auto", "Cookies are secure where the browser came over TLS, or always.", ("auto", "secure")
    )
    session_hours: int = _setting(12, "Hours after which a session of the Console that is not used ends.")
    request_log: str = _setting(
        "keep", "Signed calls, with headers and bodies, are kept for the Console, or not.", ("keep", "none")
    )
    request_log_bytes: int = _setting(256 * 1024, "Bytes of each body that the request log keeps.")
    request_log_days: int = _setting(14, "Days after which a call leaves the request log.")
    request_log_rows: int = _setting(100_000, "Calls that the request log keeps; the oldest leave first.")
    request_log_strangers: int = _setting(
        60, "Calls a minute, in each process, that the request log keeps of callers whose signature was not verified."
    )
    undo_days: int = _setting(
        30, "Days for which a catalogue can be restored as it was before a change; 0 keeps nothing."
    )


def names() -> list[str]:
    """Return the names of all settings, in the order of the table."""
    return [one.name for one in fields(Settings)]


def load(environment: Mapping[str, str] | None = None, **given: Any) -> tuple[Settings, dict[str, str]]:
    """Return the settings and, for each, where its value came from. `given` comes from the command line."""
    environment = os.environ if environment is None else environment
    _refuse_unknown(environment)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for one in fields(Settings):
        variable = PREFIX + one.name.upper()
        values[one.name], sources[one.name] = one.default, "default"
        if given.get(one.name) is not None:
            values[one.name], sources[one.name] = given[one.name], "command line"
        elif variable in environment:
            values[one.name], sources[one.name] = environment[variable], variable
        elif variable + "_FILE" in environment:
            text = Path(environment[variable + "_FILE"]).read_text(encoding="utf-8").strip()
            values[one.name], sources[one.name] = text, variable + "_FILE"
        values[one.name] = _fit(one, values[one.name])
    return Settings(**values), sources


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that make another process load the same settings."""
    return {PREFIX + name.upper(): str(getattr(settings, name)) for name in names()}


def _fit(one: Any, value: Any) -> Any:
    if isinstance(one.default, int):
        try:
            number = int(value)
        except ValueError:
            raise SettingError(f"{one.name}: {value!r} is not a whole number") from None
        if number < 0:
            raise SettingError(f"{one.name}: {number} is below 0")
        return number
    if one.metadata["one_of"] and value not in one.metadata["one_of"]:
        raise SettingError(f"{one.name}: {value!r} is not one of {', '.join(one.metadata['one_of'])}")
    return str(value)


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in names()}
    for variable in environment:
        is_of_tests = variable.startswith(PREFIX + "TEST_")  # what the project's own tests are told
        if variable.startswith(PREFIX) and not is_of_tests and variable.removesuffix("_FILE") not in known:
            raise SettingError(f"{variable} is not a setting; `dstore settings` lists them")


def meanings() -> dict[str, str]:
    """Return what each setting means."""
    return {one.name: one.metadata["help"] for one in fields(Settings)}


def shown(chosen: Settings, name: str) -> str:
    """Return a setting's value as people may see it: without secrets."""
    value = str(getattr(chosen, name))
    is_secret = next(one.metadata["is_secret"] for one in fields(Settings) if one.name == name)
    return "***" if is_secret and value else without_secrets(value)


def without_secrets(value: str) -> str:
    """Hide the passwords of a URL."""
    value = re.sub(r"(://[^:/@]+):[^@]*@", r"\1:***@", value)
    return re.sub(r"([?&]\w*password=)[^&]*", r"\1***", value)
