"""A store as it is looked at: the document, the cards of a list, and what a basket is priced against."""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec import UNSET

from dstore.catalog.merchant import settings
from dstore.storefront import pds_menu, pos_menu
from dstore.storefront.evaluation import Evaluation
from dstore.storefront.languages import ENGLISH, Reader, choose
from dstore.storefront.marks import Marks
from dstore.storefront.reasons import Explainer, spoken
from dstore.storefront.resolved import Document
from dstore.storefront.standing import standing
from dstore.storefront.view import View
from dstore.storefront.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from dstore.storefront.decoded import Store
    from dstore.storefront.questions import Question
    from dstore.storefront.resolved import StoreCard
    from dstore.storefront.standing import Offered, Standing
    from dstore.storefront.view import Front

TAG_LENGTH = 24
_encode = msgspec.json.Encoder().encode


class Page(NamedTuple):
    """A document ready to be served, and the moments between which it stands by itself."""

    etag: str
    body: bytes
    made_for: datetime
    valid_until: datetime | None
    headers: list[tuple[bytes, bytes]]
    """What it is served with, made once."""

    def holds(self, moment: datetime) -> bool:
        """Return whether the page is that of a moment; a clock that is put back makes it none."""
        return self.made_for <= moment and (self.valid_until is None or moment < self.valid_until)


class Look(NamedTuple):
    """A store with its view, its card and how it stands."""

    store: Store
    view: View
    standing: Standing
    card: StoreCard
    offered: Offered


def plain_language(store: Store) -> str:
    """Return the language of a store's plain fields.

    The F&B pages say English; the POS pages do not say, so it is what the merchant says, or not known.
    """
    return ENGLISH if store.feed == "pds" else settings.read(store.settings).language


def zone_name(store: Store, pos_zone: str) -> str:
    """Return the name of a store's zone; POS stores have none of their own."""
    return pos_zone if store.feed == "pos" else str(store.top.info.time_zone)


def languages(store: Store, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the languages that count for a diner in a store, best first."""
    return choose(asked, store.languages, plain_language(store))


def moment_asked(question: Question, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment that a question is about."""
    return (now if question.when is None else question.when.on_clock(zone)).astimezone(UTC)


def look(store: Store, question: Question, now: datetime, pos_zone: str) -> Look:
    """Return a store as it stands at the moment of a question, with its card filled in."""
    zone = zone_of(zone_name(store, pos_zone))
    chosen = languages(store, question.languages)
    evaluation = Evaluation(zone, moment_asked(question, now, zone))
    explainer = Explainer(zone, spoken(question.languages))
    view = View(
        evaluation,
        explainer,
        Reader(chosen, plain_language(store), asked=bool(question.languages)),
        question.service,
        Marks(store.sold_out, evaluation, explainer),
    )
    card, offered = _front(store, view, pos_zone)
    stands = standing(offered, view.evaluation, view.explainer, question.service)
    card.open = stands.reason is None
    card.reason = UNSET if stands.reason is None else stands.reason
    card.opens_at = stands.opens_at
    card.services = list(stands.services.values())
    return Look(store, view, stands, card, offered)


def _front(store: Store, view: View, pos_zone: str) -> Front:
    return pos_menu.front(store, view, pos_zone) if store.feed == "pos" else pds_menu.front(store, view)


def document(one: Look, question: Question, *, is_to_be_written: bool = False) -> Document:
    """Return the whole document of a look; in one to be written, items may be so already."""
    store, view = one.store, one.view
    if store.feed == "pos":
        menus, groups, hidden = pos_menu.body(store, view, one.standing, pos_menu.arrangements(store))
    else:
        menus, groups, hidden = pds_menu.body(store, view, one.standing, is_to_be_written=is_to_be_written)
    until = view.evaluation.until
    return Document(
        store=one.card,
        version=store.stamp[0],
        at=UNSET if question.when is None else view.explainer.moment(view.evaluation.moment),
        service=UNSET if question.service is None else question.service,
        language=view.reader.language,
        languages=list(store.languages),
        fallbacks=view.reader.fallbacks(),
        valid_until=UNSET if until is None else view.explainer.moment(until),
        menus=menus,
        groups=groups,
        hidden=hidden,
    )


def page(store: Store, question: Question, now: datetime, pos_zone: str) -> Page:
    """Return the document's bytes with their tag: the same bytes always have the same tag, others another."""
    one = look(store, question, now, pos_zone)
    body = _encode(document(one, question, is_to_be_written=True))
    tag, evaluation = tag_of(body), one.view.evaluation
    headers = [
        (b"etag", tag.encode()),
        (b"cache-control", b"no-cache"),
        (b"vary", b"accept-language"),
        (b"content-length", b"%d" % len(body)),
        (b"content-type", b"application/json"),
    ]
    return Page(tag, body, evaluation.moment, evaluation.until, headers)


def tag_of(body: bytes) -> str:
    """Return a strong ETag made from the bytes."""
    return f'"{sha256(body).hexdigest()[:TAG_LENGTH]}"'
