"""The registers of the service desk as the command reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.service_desk.registers import Registers
from backoffice.stores.objects import RecordBucket
from cli.output import print_json, print_rows
from cli.platform import Platform


def registers_of(platform: Platform) -> Registers:
    """Open the registers, to read them: acts are taken in the console, as who signed in there."""
    return Registers(RecordBucket(platform.client("s3"), platform.records_bucket))


def print_listed(
    rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...], *, as_json: bool
) -> None:
    """Print rows as a table of some columns, or whole as one JSON document."""
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, columns)
