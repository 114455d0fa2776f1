"""Writes that S3 makes only when the key does not exist."""

import time
from collections.abc import Callable
from typing import Final

from botocore.exceptions import ClientError

_EXISTS: Final = {"PreconditionFailed", "412"}
_IN_CONFLICT: Final = {"ConditionalRequestConflict", "409"}
_PAUSE_S: Final = 0.1


def write_once(write: Callable[[], object], tries: int = 1) -> bool:
    """Make a conditional write; False when the key exists.

    A conflict says that another write of the key was under way, not that it came to stand.
    """
    for attempt in range(tries):
        try:
            write()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _EXISTS:
                return False
            if code not in _IN_CONFLICT or attempt == tries - 1:
                raise
            time.sleep(_PAUSE_S * 2**attempt)
        else:
            return True
    raise AssertionError  # the last try returned or raised
