"""What is kept packed comes back, whichever version of the program packed it."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pytest

from dstore.packing import packed, plain, unpacked

JSON = b'{"name":"Classic espresso","price":420}' * 200


@pytest.mark.parametrize("raw", [b"", b"\x00", b"x", JSON])
@pytest.mark.parametrize("pack", [packed, plain])
def test_what_is_packed_comes_back(pack: Callable[[bytes], bytes], raw: bytes) -> None:
    assert unpacked(pack(raw)) == raw


def test_packing_makes_repetitive_json_small() -> None:
    assert len(packed(JSON)) < len(JSON) / 10


@pytest.mark.parametrize("kept", [b"\x01" + zlib.compress(JSON, 1), zlib.compress(JSON, 1)])
def test_what_earlier_versions_packed_is_still_read(kept: bytes) -> None:
    assert unpacked(kept) == JSON
