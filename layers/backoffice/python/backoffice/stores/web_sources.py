"""Files that authorities publish on the web."""

import time
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from backoffice.kernel.errors import BadFileError

_TIMEOUT_S: Final = 60
_WHOLE_S: Final = 300
_MOST_BYTES: Final = 200 * 2**20
_BLOCK_BYTES: Final = 2**16


class _HttpsOnly(HTTPRedirectHandler):
    """Follow an answer that sends on to https, and no other: nobody between may write the list."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith("https://"):
            raise HTTPError(newurl, code, "sent on to what is no https address", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str) -> bytes:
    """Return what an https address answers, whole.

    Raises
    ------
    BadFileError
        The address is not https or none at all; what is there is larger than 200 MiB, ends before
        the length that was announced, or takes more than five minutes.
    OSError
        It does not answer, answers with an error, or sends on to what is not https.
    """
    if not url.startswith("https://"):
        raise BadFileError(f"{url} is no https address")
    try:
        request = Request(url, headers={"user-agent": "bakskrifstofa"})  # noqa: S310 - https alone
        with build_opener(_HttpsOnly).open(request, timeout=_TIMEOUT_S) as answer:
            return _whole(url, answer)
    except (HTTPException, ValueError) as error:
        raise BadFileError(f"{url} cannot be fetched: {error!r}") from error


def _whole(url: str, answer: HTTPResponse) -> bytes:
    """Read an answer to its end; the library takes one that ends too early for whole."""
    deadline, body = time.monotonic() + _WHOLE_S, bytearray()
    while block := answer.read1(_BLOCK_BYTES):
        body += block
        if len(body) > _MOST_BYTES:
            raise BadFileError(f"{url} is larger than {_MOST_BYTES} bytes")
        if time.monotonic() > deadline:
            raise BadFileError(f"{url} takes more than {_WHOLE_S} seconds")
    announced = answer.headers.get("content-length")
    if announced is not None and int(announced) != len(body):
        raise BadFileError(f"{url} ends after {len(body)} of {announced} bytes")
    return bytes(body)
