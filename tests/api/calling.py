"""Call an HTTP API at an address, a connection a call."""

import json
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


def call(
    address: str,
    token: str | None,
    method: str,
    path: str,
    document: Mapping[str, Any] | None = None,
) -> tuple[int, Any]:
    """Ask with a token or none; return the status and the document answered."""
    place = urlsplit(address)
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    with closing(HTTPConnection(str(place.hostname), place.port, timeout=60)) as connection:
        body = json.dumps(document) if document else None
        connection.request(method, place.path + path, body, headers)
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
