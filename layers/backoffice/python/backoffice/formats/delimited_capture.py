"""From the bytes of one range of a delimited file to captured rows."""

from collections.abc import Sequence

from backoffice.formats.delimited_rows import read_range
from backoffice.intake.capture import CapturedPart, Origin, capture
from backoffice.intake.codes import Zones
from backoffice.intake.schemas import label_columns


def capture_range(
    kind: str, header: Sequence[str], data: bytes, first_row: int, origin: Origin, zones: Zones
) -> CapturedPart:
    """Read and check one range of a plan.

    Parameters
    ----------
    kind : str
        What the file is (`schemas.kind_of`).
    header : sequence of str
        The plan's header.
    data : bytes
        The range's bytes.
    first_row : int
        The number of its first row in the file.
    origin, zones
        As `intake.capture.capture` takes them.

    Raises
    ------
    BadFileError
        When the header lacks a column the kind needs, or the bytes are no range of a sound plan.
    """
    labels = label_columns(kind, header)
    return capture(kind, read_range(labels, data, first_row), origin, zones)
