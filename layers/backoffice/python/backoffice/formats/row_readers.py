"""What reads ranges of a file of rows, by the end of its name."""

from typing import Final

from backoffice.formats.delimited_rows import read_range
from backoffice.formats.fix.execution_reports import read_reports
from backoffice.formats.fix.tags import NAMES
from backoffice.intake.row_formats import ReadersByFormat, RowReader

READERS: Final[ReadersByFormat] = {
    ".csv": RowReader(read_range),
    ".fix": RowReader(read_reports, NAMES),
}
