"""Control files: what a partner says its file holds; a mismatch refuses the file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from backoffice.intake.totals import Totals, plain
from backoffice.kernel.errors import BadFileError

_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")
_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Control:
    """What a control file states; None is not stated. `sum_quantity` is a plain decimal."""

    rows: int | None = None
    sha256: str | None = None
    sum_quantity: str | None = None


def parse_control(body: bytes) -> Control:
    """Read a control file; keys it does not know are let be.

    Raises
    ------
    BadFileError
        When it is no JSON object, or a statement is of the wrong type.
    """
    stated = _json_object(body)
    return Control(
        rows=_rows(stated.get("rows")),
        sha256=_sha256(stated.get("sha256")),
        sum_quantity=_sum_quantity(stated.get("sum_quantity")),
    )


def check_control(control: Control, sha256: str, totals: Totals) -> str | None:
    """Say why a file is not what its control file states; None when it is."""
    if control.rows is not None and control.rows != totals.rows:
        return f"the control file states {control.rows} rows, the file has {totals.rows}"
    if control.sha256 is not None and control.sha256 != sha256:
        return f"the control file states SHA-256 {control.sha256}, the file's is {sha256}"
    stated = control.sum_quantity
    if stated is not None and Decimal(stated) != Decimal(totals.quantity):
        return (
            f"the control file states a quantity of {stated} in all, "
            f"the file's rows come to {totals.quantity}"
        )
    return None


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        # numbers stay text: none may pass through a binary float
        stated = json.loads(body.decode("utf-8-sig"), parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError):
        raise BadFileError("the control file is not JSON in UTF-8") from None
    if not isinstance(stated, dict):
        raise BadFileError("the control file is no JSON object")
    return stated


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def _rows(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, _Number) or not value.isascii() or not value.isdigit():
        raise BadFileError("the control file's rows is no whole number")
    if len(value) > 18:  # noqa: PLR2004 - no file has as many; int() of endless digits is refused
        raise BadFileError("the control file's rows is out of range")
    return int(value)


def _sha256(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise BadFileError("the control file's sha256 is no SHA-256 in hexadecimal")
    return value.lower()


def _sum_quantity(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        raise BadFileError("the control file's sum_quantity is no plain decimal")
    return plain(Decimal(value))
