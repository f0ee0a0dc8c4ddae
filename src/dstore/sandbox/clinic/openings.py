"""What a signature holds: the public key takes it off the signed hash, so one RSA operation tells how it was made.

Whether a content is the signed one is afterwards a matter of hashing alone; thousands can be tried.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from dstore.sandbox.clinic.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha1": hashes.SHA1(),  # noqa: S303 - named when a client used it, never accepted
    "sha512": hashes.SHA512(),
    "sha384": hashes.SHA384(),
    "sha224": hashes.SHA224(),
    "md5": hashes.MD5(),  # noqa: S303 - the same
}
_BARE = {32: "sha256", 20: "sha1", 64: "sha512", 48: "sha384", 28: "sha224", 16: "md5"}
_TITLES = {
    "sha256": "SHA-256",
    "sha1": "SHA-1",
    "sha512": "SHA-512",
    "sha384": "SHA-384",
    "sha224": "SHA-224",
    "md5": "MD5",
}
_PSS_HASHES = ("sha256", "sha1", "sha512", "sha384")
_PSS_MARK = 0xBC
# As many zero bytes in front of the salt are no accident, even if the content is never found.
_CERTAIN_ZEROS = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """A signature taken off with a key: how it was made, and a test for the content under it.

    It is certain unless the key could be another one and the form an accident.
    """

    mistakes: tuple[Mistake, ...]
    is_over: Callable[[bytes], bool]
    certain: bool = True


def size_of(key: RSAPublicKey) -> int:
    """Return how many bytes a signature of the key has."""
    return (key.key_size + 7) // 8


def openings(key: RSAPublicKey, signature: bytes) -> Iterator[Opening]:
    """Yield every form in which `signature` could have been made with the key's private half; mostly one or none."""
    if len(signature) != size_of(key):
        return
    yield from _both_paddings(key, signature)
    turned = Mistake("scheme.reversed", "the bytes of the signature are in reverse order")
    for one in _both_paddings(key, signature[::-1]):
        yield Opening((turned, *one.mistakes), one.is_over, one.certain)


def _both_paddings(key: RSAPublicKey, signature: bytes) -> Iterator[Opening]:
    try:
        data = key.recover_data_from_signature(signature, PKCS1v15(), None)
    except InvalidSignature:
        yield from _pss(key, signature)
    else:
        yield _with_digest_info(key, signature) or _bare(data)


def _with_digest_info(key: RSAPublicKey, signature: bytes) -> Opening | None:
    for name, algorithm in _HASHES.items():
        try:
            digest = key.recover_data_from_signature(signature, PKCS1v15(), algorithm)
        except (InvalidSignature, UnsupportedAlgorithm):
            continue
        return Opening(_other_hash(name), _is_hash(name, digest))
    return None


def _other_hash(name: str) -> tuple[Mistake, ...]:
    if name == "sha256":
        return ()
    return (Mistake("scheme.hash", f"the signature was made with {_TITLES[name]}, not with SHA-256"),)


def _is_hash(name: str, digest: bytes) -> Callable[[bytes], bool]:
    make = getattr(hashlib, name)

    def is_over(content: bytes) -> bool:
        return bool(make(content, usedforsecurity=False).digest() == digest)

    return is_over


def _bare(data: bytes) -> Opening:
    """Signed without naming a hash: a bare hash, its hex digits, or the content itself if it is short."""
    name = _BARE.get(len(data))
    what = f"a bare {_TITLES[name]} hash" if name else f"{len(data)} raw bytes"
    digits = data.decode("latin-1").lower()
    if set(digits) <= set("0123456789abcdef") and len(data) % 2 == 0 and (of := _BARE.get(len(data) // 2)):
        name, data, what = of, bytes.fromhex(digits), f"the hex digits of a {_TITLES[of]} hash"
    mistake = Mistake("scheme.bare", f"the key signed {what}, without the DigestInfo prefix that names the hash")
    return Opening((mistake,), _is_hash(name, data) if name else data.__eq__)


def _pss(key: RSAPublicKey, signature: bytes) -> Iterator[Opening]:
    """Read the encoding of RFC 8017, section 9.1.2, backwards; the library has no way to recover its salt."""
    numbers = key.public_numbers()
    encoded = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n).to_bytes(size_of(key), "big")
    if encoded[-1] != _PSS_MARK:
        return
    for name in _PSS_HASHES:
        size = hashlib.new(name).digest_size
        masked, target = encoded[: -size - 1], encoded[-size - 1 : -1]
        for mask_name in dict.fromkeys((name, "sha1")):
            block = _unmasked(masked, target, mask_name)
            salt = block.lstrip(b"\0")
            if salt[:1] == b"\1":
                zeros, salt = len(block) - len(salt), salt[1:]
                over = _is_pss(name, salt, target)
                yield Opening(_pss_mistakes(name, mask_name, len(salt)), over, certain=zeros >= _CERTAIN_ZEROS)


def _unmasked(masked: bytes, seed: bytes, name: str) -> bytes:
    """Take the mask (MGF1) off; its first bit is not used in keys of whole bytes."""
    mask = b"".join(hashlib.new(name, seed + count.to_bytes(4, "big")).digest() for count in range(len(masked) // 16))
    block = bytes(one ^ other for one, other in zip(masked, mask, strict=False))
    return bytes([block[0] & 0x7F]) + block[1:]


def _is_pss(name: str, salt: bytes, target: bytes) -> Callable[[bytes], bool]:
    make = getattr(hashlib, name)

    def is_over(content: bytes) -> bool:
        return bool(make(bytes(8) + make(content).digest() + salt).digest() == target)

    return is_over


def _pss_mistakes(name: str, mask_name: str, salt: int) -> tuple[Mistake, ...]:
    mask = "" if mask_name == name else f", mask {_TITLES[mask_name]}"
    cause = f"the signature has PSS padding (a salt of {salt} bytes{mask}), not PKCS#1 v1.5"
    return (Mistake("scheme.pss", cause), *_other_hash(name))
