"""The exceptions desk as people reach it: show a case, act on one or on many."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from backoffice.clearance.act_rules import (
    ActRefusedError,
    OpenCase,
    Person,
    check_desk,
)
from backoffice.clearance.case_outcomes import outcomes_of
from backoffice.clearance.confidential import may_know
from backoffice.clearance.decide import act_on
from backoffice.clearance.read_trails import read_trail
from backoffice.clearance.served_cases import (
    CASES,
    DECIDED,
    ServedCases,
    case_of,
    options_of,
    with_trail,
)
from backoffice.clearance.trails import (
    Act,
    TradeName,
    TrailEvent,
    attachment_key,
    is_case,
)
from backoffice.front_office.attachments import attached
from backoffice.front_office.case_evidence import ReadPart, read_evidence
from backoffice.front_office.case_models import (
    ActRequest,
    ActTaken,
    BulkOutcome,
    BulkRequest,
    CaseDetail,
    ShownAct,
)
from backoffice.front_office.open_cases import open_case
from backoffice.front_office.opened_hits import opened_for
from backoffice.kernel.parts import Records
from backoffice.kernel.sealed_text import Seals

STATUS_OF: Final = {"FORBIDDEN": 403, "CONFLICT": 409, "INVALID": 422}
_TAKEN, _UNKNOWN = 201, 404

Item = Mapping[str, Any]


class UnknownCaseError(LookupError):
    """No open case has that id."""


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """The open cases, their trails, what a decision starts, and what opens clients' names."""

    cases: ServedCases
    records: Records
    resolve: Callable[[str, int], None]
    seals: Callable[[], Seals]


def show_case(
    desk: CaseDesk, case_id: str, person: Person, now: datetime, start: int = 0
) -> CaseDetail:
    """Show a case with its trail and the members from the `start`-th on.

    A client's name in it is opened for who works on cases, and that it is goes on record first;
    for anybody else it stays sealed.

    Raises
    ------
    UnknownCaseError
        There is no such open case.
    """
    item = _find(desk, case_id, person)
    trail = read_trail(desk.records, case_id)
    evidence = read_evidence(desk.records.read, item)
    opened = opened_for(person, case_id, evidence, now, desk.records, desk.seals)
    members, after = evidence.page(start)
    return CaseDetail(
        case=open_case(with_trail(item, trail)),
        seen=evidence.seen,
        hits=opened.shown_hits(),
        outcomes=outcomes_of(item["code"]),
        options=options_of(item),
        trail=tuple(map(_shown, trail)),
        members=members,
        next=after,
    )


def act(
    desk: CaseDesk, case_id: str, person: Person, request: ActRequest, now: datetime
) -> ActTaken:
    """Take an act about a case, serve what it left, and start what a decision starts.

    Raises
    ------
    UnknownCaseError, ActRefusedError
        There is no such open case, or the act is not taken.
    """
    return _act(desk, desk.records.read, case_id, person, request, now)


def _act(
    desk: CaseDesk,
    read: ReadPart,
    case_id: str,
    person: Person,
    request: ActRequest,
    now: datetime,
) -> ActTaken:
    item = _find(desk, case_id, person)
    check_desk(person)
    case = _case(read, item, request)
    document = attached(request)
    said = _said(case_id, request, document)
    taken = act_on(desk.records, case, person, said, now, document)
    served = with_trail(item, taken.trail)
    desk.cases.put_newer(served, "acts")
    if served["stage"] == DECIDED:
        desk.resolve(case_id, served["approval"])
    return ActTaken(number=taken.event.number, case=open_case(served))


def act_on_many(
    desk: CaseDesk, person: Person, request: BulkRequest, now: datetime
) -> Iterator[BulkOutcome]:
    """Take one act about many cases, each by itself; yield what became of each.

    Raises
    ------
    ActRefusedError
        INVALID: what was seen or proposed is said of a case that is not among them.
    """
    others = sorted({*request.proposals, *request.seen} - {*request.case_ids})
    if others:
        raise ActRefusedError("INVALID", f"{others[0]} is not among the case_ids")
    read = cache(desk.records.read)
    for case_id in request.case_ids:
        try:
            about = {
                "proposal": request.proposals.get(case_id, request.act.proposal),
                "seen": request.seen.get(case_id, request.act.seen),
            }
            one = request.act.model_copy(update=about)
            number = _act(desk, read, case_id, person, one, now).number
        except UnknownCaseError as unknown:
            yield BulkOutcome(case_id=case_id, status=_UNKNOWN, number=None, detail=str(unknown))
        except ActRefusedError as refused:
            status = STATUS_OF[refused.why]
            yield BulkOutcome(case_id=case_id, status=status, number=None, detail=str(refused))
        else:
            yield BulkOutcome(case_id=case_id, status=_TAKEN, number=number, detail=None)


def _find(desk: CaseDesk, case_id: str, person: Person) -> Item:
    item = desk.cases.get(CASES, case_id) if is_case(case_id) else None
    # of what is confidential nobody else learns that it is there
    if item is None or not may_know(item["code"], item["subject"], person.groups):
        raise UnknownCaseError(f"no open case is {case_id}")
    return item


def _case(read: ReadPart, item: Item, request: ActRequest) -> OpenCase:
    """Return the case as an act meets it, with what it holds where the act says something of it."""
    case = case_of(item)
    if not request.trades and request.seen is None:
        return case
    evidence = read_evidence(read, item)
    found = {"seen": evidence.seen, "unknown": evidence.unknown(request.trades)}
    return case.model_copy(update=found)


def _shown(event: TrailEvent) -> ShownAct:
    said = event.act.model_dump(exclude={"trades"})
    return ShownAct(
        number=event.number, at=event.at, actor=event.actor, trades=len(event.act.trades), **said
    )


def _said(case_id: str, request: ActRequest, document: bytes | None) -> Act:
    said = request.model_dump(exclude={"attachment", "trades"})
    if request.verb == "ATTACH" and request.attachment and not request.text:
        said["text"] = request.attachment.name
    if document is not None:
        said["record"] = attachment_key(case_id, hashlib.sha256(document).hexdigest())
    trades = tuple(TradeName.model_validate(trade.model_dump()) for trade in request.trades)
    return Act(**said, trades=trades)
