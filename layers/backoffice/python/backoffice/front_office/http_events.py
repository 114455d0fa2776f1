"""The event an HTTP API hands to a function, in the one shape the routes are written for."""

from collections.abc import Mapping
from typing import Any


def staged(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event with its stage leading the path.

    The API's own address has the stage in the path; behind a domain of its own it may not, and
    then the router would cut a piece off the path itself.
    """
    stage, path = event["requestContext"]["stage"], event["rawPath"]
    if stage == "$default" or path.startswith(f"/{stage}/"):
        return dict(event)
    return {**event, "rawPath": f"/{stage}{path}"}
