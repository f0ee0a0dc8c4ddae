"""Keys in every form that the family's clients use, and nothing else."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dstore.protocol import keys
from dstore.protocol.keys import UnreadableKeyError
from harness import caller

KEY = caller.key("c1")
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
SPKI, PKCS1_PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1
PKCS8, PKCS1 = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL


def forms(data: bytes, der: bytes) -> list[str]:
    """Return a key's PEM, with other line ends and blanks around too, and its bare base64, on one line and on many."""
    pem, bare = data.decode(), base64.b64encode(der).decode()
    wrapped = "\n".join(bare[start : start + 64] for start in range(0, len(bare), 64))
    return [pem, f"\n  {pem}\n", pem.replace("\n", "\r\n"), bare, f" {bare}\n", wrapped]


@pytest.mark.parametrize("form", [SPKI, PKCS1_PUBLIC])
@pytest.mark.parametrize("index", range(6))
def test_a_public_key_is_read_in_every_form(form: serialization.PublicFormat, index: int) -> None:
    public = KEY.public_key()
    text = forms(public.public_bytes(PEM, form), public.public_bytes(DER, form))[index]
    assert keys.read_public_key(text).public_numbers() == public.public_numbers()


@pytest.mark.parametrize("form", [PKCS8, PKCS1])
@pytest.mark.parametrize("index", range(6))
def test_a_private_key_is_read_in_every_form(form: serialization.PrivateFormat, index: int) -> None:
    plain = serialization.NoEncryption()
    text = forms(KEY.private_bytes(PEM, form, plain), KEY.private_bytes(DER, form, plain))[index]
    assert keys.read_private_key(text).private_numbers() == KEY.private_numbers()


def test_keys_are_written_as_the_familys_clients_take_them() -> None:
    assert keys.read_public_key(keys.public_pem(KEY.public_key())) == KEY.public_key()
    bare = keys.public_base64(KEY.public_key())
    assert "\n" not in bare
    assert keys.read_public_key(bare) == KEY.public_key()
    assert keys.private_pem(KEY).startswith("-----BEGIN PRIVATE KEY-----")
    assert keys.read_private_key(keys.private_pem(KEY)).private_numbers() == KEY.private_numbers()


def test_a_new_key_has_2048_bits() -> None:
    assert keys.new_private_key().key_size == 2048


WEAK = rsa.generate_private_key(public_exponent=65537, key_size=1024)
CURVE = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "AAAA", "é", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        WEAK.public_key().public_bytes(PEM, SPKI).decode(), CURVE.public_key().public_bytes(PEM, SPKI).decode(),
        base64.b64encode(CURVE.public_key().public_bytes(DER, SPKI)).decode(),
    ],
)  # fmt: skip
def test_what_is_no_strong_rsa_public_key_is_refused(text: str) -> None:
    with pytest.raises(UnreadableKeyError):
        keys.read_public_key(text)


@pytest.mark.parametrize("form", [PKCS8, PKCS1])
@pytest.mark.parametrize("index", [0, 3])
def test_a_private_key_in_place_of_a_public_one_is_told_so(form: serialization.PrivateFormat, index: int) -> None:
    plain = serialization.NoEncryption()
    text = forms(KEY.private_bytes(PEM, form, plain), KEY.private_bytes(DER, form, plain))[index]
    with pytest.raises(UnreadableKeyError, match="this is a private key"):
        keys.read_public_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", KEY.public_key().public_bytes(PEM, SPKI).decode(),
        KEY.private_bytes(PEM, PKCS8, serialization.BestAvailableEncryption(b"secret")).decode(),
        WEAK.private_bytes(PEM, PKCS8, serialization.NoEncryption()).decode(),
        CURVE.private_bytes(PEM, PKCS8, serialization.NoEncryption()).decode(),
    ],
)  # fmt: skip
def test_what_is_no_open_strong_rsa_private_key_is_refused(text: str) -> None:
    with pytest.raises(UnreadableKeyError):
        keys.read_private_key(text)
