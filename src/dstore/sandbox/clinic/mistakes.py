"""Every mistake the clinic knows, with what to do about it: the table that all its parts name."""

from __future__ import annotations

from dataclasses import dataclass

_BODY = "Serialise the body once, keep the bytes, sign those bytes and send those very bytes."
_PATH = (
    "Sign the path of the request line as it is sent: from the first / on, with ?query if there is one, without host."
)
_TIME = "Take the time once, as text; put the same text into the header request-time and into the signed content."
_CLIENT = "Put the value of the header client-id, as it is sent, after the line feed: <client-id>.<request-time>.<body>"
_LAYOUT = (
    "Build the content as POST, one blank, the path, one line feed (byte 0A), client-id, dot, request-time, dot, body."
)
_SCHEME = "Sign with RSA, PKCS#1 v1.5 padding and SHA-256, giving the content itself to the signing function"
_TEXT = "Write the 256 bytes of the signature as base64 (standard alphabet, one line), then percent-encode that once."

ADVICE: dict[str, str] = {
    "body.line-end": f"{_BODY} Editors and shells like to add or take the last line end.",
    "body.line-ends": f"{_BODY} Read files in binary mode; git, FTP and editors change line ends.",
    "body.trimmed": _BODY,
    "body.no-newlines": "Send the body with curl --data-binary: curl --data takes all line ends out of a file it reads.",
    "body.bom": "Write the body as UTF-8 without a byte order mark, and sign it so.",
    "body.json": f"{_BODY} Do not let the HTTP library serialise the object a second time.",
    "body.quoted": "Sign the JSON text itself, not that text put into a JSON string once more.",
    "body.charset": "Turn the text into bytes as UTF-8, for the signature and for sending.",
    "body.encoded": _BODY,
    "body.hash": "Sign the body itself in the content, not its hash.",
    "body.missing": "Append the body to the signed content, directly after the second dot.",
    "path.alias": _PATH,
    "path.other": _PATH,
    "path.url": _PATH,
    "path.slash": _PATH,
    "path.query": _PATH,
    "path.case": _PATH,
    "path.prefix": f"{_PATH} A proxy must not change the path.",
    "path.missing": _PATH,
    "method.case": "Write POST in capitals in the signed content.",
    "method.other": "The signed content begins with POST, and the call is made with POST.",
    "method.missing": _LAYOUT,
    "client.empty": _CLIENT,
    "client.missing": _CLIENT,
    "client.form": _CLIENT,
    "time.form": _TIME,
    "time.empty": _TIME,
    "time.missing": _TIME,
    "time.twice": _TIME,
    "layout.order": _LAYOUT,
    "layout.line-feed": _LAYOUT,
    "layout.dots": _LAYOUT,
    "layout.blank": _LAYOUT,
    "layout.body-only": _LAYOUT,
    "digest.twice": f"{_SCHEME}: it hashes by itself (SHA256withRSA or RSA-SHA256, say).",
    "digest.encoded": "Give the bytes of the content to the signing function as they are, not as base64 or hex digits.",
    "scheme.pss": "Choose PKCS#1 v1.5 padding (SHA256withRSA, RSASSA-PKCS1-v1_5), not PSS.",
    "scheme.hash": "Choose SHA-256 as the hash (SHA256withRSA, RSA-SHA256).",
    "scheme.bare": f"{_SCHEME}: not a hash to a function that encrypts or signs raw bytes (NONEwithRSA, privateEncrypt).",
    "scheme.reversed": "Reverse the bytes of the signature before base64; Windows CryptoAPI gives them last byte first.",
    "encoding.twice": f"{_TEXT} An HTTP library or a template encodes it a second time.",
    "encoding.plus": f"{_TEXT} Something on the way read + as a blank.",
    "encoding.url-safe": f"{_TEXT} This one has - and _ of the URL-safe alphabet.",
    "encoding.hex": _TEXT,
    "encoding.padding": f"{_TEXT} Keep the = signs at the end.",
    "encoding.lines": f"{_TEXT} Choose the encoder without line breaks (not MIME, openssl base64 -A).",
    "encoding.base64-twice": _TEXT,
    "encoding.quotes": "Leave the quotes away: signature=<value>",
    "header.form": "Send algorithm=RSA256,keyVersion=<number>,signature=<percent-encoded base64>",
    "header.missing": "Send the headers client-id, request-time and signature, each once.",
    "header.time": "Send request-time as 2024-01-04T00:00:00+08:00 or as milliseconds since 1970.",
    "key.other": "Register the public key that belongs to the private key you sign with, or sign with the other one.",
    "key.platform": "Register and try your own public key; the platform's key only verifies the platform's answers.",
    "key.platform-signed": "Sign each request with your own private key; do not copy a signature from an answer.",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing done otherwise than the contract says: which kind, and what was done in words."""

    kind: str
    cause: str

    @property
    def advice(self) -> str:
        """How to mend it."""
        return ADVICE[self.kind]
