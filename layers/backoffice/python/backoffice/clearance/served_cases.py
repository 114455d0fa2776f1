"""A case as it is served: what the books say of it, and what people have done about it since."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from backoffice.clearance.act_rules import OpenCase
from backoffice.clearance.holds import SANCTIONS_HIT
from backoffice.clearance.trails import TrailEvent, decisions, pending_proposal
from backoffice.kernel.parts import Part

CASES: Final = "CASES"
"""The partition that holds every open case."""

WAITING: Final = "WAITING"
PROPOSED: Final = "PROPOSED"
DECIDED: Final = "DECIDED"
"""Nobody has proposed anything · a proposal waits for a second hand · the next look takes it."""

_FACTS: Final = (
    *("pk", "sk", "code", "subject", "status", "members", "opened_on", "due"),
    *("evidence", "taken", "hits", "options"),
)

Item = Mapping[str, Any]


class ServedCases(Protocol):
    """The table of open cases."""

    def get(self, pk: str, sk: str) -> Item | None:
        """Read one item, consistently."""

    def query(self, pk: str) -> list[Item]:
        """Read the items of one partition, in sort-key order."""

    def put_newer(self, item: Item, counter: str) -> bool:
        """Write unless what stands counts as much; False when it does, or is gone."""


def facts_of(
    row: Item, evidence: Part | None, taken: int, hits: Part | None, options: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what the books say of an open case as an item.

    Parameters
    ----------
    row
        A row of `CASE_SCHEMA`.
    evidence
        The part that the members of all cases stand in.
    taken
        How many acts of its trail the books have taken.
    hits
        The part that stands behind a case of a party that may be listed.
    options
        What can be chosen where a choice is due, the default first.
    """
    choice = {"options": ";".join(options)} if options else {}
    found = {"hits": hits.model_dump()} if hits and row["code"] == SANCTIONS_HIT else {}
    return {
        "pk": CASES,
        "sk": row["case_id"],
        **{name: row[name] for name in ("code", "subject", "status", "members")},
        "opened_on": str(row["opened_on"]),
        "due": str(row["due"]),
        "evidence": evidence.model_dump() if evidence else None,
        "taken": taken,
        **found,
        **choice,
    }


def case_of(item: Item) -> OpenCase:
    """Return what an item says of the books."""
    return OpenCase(
        case_id=item["sk"],
        **{name: item[name] for name in ("code", "subject", "status")},
        members=int(item["members"]),
        evidence=part_of(item, "evidence"),
        taken=int(item.get("taken", 0)),
        options=options_of(item),
    )


def options_of(item: Item) -> tuple[str, ...]:
    """Return what can be chosen of a case, the default first; () where nothing is to be chosen."""
    said = item.get("options")
    return tuple(said.split(";")) if said else ()


def part_of(item: Item, name: str) -> Part | None:
    """Return a part that an item points to, if it does."""
    said = item.get(name)
    return Part.model_validate({**said, "rows": int(said["rows"])}) if said else None


def with_trail(item: Item, trail: Sequence[TrailEvent]) -> dict[str, Any]:
    """Return a case's item as its trail leaves it: whoever writes it last has seen most."""
    facts = {name: item[name] for name in _FACTS if name in item}
    served = {**facts, "acts": len(trail), "stage": WAITING}
    assigned = [event.act.assignee for event in trail if event.act.verb == "ASSIGN"]
    if assigned:
        served["assignee"] = assigned[-1]
    if any(event.act.verb == "ESCALATE" for event in trail):
        served["escalated"] = True
    if decided := decisions(trail, after=int(item.get("taken", 0))):
        proposal = decided[-1].proposal
        approval = decided[-1].approval
        by = {"approved_by": approval.actor, "approval": approval.number}
        return served | _proposed(proposal, DECIDED) | by
    if waiting := pending_proposal(trail):
        return served | _proposed(waiting, PROPOSED)
    return served


def _proposed(proposal: TrailEvent, stage: str) -> dict[str, Any]:
    return {
        "stage": stage,
        "outcome": proposal.act.outcome,
        "proposal": proposal.number,
        "proposed_by": proposal.actor,
    }
