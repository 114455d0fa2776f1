"""What people are asked to let happen, beside trades: each a case that two of them decide."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from backoffice.clearance.trails import Decision

SSI_CHANGE: Final = "SSI_CHANGE"
"""A row of standing settlement instructions is to hold; the subject is the row."""

PAYMENT: Final = "PAYMENT"
"""Money is to be paid out; the subject is the payment."""

REQUESTS: Final = frozenset({SSI_CHANGE, PAYMENT})
"""Released, what is asked for happens; refused, it never does."""

DECIDED: Final = ("case_id", "proposed_by", "approved_by", "decided_at")
"""What a request remembers of its decision."""


def decided_requests(
    code: str, decided: Iterable[Decision], cases: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield what two people decided about open cases of a code, in the order of approval.

    Parameters
    ----------
    cases
        The books' cases, by id.

    Yields
    ------
    tuple
        The case's subject, the outcome (RELEASE or REFUSE), and `DECIDED` by name.
    """
    for one in sorted(decided, key=lambda each: (each.approval.at, each.case_id)):
        case = cases.get(one.case_id, {})
        # a case that closed meanwhile says nothing of what came after it
        if case.get("code") == code and case.get("status") == "OPEN":
            who = (one.proposal.actor, one.approval.actor)
            said = dict(zip(DECIDED, (one.case_id, *who, one.approval.at), strict=True))
            yield case["subject"], one.outcome, said
