"""A stand-in for curl: one request, the options that the pages use."""

from __future__ import annotations

import argparse
import http.client
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


def main() -> int:
    given = _options()
    parts = urlsplit(given.url)
    headers = dict(one.split(": ", 1) for one in given.H)
    for _ in range(given.retry + 1):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            method = "GET" if given.data_binary is None else "POST"
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, given.data_binary, headers)
            response = connection.getresponse()
            body = response.read()
            break
        except ConnectionRefusedError:
            time.sleep(given.retry_delay)
        finally:
            connection.close()
    else:
        return 7
    head = "".join(f"{name}: {value}\r\n" for name, value in response.getheaders())
    _put(given.D, f"HTTP/1.1 {response.status} {response.reason}\r\n{head}\r\n".encode())
    _put(given.o or "-", body)
    if given.w:
        print(given.w.replace("%{http_code}", str(response.status)).replace("\\n", "\n"), end="")
    return 0


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="curl", allow_abbrev=False)
    options.add_argument("-s", action="store_true")
    options.add_argument("-S", action="store_true")
    options.add_argument("-D")
    options.add_argument("-o")
    options.add_argument("-w")
    options.add_argument("-H", action="append", default=[])
    options.add_argument("--data-binary")
    options.add_argument("--retry", type=int, default=0)
    options.add_argument("--retry-connrefused", action="store_true")
    options.add_argument("--retry-delay", type=float, default=0)
    options.add_argument("url")
    return options.parse_args()


def _put(where: str | None, content: bytes) -> None:
    if where == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    elif where:
        Path(where).write_bytes(content)


sys.exit(main())
