"""The same key, the same answer: what a request was answered with, for a day."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

KEPT_S: Final = 86_400
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
_LARGEST: Final = 300_000
_SERVER_ERROR: Final = 500

Item = Mapping[str, Any]
Answer = dict[str, Any]


class BadKeyError(ValueError):
    """A key is none, or was given with another request before."""


class Requests(Protocol):
    """The table that remembers requests."""

    def get(self, pk: str, sk: str) -> Item | None:
        """Read one item, consistently."""

    def put_new(self, item: Item) -> bool:
        """Write unless the key exists; False when it did."""

    def put(self, item: Item) -> None:
        """Write, whatever stands there."""


def answered_once(
    requests: Requests,
    client: str,
    key: str,
    request: bytes,
    now_s: int,
    answer: Callable[[], Answer],
) -> Answer:
    """Answer a request, or say again what it was answered.

    One that was begun and has no answer is answered anew: it died, or it runs still, and what the
    API does twice it does once.

    Parameters
    ----------
    client, key
        Whose key, and which.
    request
        What is asked: method, path and body.
    now_s
        Seconds since 1970.
    answer
        Answers it; server errors are not kept.

    Raises
    ------
    BadKeyError
        When the key is no key, or came with another request.
    """
    if not _KEY.fullmatch(key):
        raise BadKeyError("Idempotency-Key must be 1 to 128 visible ASCII characters.")
    begun: dict[str, Any] = {
        "pk": f"REQUEST#{client}",
        "sk": key,
        "request": hashlib.sha256(request).hexdigest(),
        "expires_at": now_s + KEPT_S,
    }
    if not requests.put_new(begun) and (told := _told(requests, begun, now_s)) is not None:
        return told
    said = answer()
    text = json.dumps(said)
    if said["statusCode"] < _SERVER_ERROR and len(text) <= _LARGEST:
        requests.put({**begun, "answer": text})
    return said


def _told(requests: Requests, begun: Item, now_s: int) -> Answer | None:
    """Return what the same request was answered, if it was."""
    known = requests.get(begun["pk"], begun["sk"])
    # the table drops what expired some time later
    if known is None or int(known["expires_at"]) <= now_s:
        return None
    if known["request"] != begun["request"]:
        raise BadKeyError("This Idempotency-Key came with another request before.")
    answer: Answer | None = json.loads(known["answer"]) if "answer" in known else None
    return answer
