"""What an HTTP API hands to a function, in the shape the routes are written for, and back."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

_JSON: Final = "application/json"
_NO_JSON: Final = "application/octet-stream"
_OK: Final = 200
_NOT_MODIFIED: Final = 304


def staged(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event with its stage leading the path.

    The API's own address has the stage in the path; behind a domain of its own it may not, and
    then the router would cut a piece off the path itself.
    """
    stage, path = event["requestContext"]["stage"], event["rawPath"]
    if stage == "$default" or path.startswith(f"/{stage}/"):
        return dict(event)
    return {**event, "rawPath": f"/{stage}{path}"}


def of_json(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event with a body that is announced as JSON, or as what the router refuses.

    The router would read a form as a trade, and stumbles over one without a boundary. A body that
    is announced as nothing is taken for JSON.
    """
    headers = event.get("headers") or {}
    said = headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = said if said in {"", _JSON} else _NO_JSON
    return {**event, "headers": {**headers, "content-type": kind}}


def tagged(event: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was found with its ETag; nothing but 304 where the caller has that already."""
    is_get = event["requestContext"]["http"]["method"] == "GET"
    if not is_get or answer["statusCode"] != _OK:
        return dict(answer)
    tag = f'"{hashlib.sha256(str(answer.get("body", "")).encode()).hexdigest()[:32]}"'
    headers = {**(answer.get("headers") or {}), "ETag": tag}
    asked = (event.get("headers") or {}).get("if-none-match", "")
    if tag not in {each.strip().removeprefix("W/") for each in asked.split(",")}:
        return {**answer, "headers": headers}
    return {**answer, "statusCode": _NOT_MODIFIED, "headers": {"ETag": tag}, "body": ""}
