"""A browser's request, as the HTTP API hands it on."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from backoffice.console.pages import Upload
from backoffice.routes.pages.uploads import read_parts

_ENTRANCE: Final = "/console"
_WITH_FILES: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks for.

    Attributes
    ----------
    path
        Below the console, without a slash at its start: "cases/CASE-…".
    query, form, cookies, headers
        By name; headers' names in small letters. Of a name that comes twice the last counts.
    files
        What a form sends along, by its fields' names.
    """

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def is_of_script(self) -> bool:
        """Whether htmx asks, not the browser itself."""
        return "hx-request" in self.headers

    @property
    def comes_from_elsewhere(self) -> bool:
        """Whether another site's page sent it; browsers say so themselves."""
        return self.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def read_request(event: Mapping[str, Any]) -> Request:
    """Read an event of payload format 2.0."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    path = str(event["rawPath"]).partition(_ENTRANCE)[2]
    form, files = _form(event, headers)
    return Request(
        method=event["requestContext"]["http"]["method"],
        path=path.strip("/"),
        query=dict(parse_qsl(event.get("rawQueryString") or "")),
        form=form,
        cookies=_cookies(event, headers),
        headers=headers,
        files=files,
    )


def _form(
    event: Mapping[str, Any], headers: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, Upload]]:
    text = event.get("body") or ""
    body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    kind = headers.get("content-type", "")
    if kind.startswith(_WITH_FILES):
        return read_parts(kind, body)
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)), {}


def _cookies(event: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """Read cookies where the gateway puts them, or where a browser did."""
    said = event.get("cookies") or headers.get("cookie", "").split(";")
    pairs = (each.strip().partition("=") for each in said)
    return {name: value for name, _, value in pairs if name}
