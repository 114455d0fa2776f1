"""The exceptions desk as people reach it: show a case, act on one or on many."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from backoffice.clearance.decide import (
    ActRefusedError,
    Person,
    act_on,
    check_desk,
    outcomes_of,
)
from backoffice.clearance.listed_parties import party, uncleared
from backoffice.clearance.served_cases import (
    CASES,
    DECIDED,
    ServedCases,
    case_of,
    part_of,
    with_trail,
)
from backoffice.clearance.trails import (
    Act,
    TradeName,
    TrailEvent,
    attachment_key,
    is_case,
    read_trail,
)
from backoffice.front_office.case_models import (
    ActRequest,
    ActTaken,
    BulkOutcome,
    BulkRequest,
    CaseDetail,
    Hit,
    Member,
    ShownAct,
)
from backoffice.front_office.open_cases import open_case
from backoffice.kernel.parts import Records

MEMBERS_A_PAGE: Final = 200
STATUS_OF: Final = {"FORBIDDEN": 403, "CONFLICT": 409, "INVALID": 422}
_TAKEN, _UNKNOWN = 201, 404

Item = Mapping[str, Any]


class UnknownCaseError(LookupError):
    """No open case has that id."""


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """The open cases, their trails, and what a decision starts."""

    cases: ServedCases
    records: Records
    resolve: Callable[[str, int], None]


def show_case(desk: CaseDesk, case_id: str, start: int = 0) -> CaseDetail:
    """Show a case with its trail and the members from the `start`-th on.

    Raises
    ------
    UnknownCaseError
        There is no such open case.
    """
    item = _find(desk, case_id)
    case = case_of(item)
    trail = read_trail(desk.records, case_id)
    members = _members(desk.records, case_id, item)
    page = members[start : start + MEMBERS_A_PAGE]
    end = start + len(page)
    return CaseDetail(
        case=open_case(with_trail(item, trail)),
        hits=tuple(_hits(desk.records, case.subject, item)),
        outcomes=outcomes_of(case.code),
        trail=tuple(map(_shown, trail)),
        members=tuple(page),
        next=end if end < len(members) else None,
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
    item = _find(desk, case_id)
    check_desk(person)
    _check_members(desk.records, case_id, item, request)
    taken = act_on(desk.records, case_of(item), person, _act(desk, case_id, request), now)
    served = with_trail(item, read_trail(desk.records, case_id))
    desk.cases.put_newer(served, "acts")
    if served["stage"] == DECIDED:
        desk.resolve(case_id, served["approval"])
    return ActTaken(number=taken.number, case=open_case(served))


def act_on_many(
    desk: CaseDesk, person: Person, request: BulkRequest, now: datetime
) -> Iterator[BulkOutcome]:
    """Take one act about many cases, each by itself; yield what became of each."""
    for case_id in request.case_ids:
        try:
            about = {"proposal": request.proposals.get(case_id, request.act.proposal)}
            one = request.act.model_copy(update=about)
            number = act(desk, case_id, person, one, now).number
        except UnknownCaseError as unknown:
            yield BulkOutcome(case_id=case_id, status=_UNKNOWN, number=None, detail=str(unknown))
        except ActRefusedError as refused:
            status = STATUS_OF[refused.why]
            yield BulkOutcome(case_id=case_id, status=status, number=None, detail=str(refused))
        else:
            yield BulkOutcome(case_id=case_id, status=_TAKEN, number=number, detail=None)


def _find(desk: CaseDesk, case_id: str) -> Item:
    item = desk.cases.get(CASES, case_id) if is_case(case_id) else None
    if item is None:
        raise UnknownCaseError(f"no open case is {case_id}")
    return item


def _members(records: Records, case_id: str, item: Item) -> Sequence[Member]:
    evidence = case_of(item).evidence
    if evidence is None:
        return ()
    rows = records.read(evidence)
    found = rows.filter(rows["case_id"] == case_id)
    return [
        Member.model_validate(row) for row in found.select(list(Member.model_fields)).to_dicts()
    ]


def _check_members(records: Records, case_id: str, item: Item, request: ActRequest) -> None:
    """Refuse an act that names a trade which the case does not hold."""
    if not request.trades:
        return
    members = _members(records, case_id, item)
    held = {(one.partner, one.trade_date, one.trade_id) for one in members}
    for trade in request.trades:
        if (trade.partner, trade.trade_date, trade.trade_id) not in held:
            raise ActRefusedError("INVALID", f"{trade.trade_id} is no trade of {case_id}")


def _hits(records: Records, subject: str, item: Item) -> Iterator[Hit]:
    """Yield what is behind a case of a party that may be listed, what was cleared left out."""
    part = part_of(item, "hits")
    if part is None:
        return
    found = uncleared(records.read(part))
    of_party = found.filter(found.select(party()).to_series() == subject.partition(" #")[0])
    for row in of_party.iter_rows(named=True):
        yield Hit.model_validate({name: row[name] for name in Hit.model_fields})


def _shown(event: TrailEvent) -> ShownAct:
    said = event.act.model_dump(exclude={"trades"})
    return ShownAct(
        number=event.number, at=event.at, actor=event.actor, trades=len(event.act.trades), **said
    )


def _act(desk: CaseDesk, case_id: str, request: ActRequest) -> Act:
    said = request.model_dump(exclude={"attachment", "trades"})
    if request.attachment and not request.text:
        said["text"] = request.attachment.name
    trades = tuple(TradeName.model_validate(trade.model_dump()) for trade in request.trades)
    return Act(**said, record=_attached(desk, case_id, request), trades=trades)


def _attached(desk: CaseDesk, case_id: str, request: ActRequest) -> str | None:
    """Keep an attached document as a record, by its content; return its key and name."""
    if request.attachment is None:
        return None
    try:
        body = base64.b64decode(request.attachment.content, validate=True)
    except ValueError:
        raise ActRefusedError("INVALID", "the attachment is no base 64") from None
    key = attachment_key(case_id, hashlib.sha256(body).hexdigest())
    desk.records.put_once(key, body)
    return key
