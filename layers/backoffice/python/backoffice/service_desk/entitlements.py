"""What people may hold: folded from approved requests and from what reviewers revoked.

The order is that of the dates from which each counts, then of when it was decided: any order of
reading gives the same. What was approved before somebody's leaving, or before a group was taken
from them, gives neither back, whenever its date comes. Who is in no approved request has nothing
here: the pool's keepers put the first people in, and that is drift until somebody asks for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from backoffice.service_desk.access_requests import KnownRequest
from backoffice.service_desk.recertification import Revoked


@dataclass(frozen=True, slots=True)
class Entitled:
    """What one person may hold; `asked` False: nobody ever asked for anything for them.

    Attributes
    ----------
    revoked
        Groups that a reviewer took from them, or nobody confirmed, since they were asked for.
    """

    groups: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    asked: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What one person holds in the pool."""

    groups: frozenset[str]
    enabled: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Drift:
    """What the pool holds otherwise than it was approved: of whom, which group, how.

    `kind` is UNASKED (held, and nobody approved it), REVOKED (held, though taken away), MISSING
    (approved and not held), LEFT (may still sign in, though they left), DISABLED (may not sign in,
    though approved) or UNKNOWN (in the pool, and nobody asked for them).
    """

    person: str
    kind: str
    group: str = ""


@dataclass(slots=True)
class _Fold:
    groups: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    asked: bool = False
    left_at: str = ""
    taken_at: dict[str, str] = field(default_factory=dict)


def entitlements(
    requests: Iterable[KnownRequest], revoked: Iterable[Revoked], on: date
) -> dict[str, Entitled]:
    """Return what people may hold on a date, by name."""
    steps: list[tuple[str, str, str, KnownRequest | Revoked]] = []
    for one in requests:
        if one.matter.stage == "APPROVED" and one.asked.effective_on <= on and one.matter.decision:
            at = one.matter.decision.at
            steps.append((max(str(one.asked.effective_on), at[:10]), at, one.request_id, one))
    steps += [(one.at[:10], one.at, f"{one.person} {one.group}", one) for one in revoked]
    found: dict[str, _Fold] = {}
    for day, _, _, step in sorted(steps, key=lambda each: each[:3]):
        if day <= str(on):
            _take(found, step)
    return {
        name: Entitled(frozenset(one.groups), frozenset(one.revoked), one.asked, bool(one.left_at))
        for name, one in found.items()
    }


def _take(found: dict[str, _Fold], step: KnownRequest | Revoked) -> None:
    if isinstance(step, Revoked):
        one = found.setdefault(step.person, _Fold())
        one.groups.discard(step.group)
        one.revoked.add(step.group)
        one.taken_at[step.group] = step.at
        return
    asked, decided = step.asked, step.matter.decision
    at, before = decided.at if decided else "", found.get(asked.person, _Fold())
    if at < before.left_at:
        return
    later = {group for group in asked.groups if at < before.taken_at.get(group, "")}
    left_at = at if asked.kind == "LEAVE" else ""
    groups = set(asked.groups) - later
    found[asked.person] = _Fold(
        groups, later, asked=True, left_at=left_at, taken_at=before.taken_at
    )


def drift(entitled: Mapping[str, Entitled], held: Mapping[str, Held]) -> list[Drift]:
    """Compare what the pool holds with what was approved; sorted, empty when they agree."""
    return sorted(
        found
        for name in {*entitled, *held}
        for found in _drift_of(name, entitled.get(name, Entitled()), held.get(name))
    )


def _drift_of(name: str, may: Entitled, holds: Held | None) -> Iterator[Drift]:
    if holds is None:
        yield from (Drift(name, "MISSING", group) for group in may.groups)
        return
    if may.left:
        if holds.enabled:
            yield Drift(name, "LEFT")
        return
    if not may.asked:
        yield Drift(name, "UNKNOWN")
    elif not holds.enabled:
        yield Drift(name, "DISABLED")
    for group in holds.groups - may.groups:
        yield Drift(name, "REVOKED" if group in may.revoked else "UNASKED", group)
    yield from (Drift(name, "MISSING", group) for group in may.groups - holds.groups)
