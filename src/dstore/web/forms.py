"""Reading what a form sends, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 256 * 1024
MOST_FIELDS = 2_000


async def read_form(request: Request, *, most_bytes: int = MOST_BYTES, files: int = 0) -> FormData:
    """Return a form's fields.

    Raises HTTPException: 411 without a length, 413 for too many bytes, 400 for what is no form.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise HTTPException(411)
    if int(length) > most_bytes:
        raise HTTPException(413)
    return await request.form(max_files=files, max_fields=MOST_FIELDS, max_part_size=most_bytes)


def text(form: FormData, name: str, most: int = 255) -> str:
    """Return a field without blanks around it, cut to `most` characters; empty when it is missing.

    NUL characters are taken out, and so are lone surrogates: no database keeps them.
    """
    value = form.get(name, "")
    if isinstance(value, UploadFile):
        return ""
    clean = value.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return clean.strip()[:most]


def texts(form: FormData, name: str, most: int = 255) -> list[str]:
    """Return all values of a field that may be given several times, each as `text` does."""
    return [text(FormData([(name, one)]), name, most) for one in form.getlist(name)]


def number(form: FormData, name: str, default: int = 0) -> int:
    """Return a field as a whole number, or the default."""
    given = text(form, name, 18)
    return int(given) if given.lstrip("-").isdecimal() else default


def upload(form: FormData, name: str) -> UploadFile | None:
    """Return a file that was sent; None when none was chosen."""
    value = form.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None
