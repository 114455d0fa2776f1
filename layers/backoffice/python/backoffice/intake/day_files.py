"""Settle the statuses of a day's frozen files against each other and against their controls."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from backoffice.intake.control import Control, check_control, parse_control
from backoffice.intake.day_documents import FileResult
from backoffice.intake.documents import FileEntry, entries_prefix
from backoffice.intake.files import COMMITTED, REFUSED, REPEATED, FiledFile, settle_statuses
from backoffice.intake.freeze import taken_by
from backoffice.intake.schemas import CONTROL, control_name, controlled_name
from backoffice.intake.totals import Totals
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Records

_Place: TypeAlias = tuple[str, date, str]
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
    before = _standing_before(records, entries, refused)
    found = []
    present = {_place(file) for file in filed}
    for settled in settle_statuses(filed, _earlier_controls(records, entries, before)):
        entry = filed[settled.file]
        status, reason = settled.status, settled.reason
        if status == COMMITTED and _stood_before(entry, before):
            status, reason = REPEATED, _NOT_YET
        mismatch = _late_mismatch(records, settled.file, before, present)
        found.append(FileStatus(entry, status, reason, mismatch))
    return found


def _standing_before(
    records: Records, entries: Iterable[FileEntry], refused: Iterable[str]
) -> dict[str, tuple[date, str]]:
    """Return what earlier freezes took and did not refuse; what no freeze took is not there yet."""
    out = {*refused, *(entry.key for entry in entries)}
    return {key: freeze for key, freeze in taken_by(records).items() if key not in out}


def _earlier_controls(
    records: Records, entries: Iterable[FileEntry], before: Mapping[str, tuple[date, str]]
) -> list[FiledFile]:
    """Read the control files of earlier freezes that speak of these files; the latest count."""
    wanted = {
        f"{entries_prefix(entry.drop.business_date)}{entry.drop.partner}/": set[str]()
        for entry in entries
    }
    for entry in entries:
        folder = f"{entries_prefix(entry.drop.business_date)}{entry.drop.partner}/"
        wanted[folder].add(control_name(entry.drop.name))
    latest: dict[tuple[str, str], tuple[tuple[date, str], list[str]]] = {}
    for key, freeze in before.items():
        folder, name = _folder_and_name(key)
        if name in wanted.get(folder, ()):
            known, keys = latest.get((folder, name), (freeze, []))
            latest[folder, name] = (freeze, [*keys, key] if known == freeze else [key])
    return [_filed(records, _read(records, key)) for _, keys in latest.values() for key in keys]


def _folder_and_name(key: str) -> tuple[str, str]:
    """Return an entry's folder (date and partner) and the name of its file."""
    folder, _, name = key.rsplit("/", 2)
    return f"{folder}/", name.removesuffix(".json")


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


def _stood_before(entry: FileEntry, before: Collection[str]) -> bool:
    """Whether an earlier cut-off took the same content of the same partner and drop date."""
    if entry.drop.kind == CONTROL:
        return False
    folder = f"{entries_prefix(entry.drop.business_date)}{entry.drop.partner}/{entry.sha256}/"
    return any(key.startswith(folder) for key in before)


def _late_mismatch(
    records: Records, file: FiledFile, before: Collection[str], present: Collection[_Place]
) -> str | None:
    """Name the file of an earlier cut-off that a control file of today contradicts.

    It speaks of the file of its own date; where there is none, of the latest of its name before.
    """
    target = controlled_name(file.name)
    if target is None or file.control is None:
        return None
    named = [key for key in before if key.endswith(f"/{target}.json")]
    dated = [(_date_of(key), key) for key in named if key.split("/")[3] == file.partner]
    if (file.partner, file.business_date, target) in present:
        dated = [(on, key) for on, key in dated if on == file.business_date]
    latest = max((on for on, _ in dated if on <= file.business_date), default=None)
    for on, key in sorted(dated):
        if on == latest and _denies(file.control, _read(records, key)):
            return f"{file.partner}/{on}/{target}"
    return None


def _place(file: FiledFile) -> _Place:
    return (file.partner, file.business_date, file.name)


def _date_of(key: str) -> date:
    return date.fromisoformat(key.split("/")[1])


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
        set_aside=entry.set_aside,
        reason=file.reason,
    )
