"""What a browser is answered, with what it may do with it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self' {pool}; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
HTML: Final = "text/html; charset=utf-8"
_NEVER: Final = "no-store"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body, and what goes with them."""

    status: HTTPStatus
    body: str | bytes = ""
    kind: str = HTML
    cache: str = _NEVER
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    def as_event(self, pool: str) -> dict[str, Any]:
        """Write it as the HTTP API takes it; signing out leads to the pool's address."""
        binary = isinstance(self.body, bytes)
        text = base64.b64encode(self.body).decode() if isinstance(self.body, bytes) else self.body
        policy = {"content-security-policy": _POLICY.format(pool=pool)}
        said = {**policy, "content-type": self.kind, "cache-control": self.cache}
        return {
            "statusCode": int(self.status),
            "headers": {**HEADERS, **said, **self.headers},
            "cookies": list(self.cookies),
            "body": text,
            "isBase64Encoded": binary,
        }


def see_other(place: str, *, script: bool = False, cookies: tuple[str, ...] = ()) -> Answer:
    """Send a browser on; htmx is told by a header, for it follows a redirect unseen."""
    if script:
        return Answer(HTTPStatus.NO_CONTENT, headers={"hx-redirect": place}, cookies=cookies)
    return Answer(HTTPStatus.SEE_OTHER, headers={"location": place}, cookies=cookies)


def download(name: str, kind: str, body: bytes) -> Answer:
    """Answer a file to keep; its name is plain ASCII."""
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Answer(HTTPStatus.OK, body, kind=kind, headers=disposition)
