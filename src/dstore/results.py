"""Every result code once, and the refusal that carries one.

The codes, their statuses and default messages are those of the syncStore and syncProduct pages;
the F&B family uses the same list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.findings import Finding

MESSAGE_LIMIT = 256
MOST_FINDINGS = 1_000
"""Findings that are collected of one message: where there are so many, there may be more."""
PATH_LEFT = 60
"""Characters of a path that remain at least where a message is too long."""


class Code(Enum):
    """A result code: its status (S, A, F or U), its default message and what the caller should do."""

    SUCCESS = ("S", "success", "Nothing.")
    ACCEPT = (
        "A",
        "accepted; send the same request again for its result",
        "Send the same request again with the same requestId, every few seconds, until the answer is S or F.",
    )
    PROCESS_FAIL = (
        "F",
        "A general business failure occurred. Do not retry.",
        "The state of the store forbids it; read the message and correct the data or the order of calls.",
    )
    PARAM_ILLEGAL = (
        "F",
        "Illegal parameters. For example, non-numeric input, invalid date.",
        "Correct the header or the member that the message names, and send it under a new requestId.",
    )
    INVALID_API = ("F", "The called API is invalid or not active.", "Check the path and use POST.")
    INVALID_SIGNATURE = (
        "F",
        "Signature is invalid.",
        "Check key, signed content and algorithm; `dstore explain` names the usual mistakes.",
    )
    ACCESS_DENIED = (
        "F",
        "Access is denied",
        "The client-id is unknown or disabled, or the account belongs to another partner; ask the operator.",
    )
    REQUEST_TRAFFIC_EXCEED_LIMIT = ("F", "The request traffic exceeds the limit.", "Call less often, then retry.")
    UNKNOWN_EXCEPTION = (
        "U",
        "An API calling is failed, which is caused by unknown reasons.",
        "Send the same request again with the same requestId.",
    )

    def __init__(self, status: str, message: str, advice: str) -> None:
        self.status = status
        self.message = message
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer says: a code and a message of at most 256 characters."""

    code: Code
    message: str

    @classmethod
    def of(cls, code: Code, message: str | None = None) -> Result:
        """Return a result whose message is cut to the documented 256 characters."""
        text = code.message if message is None else message
        return cls(code, text if len(text) <= MESSAGE_LIMIT else text[: MESSAGE_LIMIT - 1] + "…")


SUCCESS = Result.of(Code.SUCCESS)
ACCEPTED = Result.of(Code.ACCEPT)


class Refusal(Exception):  # noqa: N818 - a refusal is a documented answer, not an error of ours
    """A request is answered with a failure; nothing of it is applied."""

    code = Code.PROCESS_FAIL

    def __init__(self, message: str | None = None, findings: Sequence[Finding] = ()) -> None:
        self.result = Result.of(self.code, message)
        self.findings = findings
        super().__init__(self.result.message)

    @classmethod
    def because(cls, findings: Sequence[Finding]) -> Refusal:
        """Refuse with the first finding, saying how many more there are, or were collected."""
        more = len(findings) - 1
        tail = f" (and {more:,} {'or more' if len(findings) >= MOST_FINDINGS else 'more'})" if more else ""
        return cls(_within(MESSAGE_LIMIT - len(tail), findings[0]) + tail, findings)


def _within(room: int, finding: Finding) -> str:
    """Return a finding's sentence, cut to some characters: first the middle of a long path, then the end."""
    sentence, path = finding.sentence, finding.path
    too_many = len(sentence) - room
    if too_many > 0 and len(path) > PATH_LEFT:
        left = max(PATH_LEFT, len(path) - too_many) - 1
        short = f"{path[: left // 2]}…{path[left // 2 - left :]}"
        sentence = sentence.replace(path, short, 1)
    return sentence if len(sentence) <= room else sentence[: room - 1] + "…"


class InvalidApi(Refusal):
    """The path or method is not one of ours."""

    code = Code.INVALID_API


class ParamIllegal(Refusal):
    """A header or member is missing, unreadable or out of its limits, or names nothing that exists."""

    code = Code.PARAM_ILLEGAL


class AccessDenied(Refusal):
    """The caller is unknown, disabled, or speaks for another partner's account."""

    code = Code.ACCESS_DENIED


class InvalidSignature(Refusal):
    """The signature does not verify under the partner's key."""

    code = Code.INVALID_SIGNATURE


class Unfit(Exception):  # noqa: N818 - as a refusal
    """A message is refused for what it is, in the middle of its transaction: as always then, that is not remembered."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class TooMuchTraffic(Refusal):
    """The caller exceeds its rate, or the platform is full."""

    code = Code.REQUEST_TRAFFIC_EXCEED_LIMIT


class ProcessFail(Refusal):
    """The state of things forbids the change."""

    code = Code.PROCESS_FAIL


class UnavailableError(Exception):
    """Something that an answer needs is away: nothing was applied, or it is not known. The caller is told U."""


class UnknownException(Refusal):
    """The outcome is not known to us in time; the caller repeats the request."""

    code = Code.UNKNOWN_EXCEPTION
