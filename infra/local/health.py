"""Whether the embedded AWS answers at all: asked without any of its clients."""

import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

_PATH = "/_ministack/health"
_PROBE_S = 2.0


def answers(port: int) -> bool:
    """Tell whether what listens on `port` answers now."""
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=_PROBE_S)) as connection:
            connection.request("GET", _PATH)
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False


def answers_within(port: int, seconds: float) -> bool:
    """Tell whether it answers at some moment of the next `seconds`."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if answers(port):
            return True
        time.sleep(0.05)
    return False
