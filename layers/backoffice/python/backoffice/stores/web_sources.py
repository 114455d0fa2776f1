"""Files that authorities publish on the web."""

from http.client import HTTPMessage
from typing import IO, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from backoffice.kernel.errors import BadFileError

_TIMEOUT_S: Final = 60
_MOST_BYTES: Final = 200 * 2**20


class _HttpsOnly(HTTPRedirectHandler):
    """Follow an answer that sends on to https, and no other: nobody between may write the list."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith("https://"):
            raise HTTPError(newurl, code, "sent on to what is no https address", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str) -> bytes:
    """Return what an https address answers.

    Raises
    ------
    BadFileError
        The address is not https, or what is there is larger than 200 MiB.
    OSError
        It does not answer, answers with an error, or sends on to what is not https.
    """
    if not url.startswith("https://"):
        raise BadFileError(f"{url} is no https address")
    request = Request(url, headers={"user-agent": "bakskrifstofa"})  # noqa: S310 - https alone
    with build_opener(_HttpsOnly).open(request, timeout=_TIMEOUT_S) as answer:
        body: bytes = answer.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise BadFileError(f"{url} is larger than {_MOST_BYTES} bytes")
    return body
