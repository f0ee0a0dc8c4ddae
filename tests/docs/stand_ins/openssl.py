"""A stand-in for openssl: signing, verifying, base64 and making keys, with the options that the pages use."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PADDING, HASH = padding.PKCS1v15(), hashes.SHA256()


def main(command: str, *options: str) -> int:
    return {"dgst": dgst, "base64": base64_, "genpkey": genpkey, "pkey": pkey}[command](list(options))


def value(options: list[str], name: str) -> str:
    return options[options.index(name) + 1]


def private(path: str) -> Any:
    return serialization.load_pem_private_key(Path(path).read_bytes(), None)


def dgst(options: list[str]) -> int:
    content = sys.stdin.buffer.read()
    if "-sign" in options:
        sys.stdout.buffer.write(private(value(options, "-sign")).sign(content, PADDING, HASH))
        return 0
    key: Any = serialization.load_pem_public_key(Path(value(options, "-verify")).read_bytes())
    try:
        key.verify(Path(value(options, "-signature")).read_bytes(), content, PADDING, HASH)
    except InvalidSignature:
        print("Verification failure")
        return 1
    print("Verified OK")
    return 0


def base64_(options: list[str]) -> int:
    content = sys.stdin.buffer.read()
    sys.stdout.buffer.write(base64.b64decode(content) if "-d" in options else base64.b64encode(content))
    return 0


def genpkey(options: list[str]) -> int:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    Path(value(options, "-out")).write_bytes(pem)
    return 0


def pkey(options: list[str]) -> int:
    public = private(value(options, "-in")).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    Path(value(options, "-out")).write_bytes(pem)
    return 0


sys.exit(main(*sys.argv[1:]))
