"""Count S3's requests by the class they are billed in, and the bytes they leave behind."""

from typing import Any, Final
from urllib.parse import unquote

import ministack.services.s3 as objects

from infra.local.metering import meters
from infra.local.metering.book import Book
from infra.local.metering.hooks import Function, from_its_caller, put_around
from infra.local.metering.tally import HERE, PARTNER, Place

_REQUEST: Final = (
    "method path headers body query_params signed_path enforce_bucket_region internal "
    "access_point_region access_point"
)
DROP: Final = "drop"
FETCH: Final = "fetch"
_FETCHES: Final = frozenset({"GET", "HEAD"})
_FORBIDDEN: Final = 403
_REFUSED: Final = 300
_COPY: Final = "x-amz-copy-source"
# Of a bucket's GET: what is asked about the bucket itself, which lists nothing.
_ABOUT_BUCKET: Final = frozenset(
    {"accelerate", "acl", "cors", "encryption", "inventory", "lifecycle", "location", "logging"}
    | {"metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus"}
    | {"publicAccessBlock", "replication", "requestPayment", "tagging", "versioning", "website"}
)
_ABOUT_OBJECT: Final = frozenset({"acl", "legal-hold", "retention", "tagging", "uploads"})


def attach(book: Book) -> None:
    """Count what the emulator's buckets are asked from now on."""
    put_around(objects, "handle_request", _REQUEST, lambda handle: _counted(book, handle))
    put_around(objects, "handle_request", _REQUEST, from_its_caller(book))


def billed_as(method: str, path: str, query: dict[str, Any]) -> str | None:
    """Return the meter a request is billed by; None for what is free.

    PUT, COPY, POST and LIST are dear, GET, HEAD and all others cheap, DELETE and the cancelling of
    an upload free.

    Examples
    --------
    >>> billed_as("GET", "/records/a/b.json", {})
    's3_read_requests'
    >>> billed_as("GET", "/records", {"list-type": ["2"]})
    's3_write_requests'
    """
    if method == "DELETE" or (method == "POST" and "delete" in query):
        return None
    if method in {"PUT", "POST"}:
        return meters.OBJECT_WRITES
    has_key = bool(path.strip("/").partition("/")[2])
    lists = "uploadId" in query if has_key else not _ABOUT_BUCKET & query.keys()
    return meters.OBJECT_WRITES if method == "GET" and lists else meters.OBJECT_READS


def _counted(book: Book, handle: Function) -> Function:
    async def handle_counted(
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        **more: object,
    ) -> Any:  # noqa: ANN401 - the emulator's own
        place = _told_apart(HERE.get(), method)
        answer = await handle(method, path, headers, body, query_params, **more)
        if place is not None and answer[0] != _FORBIDDEN:
            _count(book, place, method, path, query_params)
            if answer[0] < _REFUSED:
                place.add(meters.OBJECT_BYTES, _left(method, path, headers, body, query_params))
                if place.tally.caller == PARTNER:
                    place.add(meters.SENT_OUT_BYTES, len(answer[2]))
        return answer

    return handle_counted


def _told_apart(place: Place | None, method: str) -> Place | None:
    """Tell what a partner drops, which the day needs, from what it fetches, which is its affair."""
    if place is None or place.tally.caller != PARTNER:
        return place
    return place.at(FETCH if method in _FETCHES else DROP)


def _count(book: Book, place: Place, method: str, path: str, query: dict[str, Any]) -> None:
    meter = billed_as(method, path, query)
    if meter is None:
        return
    place.add(meter)
    bucket = path.strip("/").partition("/")[0]
    if bucket and book.uses_key(place, bucket):
        place.add(meters.KEY_REQUESTS)


def _left(
    method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
) -> int:
    """Return the bytes a request leaves in its bucket; every version stays."""
    has_key = bool(path.strip("/").partition("/")[2])
    if method != "PUT" or not has_key or _ABOUT_OBJECT & query.keys():
        return 0
    if source := headers.get(_COPY):
        return _size(unquote(source).partition("?")[0])
    return len(body)


def _size(place: str) -> int:
    bucket, _, key = place.lstrip("/").partition("/")
    found = (objects._buckets.get(bucket) or {}).get("objects", {}).get(key, {})  # noqa: SLF001
    return int(found.get("size", 0))
