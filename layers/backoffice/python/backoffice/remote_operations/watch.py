"""What is overdue of home locations becomes a case, and each quarter's list is made."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import PREFIX, Notice, give_notice, read_notices
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.remote_operations.eligibility import RSL
from backoffice.remote_operations.register import HOME, KnownHome, change_deadline, read_homes
from backoffice.service_desk.access_groups import SUPERVISORS
from backoffice.service_desk.acts import DeskAct, new_act, new_id
from backoffice.service_desk.quarters import first_of_quarter, quarter_of
from backoffice.service_desk.registers import NOTICES_AGAIN, Registers, Trail, take

JOB: Final = "watch_locations"
LIST: Final = "LST"
MADE: Final = "MADE"
SUBMITTED: Final = "SUBMITTED"
INSPECTION: Final = "HOME_INSPECTION_OVERDUE"
ATTESTATION: Final = "HOME_ATTESTATION_OVERDUE"
CHANGE: Final = "HOME_CHANGE_OVERDUE"
LISTED: Final = "HOME_LIST_OVERDUE"
_FIELDS: Final = (
    *("location_id", "person", "kind", "address", "branch", "supervisor"),
    *("since", "registered_on", "inspected_on", "inspection_due"),
)


@dataclass(frozen=True, slots=True)
class QuarterList:
    """The list of a quarter's residential supervisory locations, and whether it went out."""

    list_id: str
    quarter: str
    due: date
    homes: tuple[Mapping[str, Any], ...]
    submitted: DeskAct | None


def watch_locations(registers: Registers, rulebook: Rulebook, now: datetime) -> Notice | None:
    """Make the list that is due, and give notice of what is overdue and what is no more."""
    today = now.date()
    for kind in (HOME, LIST):
        registers.give_notices(kind, today - NOTICES_AGAIN)
    homes = read_homes(registers.trails(HOME), rulebook)
    _make_list(registers, rulebook, now)
    lists = read_lists(registers.trails(LIST))
    causes = tuple(sorted(overdue(homes, lists, rulebook, today), key=lambda one: one.subject))
    before = _told_last(registers.records)
    cured = tuple(cause for cause in before if cause not in causes)
    if not causes and not cured:
        return None
    notice = Notice(source=JOB, day=today, causes=causes, cured=cured)
    give_notice(registers.records, notice)
    return notice


def overdue(
    homes: Iterable[KnownHome], lists: Iterable[QuarterList], rulebook: Rulebook, today: date
) -> Iterator[Cause]:
    """Name what should have been done before today; a cause names what and since when."""
    for one in homes:
        dues = {
            INSPECTION: one.inspection_due(rulebook),
            ATTESTATION: one.attestation_due(rulebook),
            CHANGE: change_deadline(one.waits, rulebook) if one.waits else None,
        }
        for code, due in dues.items():
            if due is not None and due < today:
                yield Cause(code=code, subject=f"{one.location_id} {due}")
    for each in lists:
        if each.submitted is None and each.due < today:
            yield Cause(code=LISTED, subject=f"{each.quarter} {each.due}")


def read_lists(trails: Mapping[str, Trail]) -> list[QuarterList]:
    """Fold the quarterly lists, the newest first."""
    found = []
    for about, trail in trails.items():
        said = trail[0].said
        sent = next(
            (act for act in trail if act.verb == SUBMITTED and SUPERVISORS in act.groups), None
        )
        due = date.fromisoformat(said["due"])
        found.append(QuarterList(about, said["quarter"], due, tuple(said["homes"]), sent))
    return sorted(found, key=lambda one: one.list_id, reverse=True)


def submit_list(
    registers: Registers, about: str, person: Person, reference: str, now: datetime
) -> DeskAct:
    """Put on record that a list went to the regulator, by the reference it answered with.

    Raises
    ------
    ActRefusedError
        FORBIDDEN, INVALID, or in CONFLICT: it went already.
    """
    if SUPERVISORS not in person.groups:
        raise ActRefusedError("FORBIDDEN", f"only {SUPERVISORS} send lists")
    if not reference.strip():
        raise ActRefusedError("INVALID", "the reference of what was sent is missing")
    trail = registers.trail(about)
    if not trail:
        raise ActRefusedError("INVALID", f"there is no list {about}")
    if read_lists({about: trail})[0].submitted:
        raise ActRefusedError("CONFLICT", "it was sent already")
    return take(registers, about, person, SUBMITTED, now, text=reference.strip())


def list_as_csv(known: QuarterList, addresses: Iterable[str]) -> bytes:
    """Write a list with its addresses opened, in the order of its homes."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _FIELDS, lineterminator="\n")
    writer.writeheader()
    for home, address in zip(known.homes, addresses, strict=True):
        writer.writerow({**home, "address": address})
    return text.getvalue().encode()


def _make_list(registers: Registers, rulebook: Rulebook, now: datetime) -> None:
    """Make the list of the quarter that is over, once; of a firm without homes there is none.

    It is told as it was on the quarter's last day, however late the list is made.
    """
    begun = first_of_quarter(now.date())
    last = begun - timedelta(days=1)
    about = new_id(LIST, begun, quarter_of(last))
    if registers.trail(about):
        return
    homes = read_homes(_until(last, registers.trails(HOME)), rulebook)
    if not any(one.stood_on(last) for one in homes):
        return
    listed = [one for one in homes if one.home.kind == RSL and one.stood_on(last)]
    said = {
        "quarter": quarter_of(last),
        "due": str(begun.replace(day=rulebook.days("home_list_day", begun))),
        "homes": [_listed(one, rulebook) for one in listed],
    }
    registers.add(new_act(about, 1, now, JOB, MADE, said))


def _until(day: date, trails: Mapping[str, Trail]) -> dict[str, Trail]:
    """Return of each trail what was done by the end of a day."""
    return {
        about: tuple(act for act in trail if act.at[:10] <= str(day))
        for about, trail in trails.items()
    }


def _listed(one: KnownHome, rulebook: Rulebook) -> dict[str, str]:
    known = {
        **one.home.model_dump(mode="json", include=set(_FIELDS)),
        "location_id": one.location_id,
        "registered_on": one.registered_on,
        "inspected_on": one.inspected_on,
        "inspection_due": one.inspection_due(rulebook),
    }
    return {name: "" if known[name] is None else str(known[name]) for name in _FIELDS}


def _told_last(records: Records) -> set[Cause]:
    """Return what the latest day's notices of this job told, and did not take back."""
    keys = [key for key in records.keys(PREFIX) if f"/{JOB}-" in key]
    newest = max((key.split("/")[1] for key in keys), default="")
    told = read_notices(records, [key for key in keys if key.split("/")[1] == newest])
    return {cause for notice in told for cause in notice.causes}
