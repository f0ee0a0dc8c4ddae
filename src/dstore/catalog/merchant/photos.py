"""Photos that merchants upload: checked, turned upright, made small, written anew as WebP."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from dstore.vocabulary.limits import most

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Transaction

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1280
LEAST_SIDE = 50
MOST_KEPT_BYTES = 400 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITIES = (82, 70, 55, 40)


class PhotoError(Exception):
    """A file can not be used as a photo; the text is one of `size`, `form`, `small` and `many`."""


def encoded(given: bytes) -> bytes:
    """Return a photo as WebP of at most `LONGEST_SIDE` pixels a side. Slow: not for the event loop."""
    if len(given) > MOST_BYTES:
        raise PhotoError("size")
    try:
        with Image.open(io.BytesIO(given), formats=FORMATS) as picture:
            fault = _unfit(picture)
            plain = picture if fault else _upright(picture)
    except Exception as broken:  # what a broken file makes a reader of pictures raise has no end
        raise PhotoError("form") from broken
    if fault:
        raise PhotoError(fault)
    return _packed(plain)


def _unfit(picture: Image.Image) -> str:
    """Return what speaks against a picture's size, known before it is read; empty when nothing does."""
    if picture.width * picture.height > MOST_PIXELS:
        return "size"
    return "small" if min(picture.size) < LEAST_SIDE else ""


def _upright(picture: Image.Image) -> Image.Image:
    # A JPEG is read at a fraction of its size where that is enough.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright.convert("RGBA" if "A" in upright.getbands() else "RGB")


def _packed(picture: Image.Image) -> bytes:
    body = b""
    for quality in QUALITIES:
        target = io.BytesIO()
        # A new picture, so that no place where it was taken goes along.
        picture.save(target, "WEBP", quality=quality, method=4)
        body = target.getvalue()
        if len(body) <= MOST_KEPT_BYTES:
            break
    return body


def keep(transaction: Transaction, store_id: int, body: bytes, login: str, now: int) -> str:
    """Keep an encoded photo of a store; return its name, made from its bytes. PhotoError when the store has too many."""
    name = hashlib.sha256(body).hexdigest()[:24]
    others = transaction.row("select count(*) from photo where store_id = ? and name <> ?", (store_id, name))
    if others is not None and others[0] >= most("photos"):
        raise PhotoError("many")
    # A photo that is there already is as good as new: no sweep takes it before it is put to use.
    transaction.run(
        "insert into photo (store_id, name, at, login, body) values (?, ?, ?, ?, ?)"
        " on conflict (store_id, name) do update set at = excluded.at, login = excluded.login",
        (store_id, name, now, login, body),
    )
    return name


def find(reading: Reading, public_id: str, name: str) -> bytes | None:
    """Return a photo of a store."""
    row = reading.row(
        "select p.body from photo p join store s on s.id = p.store_id where s.public_id = ? and p.name = ?",
        (public_id, name),
    )
    return None if row is None else bytes(row[0])


def address(public_id: str, name: str) -> str:
    """Return where a photo is served."""
    return f"/photos/{public_id}/{name}.webp"
