"""What becomes of each file of a business day: a function of the set of files, not of its order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias

from backoffice.intake.control import Control, check_control
from backoffice.intake.schemas import CONTROL, controlled_name
from backoffice.intake.totals import Totals

COMMITTED: Final = "COMMITTED"
REPEATED: Final = "REPEATED"
REFUSED: Final = "REFUSED"
Status: TypeAlias = Literal["COMMITTED", "REPEATED", "REFUSED"]
_Place: TypeAlias = tuple[str, date, str]


@dataclass(frozen=True, slots=True)
class FiledFile:
    """A file as committed: what its name and its content came to.

    `refusal` says why it is no file of its kind; `control` is what a control file states.
    """

    partner: str
    business_date: date
    name: str
    kind: str | None
    sha256: str
    totals: Totals = field(default_factory=Totals)
    refusal: str | None = None
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class SettledFile:
    """A file with its status; `reason` says why it is refused or what it repeats."""

    file: FiledFile
    status: Status
    reason: str | None = None


def settle_statuses(
    files: Iterable[FiledFile], earlier_controls: Iterable[FiledFile] = ()
) -> list[SettledFile]:
    """Decide every file of a day; the same set in any order, with repeats, decides the same.

    A file that is none of its kind, or that a control file of its name contradicts, is REFUSED.
    Of the others with equal content within a partner's drop date and kind, the first by name is
    COMMITTED and the rest are REPEATED. Control files stand for their own name each, so equal
    ones do not repeat each other. A control file of an earlier day speaks of a file until one of
    its own day does.

    Returns
    -------
    list of SettledFile
        Each file once, by partner, business date, name and hash.
    """
    ordered = sorted(set(files), key=_in_order)
    controls = _controls(earlier_controls) | _controls(ordered)
    first: dict[tuple[str, date, str | None, str], str] = {}
    settled = []
    for file in ordered:
        content = (file.partner, file.business_date, file.kind, file.sha256)
        if reason := _refusal(file, controls):
            settled.append(SettledFile(file, REFUSED, reason))
        elif file.kind == CONTROL or content not in first:
            first[content] = file.name
            settled.append(SettledFile(file, COMMITTED))
        else:
            reason = f"the same content as {first[content]}"
            settled.append(SettledFile(file, REPEATED, reason))
    return settled


def _in_order(file: FiledFile) -> tuple[str, date, str, str, str]:
    """Order by name; what stands last only keeps the order total."""
    return (file.partner, file.business_date, file.name, file.sha256, repr(file))


def _controls(files: Iterable[FiledFile]) -> dict[_Place, list[Control]]:
    """Collect what is stated of each name; a name dropped twice may be stated of twice."""
    controls: dict[_Place, list[Control]] = {}
    for file in files:
        name = controlled_name(file.name)
        if name is not None and file.control is not None and file.refusal is None:
            place = (file.partner, file.business_date, name)
            controls.setdefault(place, []).append(file.control)
    return controls


def _refusal(file: FiledFile, controls: dict[_Place, list[Control]]) -> str | None:
    if file.refusal is not None:
        return file.refusal
    stated = controls.get((file.partner, file.business_date, file.name), ())
    reasons = (check_control(control, file.sha256, file.totals) for control in stated)
    return next((reason for reason in reasons if reason is not None), None)
