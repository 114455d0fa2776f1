"""A function's own handler, telling in a header of its answer how long it took.

It travels beside `handler.py` into the function that `bench/api.py` measures, and nowhere else.
"""

import time
from typing import Any

import handler  # type: ignore[import-not-found]


def main(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Call the handler; add `x-inside-ms`."""
    began = time.perf_counter()
    answer: dict[str, Any] = handler.main(event, context)
    took_ms = (time.perf_counter() - began) * 1000
    answer["headers"] = {**answer.get("headers", {}), "x-inside-ms": f"{took_ms:.3f}"}
    return answer
