"""RSA keys in and out, in every form the family's clients use.

Private keys come as PKCS#8 or PKCS#1, public keys as SubjectPublicKeyInfo or PKCS#1, each as PEM or as
bare base64 of the DER bytes.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dstore.mendable import MendableError

KEY_BITS = 2048
MOST_BITS = 4096


class UnreadableKeyError(MendableError, ValueError):
    """The text is not an RSA key of 2,048 to 4,096 bits in PEM or bare base64."""


def new_private_key() -> rsa.RSAPrivateKey:
    """Make an RSA key of 2,048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def read_public_key(text: str) -> rsa.RSAPublicKey:
    """Read a public key from PEM or bare base64."""
    for label in ("PUBLIC KEY", "RSA PUBLIC KEY"):
        try:
            key = serialization.load_pem_public_key(_pem(text, label))
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(key, rsa.RSAPublicKey) and KEY_BITS <= key.key_size <= MOST_BITS:
            return key
    if "PRIVATE" in text or _is_private(text):
        raise UnreadableKeyError("this is a private key; register the public key and keep the private one to yourself")
    raise UnreadableKeyError("not an RSA public key of 2,048 to 4,096 bits in PEM or bare base64")


def read_private_key(text: str) -> rsa.RSAPrivateKey:
    """Read a private key, PKCS#8 or PKCS#1, from PEM or bare base64."""
    for label in ("PRIVATE KEY", "RSA PRIVATE KEY"):
        try:
            key = serialization.load_pem_private_key(_pem(text, label), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
        if isinstance(key, rsa.RSAPrivateKey) and KEY_BITS <= key.key_size <= MOST_BITS:
            return key
    raise UnreadableKeyError("not an unencrypted RSA private key of 2,048 to 4,096 bits in PEM or bare base64")


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """Return the key as PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(key: rsa.RSAPublicKey) -> str:
    """Return the key as SubjectPublicKeyInfo PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def public_base64(key: rsa.RSAPublicKey) -> str:
    """Return the key as bare base64 of its SubjectPublicKeyInfo, on one line, as the family's SDKs take it."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def _is_private(text: str) -> bool:
    try:
        read_private_key(text)
    except UnreadableKeyError:
        return False
    return True


def _pem(text: str, label: str) -> bytes:
    """Return `text` as PEM: unchanged when it has markers, else its base64 framed with `label`."""
    if "-----BEGIN" in text:
        return text.strip().encode()
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableKeyError("neither PEM nor base64") from None
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()
