"""Open a client's name in a case, for whoever works on cases, and put on record that it is."""

from collections.abc import Callable
from datetime import datetime

from backoffice.clearance.act_rules import Person, works_on_cases
from backoffice.clearance.document_accesses import Access, log_access
from backoffice.front_office.case_evidence import CaseEvidence
from backoffice.kernel.parts import Records
from backoffice.kernel.sealed_text import Seals


def opened_for(
    person: Person,
    case_id: str,
    evidence: CaseEvidence,
    now: datetime,
    records: Records,
    seals: Callable[[], Seals],
) -> CaseEvidence:
    """Return what a case holds, names opened; for whom they are not they stay sealed.

    The record stands before anything is opened.
    """
    subject = evidence.sealed_of()
    if subject is None or not works_on_cases(person):
        return evidence
    about = {"account_id": subject, "document_id": case_id}
    at = now.isoformat(timespec="milliseconds")
    log_access(records, Access(at=at, actor=person.name, groups=person.groups, **about))
    return evidence.opened(seals())
