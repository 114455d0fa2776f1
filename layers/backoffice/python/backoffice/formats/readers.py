"""What reads the bytes of each kind of file, for the intake."""

from typing import Final

from backoffice.formats.iso20022.statement_reader import read_statement
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.formats.row_readers import READERS as ROWS
from backoffice.intake.capture_file import Readers
from backoffice.intake.status_frames import StatusRows


def _statuses(data: bytes) -> StatusRows:
    read = read_status(data)
    return StatusRows(read.statuses, read.rejects)


READERS: Final = Readers(rows=ROWS, status=_statuses, statement=read_statement)
