"""Settle the statuses of a day's frozen files against each other and against their controls."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from backoffice.intake.control import Control, check_control, parse_control
from backoffice.intake.day_documents import FileResult
from backoffice.intake.documents import FileEntry, entries_prefix
from backoffice.intake.files import COMMITTED, REFUSED, REPEATED, FiledFile, settle_statuses
from backoffice.intake.freeze import taken_before
from backoffice.intake.schemas import CONTROL, controlled_name
from backoffice.intake.totals import Totals
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Records

_NOT_YET: Final = "a file of this name was committed for an earlier cut-off with the same content"


@dataclass(frozen=True, slots=True)
class FileStatus:
    """A file, what became of it and why; `late_mismatch` names a closed file its control denies."""

    entry: FileEntry
    status: str
    reason: str | None = None
    late_mismatch: str | None = None


def settle_files(
    records: Records, entries: Sequence[FileEntry], refused: Iterable[str]
) -> list[FileStatus]:
    """Decide COMMITTED, REPEATED or REFUSED for every file of a day, sorted by partner and name.

    `refused` are the entries that freezes before this one refused: of them nothing was taken.
    """
    filed = {_filed(records, entry): entry for entry in entries}
    before = taken_before(records, entries).difference(refused)
    found = []
    for settled in settle_statuses(filed):
        entry = filed[settled.file]
        status, reason = settled.status, settled.reason
        if status == COMMITTED and _stood_before(entry, before):
            status, reason = REPEATED, _NOT_YET
        mismatch = _late_mismatch(records, settled.file, before)
        found.append(FileStatus(entry, status, reason, mismatch))
    return found


def refused_after(before: Iterable[str], files: Iterable[FileStatus]) -> tuple[str, ...]:
    """Name the entries that stand refused once these files are settled too."""
    judged = {file.entry.key: file.status == REFUSED for file in files}
    standing = [key for key in before if key not in judged]
    return (*standing, *(key for key, refused in judged.items() if refused))


def _filed(records: Records, entry: FileEntry) -> FiledFile:
    refusal, control = entry.refusal, None
    if entry.drop.kind == CONTROL and refusal is None and entry.original:
        try:
            control = parse_control(records.read_bytes(entry.original))
        except BadFileError as error:
            refusal = str(error)
    return FiledFile(
        partner=entry.drop.partner,
        business_date=entry.drop.business_date,
        name=entry.drop.name,
        kind=entry.drop.kind,
        sha256=entry.sha256,
        totals=_totals(entry),
        refusal=refusal,
        control=control,
    )


def _totals(entry: FileEntry) -> Totals:
    return Totals(entry.rows, entry.captured, entry.rejected, entry.sum_quantity)


def _stood_before(entry: FileEntry, before: AbstractSet[str]) -> bool:
    """Whether an earlier cut-off took the same content of the same partner and drop date."""
    if entry.drop.kind == CONTROL:
        return False
    folder = f"{entries_prefix(entry.drop.business_date)}{entry.drop.partner}/{entry.sha256}/"
    return any(key.startswith(folder) for key in before)


def _late_mismatch(records: Records, file: FiledFile, before: AbstractSet[str]) -> str | None:
    """Name the file of an earlier cut-off that a control file of today contradicts."""
    target = controlled_name(file.name)
    if target is None or file.control is None:
        return None
    folder = f"{entries_prefix(file.business_date)}{file.partner}/"
    known = [key for key in records.keys(folder) if key.endswith(f"/{target}.json")]
    for key in (key for key in known if key in before):
        entry = _read(records, key)
        if _denies(file.control, entry):
            return f"{file.partner}/{file.business_date}/{target}"
    return None


def _denies(control: Control, entry: FileEntry) -> bool:
    return check_control(control, entry.sha256, _totals(entry)) is not None


def _read(records: Records, key: str) -> FileEntry:
    return FileEntry.model_validate_json(records.read_bytes(key))


def result_of(file: FileStatus, duplicates: int = 0, rejected: int = 0) -> FileResult:
    """Count a file's rows for the day's report; only a COMMITTED one has rows that apply.

    `duplicates` and `rejected` are the captured rows that ended so against other files.
    """
    entry, applies = file.entry, file.status == COMMITTED
    return FileResult(
        name=entry.drop.name,
        partner=entry.drop.partner,
        kind=entry.drop.kind,
        status=file.status,
        rows=entry.rows,
        captured=entry.captured - duplicates - rejected if applies else 0,
        rejected=entry.rejected + rejected if applies else 0,
        duplicates=duplicates if applies else 0,
        unknown_columns=entry.unknown_columns,
        reason=file.reason,
    )
