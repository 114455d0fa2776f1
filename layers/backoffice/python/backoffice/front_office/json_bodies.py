"""A request's body as JSON that hides nothing: no float is read, no name stands for two values."""

import json
from collections import Counter
from typing import Any


class _Number:
    """A bare JSON number: never read, so that it can be refused and never be a float."""

    def __init__(self, _text: str) -> None: ...


class Twice:
    """The values of a name that an object has twice: which of them counts, JSON leaves open."""


def read_body(text: str) -> Any:  # noqa: ANN401 - an object of any JSON, or None
    """Read a body; None when it is no object."""
    number = _Number
    try:
        body = json.loads(
            text,
            parse_float=number,
            parse_int=number,
            parse_constant=number,
            object_pairs_hook=_each_once,
        )
    except RecursionError:
        return None
    return body if isinstance(body, dict) else None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    counts = Counter(name for name, _ in pairs)
    return {name: value if counts[name] == 1 else Twice() for name, value in pairs}
