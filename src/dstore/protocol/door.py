"""The signed door: the steps of one request, from bytes to an answer that is always signed.

No API is named here, no food is known. Each step takes and returns values; the first Refusal answers.
"""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from dstore.protocol import reading
from dstore.protocol.body import Bodies, CallerLeftError
from dstore.protocol.calls import Call, Outcome, StaleCallerError
from dstore.protocol.envelope import Caller, Credentials, Head, read_credentials, read_head, result_body
from dstore.protocol.lanes import VERY_LARGE, Lanes
from dstore.protocol.rates import Rates
from dstore.protocol.signature import verify
from dstore.protocol.signing import Signed, Signer
from dstore.protocol.time_limit import TimeLimit
from dstore.protocol.trace import Trace
from dstore.results import (
    AccessDenied,
    Code,
    InvalidApi,
    InvalidSignature,
    ParamIllegal,
    Refusal,
    Result,
    TooMuchTraffic,
    UnavailableError,
    UnknownException,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.clock import Clock
    from dstore.partners import Partner, Partners
    from dstore.protocol.api import Api, Change
    from dstore.protocol.body import Body
    from dstore.protocol.calls import Performer
    from dstore.settings import Settings

log = logging.getLogger(__name__)

LARGE = 32 * 1024
TRIES = 3


class Door:
    """Answers signed calls; one in each process."""

    def __init__(
        self, apis: dict[str, Api], partners: Partners, works: Performer, settings: Settings,
        clock: Clock, observe: Callable[[Trace], None],
    ) -> None:  # fmt: skip
        self._apis = {path.encode(): one for path, one in apis.items()}
        self._partners = partners
        self._works = works
        self._settings = settings
        self._clock = clock
        self._observe = observe
        self._addresses = Rates(settings.address_rate, settings.burst_seconds)
        self._callers = Rates(settings.partner_rate, settings.burst_seconds)
        self._bodies = Bodies(settings)
        self._answers = TimeLimit(settings.answer_seconds)
        self._large_answers = TimeLimit(settings.large_answer_seconds)
        self._signer = Signer(settings.signature_memo)
        self._lanes = Lanes()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one HTTP request (ASGI)."""
        began = perf_counter()
        address = scope["client"][0] if scope.get("client") else ""
        head = read_head(
            scope["method"],
            scope.get("raw_path") or scope["path"].encode(),
            scope["query_string"],
            scope["headers"],
            address,
        )
        trace = Trace(head, scope["headers"])
        body = self._bodies.of(head, receive)
        try:
            trace.outcome = await self._answer(head, body, trace)
        except Refusal as refusal:
            trace.outcome, trace.findings = Outcome(refusal.result), refusal.findings
        except UnavailableError as fault:
            trace.outcome, trace.fault = Outcome(Result.of(Code.UNKNOWN_EXCEPTION)), f"storage: {fault}"
        except CallerLeftError as left:
            trace.fault = f"caller: {left}"
        except Exception as fault:  # the contract: whatever happens inside is answered U
            log.exception("unforeseen failure")
            trace.outcome, trace.fault = Outcome(Result.of(Code.UNKNOWN_EXCEPTION)), repr(fault)
        finally:
            trace.size, trace.text = body.size, body.beginning()
            body.release()
        if trace.outcome is not None:
            trace.reply = await self._reply(trace, trace.outcome.result, send, whole=body.complete)
        trace.milliseconds = (perf_counter() - began) * 1000
        self._observe(trace)
        if trace.outcome is not None and not body.complete:
            await body.discard()
            await send({"type": "http.response.body", "body": b""})

    async def close(self) -> None:
        """Let go of the threads for large bodies; a call that is still being prepared ends without an effect."""
        self._works.stop()
        await self._lanes.close()

    async def _answer(self, head: Head, body: Body, trace: Trace) -> Outcome:
        """The way of a request; a change of keys on the way starts it again, with the body at hand."""
        for _ in range(TRIES):
            mark = self._partners.ring.mark
            try:
                return await self._pass(head, body, trace)
            except StaleCallerError:
                await self._partners.refresh()
            except (AccessDenied, InvalidSignature):
                if not await self._partners.refresh() and mark == self._partners.ring.mark:
                    raise
        raise UnknownException

    async def _pass(self, head: Head, body: Body, trace: Trace) -> Outcome:
        # A body that is there already means a second pass of one call, which counts once.
        if not body.complete and not self._addresses.take(head.address):
            raise TooMuchTraffic
        api = trace.api = self._find(head)
        credentials = read_credentials(head)
        self._check_freshness(credentials)
        self._partner(credentials)
        text = await body.read()
        caller = trace.caller = self._authenticate(head, credentials, body.signed_digest)
        if not self._callers.take(caller.partner_id, self._partner(credentials).rate):
            raise TooMuchTraffic
        try:
            with (self._large_answers if len(text) > VERY_LARGE else self._answers).kept():
                return await self._perform(api, caller, credentials, body, trace)
        except TimeoutError:
            raise UnknownException from None

    def _find(self, head: Head) -> Api:
        api = self._apis.get(head.path)
        if api is None:
            raise InvalidApi(f"{head.path.decode('latin-1')[:160]}: no such API")
        if head.method != "POST":
            raise InvalidApi(f"{api.name} is called with POST, not {head.method[:20]}")
        return api

    def _check_freshness(self, credentials: Credentials) -> None:
        window = self._settings.freshness_seconds
        if window:
            distance = abs((self._clock.now() - credentials.moment).total_seconds())
            if distance > window:
                raise ParamIllegal(
                    f"header request-time: is {distance:.0f} s from the platform's clock, at most {window} s are allowed"
                )

    def _partner(self, credentials: Credentials) -> Partner:
        partner = self._partners.ring.partners.get(credentials.client_id)
        if partner is None or not partner.active:
            raise AccessDenied(f"client-id {credentials.client_id[:60]} is unknown or disabled")
        return partner

    def _authenticate(self, head: Head, credentials: Credentials, digest: bytes) -> Caller:
        partner = self._partner(credentials)
        version = credentials.signature.key_version
        key = partner.key(version)
        if key is None:
            named = "no valid key" if version is None else f"no valid key of version {version}"
            raise InvalidSignature(f"Signature is invalid: {partner.client_id} has {named}")
        if not verify(key, credentials.signature.signature, digest):
            shown = head.target.decode("latin-1")[:100]
            raise InvalidSignature(
                f"Signature is invalid: it does not verify over POST {shown}, client-id, request-time and raw body;"
                " `dstore explain` tells which mistake it is"
            )
        return Caller(partner.id, partner.client_id, self._partners.ring.mark)

    async def _perform(self, api: Api, caller: Caller, credentials: Credentials, body: Body, trace: Trace) -> Outcome:
        text = await body.read()
        is_deferred = api.may_defer and 0 < self._settings.async_over < len(text)
        plan = partial(self._plan, api, caller, credentials, text, body.digest, trace)
        if is_deferred:
            call, _ = await self._lanes.run(caller.partner_id, len(text), plan)
            return await self._works.accept(call, text)
        if len(text) < LARGE:
            return await self._works.perform(*plan())

        def expect(outcome: Outcome) -> None:
            trace.signing = self._lanes.meanwhile(partial(self._sign, trace.head, outcome.result))

        def perform() -> Outcome:
            call, change = plan()
            if len(text) <= VERY_LARGE:  # letting go of entries takes a moment, which comes after the answer
                trace.spent = change
            return self._works.perform_now(call, change, expect)

        return await self._lanes.run(caller.partner_id, len(text), perform)

    def _plan(
        self, api: Api, caller: Caller, credentials: Credentials, text: bytes, digest: bytes, trace: Trace
    ) -> tuple[Call, Change]:
        """Read and check a body; the bulk of a large one may stay in bytes until its change is prepared."""
        try:
            plan = api.plan(text, is_large=len(text) >= LARGE)
        except Refusal:
            trace.request_id = reading.request_id_of(text)
            raise
        trace.request_id, trace.findings = plan.request_id or "", plan.doubts
        # A call without requestId is known by its signature: an exact copy has the same.
        key = plan.request_id or hashlib.sha256(credentials.signature.signature).hexdigest()
        now, is_copy_key = self._clock.now(), not api.has_request_id
        return Call(caller, api.path, key, is_copy_key, digest, credentials.request_time, now), plan.change

    def _sign(self, head: Head, result: Result) -> Signed:
        body, time = result_body(result), self._signer.response_time(self._clock.now())
        platform = self._partners.ring.platform
        return Signed(body, time, self._signer.header(platform, head.target, head.client_id, time, body))

    def _signed(self, trace: Trace, result: Result) -> Signed:
        """Return the answer with its signature: the one that was begun ahead, if it came out as was expected."""
        ahead = trace.signing
        if ahead is not None and not ahead.cancel():
            signed = ahead.result()  # it is there, or will be sooner than another would
            if signed.body == result_body(result):
                return signed
        return self._sign(trace.head, result)

    async def _reply(self, trace: Trace, result: Result, send: Any, *, whole: bool) -> list[tuple[bytes, bytes]]:
        """Send the answer and return its headers; to a request not received whole it stays open, and ends the connection."""
        signed = self._signed(trace, result)
        headers = [
            (b"content-type", b"application/json; charset=UTF-8"),
            (b"content-length", b"%d" % len(signed.body)),
            (b"client-id", trace.head.client_id),
            (b"response-time", signed.time),
            (b"signature", signed.header),
        ]
        if not whole:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": signed.body, "more_body": not whole})
        return headers
