"""Files that authorities publish on the web."""

from typing import Final
from urllib.request import Request, urlopen

from backoffice.kernel.errors import BadFileError

_TIMEOUT_S: Final = 60
_MOST_BYTES: Final = 200 * 2**20


def fetch(url: str) -> bytes:
    """Return what an https address answers.

    Raises
    ------
    BadFileError
        The address is not https, or what is there is larger than 200 MiB.
    OSError
        It does not answer, or answers with an error.
    """
    if not url.startswith("https://"):
        raise BadFileError(f"{url} is no https address")
    request = Request(url, headers={"user-agent": "bakskrifstofa"})  # noqa: S310 - https alone
    with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - https alone
        body: bytes = answer.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise BadFileError(f"{url} is larger than {_MOST_BYTES} bytes")
    return body
