"""Why corporate actions cannot be applied: something lacks, is unknown, or says another thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.corporate_actions import (
    CorporateAction,
    known_actions,
    told_versions,
)
from backoffice.clearance.entitlement_frames import booked_actions
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

INCOMPLETE: Final = "ACTION_INCOMPLETE"
UNKNOWN_INSTRUMENT: Final = "ACTION_UNKNOWN_INSTRUMENT"
CONFLICT: Final = "ACTION_CONFLICT"
NO_RULE: Final = "ACTION_NO_RULE"
OUT_OF_RANGE: Final = "ACTION_OUT_OF_RANGE"
LEFT_OVER: Final = "ACTION_LEFT_OVER"
CHANGED_LATE: Final = "ACTION_CHANGED_LATE"
ACTION_CODES: Final = (
    *(INCOMPLETE, UNKNOWN_INSTRUMENT, CONFLICT, NO_RULE, OUT_OF_RANGE),
    *(LEFT_OVER, CHANGED_LATE),
)

WAITING: Final = "action_waits"
"""The table of actions that could not be applied at the last close, and of what they wait for; of
those whose money does not come out (LEFT_OVER), too: they are applied."""
WAITING_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "code": pl.String,
    "says": pl.String,
}
_RATIO: Final = ("ratio_new_e8", "ratio_old_e8")
_CASH: Final = ("rate_e8", "pay_date")
_OF_A_PART: Final = frozenset({"REDEMPTION", "TENDER"})
"""The events that may be of so many per cent of a holding."""
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "CASH_DIVIDEND": _CASH,
    "STOCK_DIVIDEND": _RATIO,
    "DIVIDEND_OPTION": (*_CASH, *_RATIO, "election_deadline"),
    "SPLIT": _RATIO,
    "REVERSE_SPLIT": _RATIO,
    "SPIN_OFF": (*_RATIO, "new_isin", "basis_share_e8"),
    "RIGHTS": (*_RATIO, "new_isin"),
    "EXERCISE": (*_RATIO, "rate_e8", "new_isin", "election_deadline"),
    "TENDER": (*_CASH, "election_deadline"),
    "REDEMPTION": _CASH,
    "ISIN_CHANGE": ("new_isin",),
}


def faults(records: Records, books: Books) -> dict[str, tuple[str, str]]:
    """Say of actions that cannot be applied why: a code, and what is wrong, by action."""
    return _judged(records, books)[0]


def sound_actions(records: Records, books: Books) -> list[CorporateAction]:
    """Return the actions that can be applied, by ex date and name, and those cancelled.

    One that moves shares and was booked before it was told as it cannot be applied goes on as it
    was told last that it can, and waits.
    """
    cancelled = [one for one in known_actions(records, books) if one.cancelled]
    actions = [*_judged(records, books)[1], *cancelled]
    return sorted(actions, key=lambda one: (one.ex_date, one.name))


def _judged(
    records: Records, books: Books
) -> tuple[dict[str, tuple[str, str]], list[CorporateAction]]:
    """Return what is wrong with actions, by their names, and those that stand.

    Of two that cannot both be applied the one stands that is booked, of those the one changed
    first; else the one told first.
    """
    told = [versions for versions in told_versions(records, books) if not versions[-1].cancelled]
    if not told:
        return {}, []
    known = _known_issues(records, books)
    booked = booked_actions(records, books)

    def turn(versions: Sequence[CorporateAction]) -> tuple[bool, date, str]:
        now = versions[-1]
        if now.name in booked:
            return (False, now.told_on, now.name)
        return (True, now.first_told_on, now.name)

    wrong: dict[str, tuple[str, str]] = {}
    stand: list[CorporateAction] = []
    for *earlier, now in sorted(told, key=turn):
        if found := _fault(now, known) or _conflict(now, stand):
            wrong[now.name] = found
            if now.name in booked and now.moves_shares:
                stand.append(_as_booked(earlier, now, known, stand))
        else:
            stand.append(now)
    return wrong, stand


def _known_issues(records: Records, books: Books) -> set[str]:
    part = books.tables.get("instruments")
    return set(records.read(part, ("isin",))["isin"]) if part else set()


def _as_booked(
    earlier: Sequence[CorporateAction],
    now: CorporateAction,
    known: set[str],
    stand: Sequence[CorporateAction],
) -> CorporateAction:
    """Return a booked action as it was told last that it can be applied; else as taken back."""
    fits = (one for one in reversed(earlier) if not (_fault(one, known) or _conflict(one, stand)))
    before = next(fits, None)
    if before is None:
        return replace(now, cancelled=True)
    return replace(before, waits=True, told_on=now.told_on)


def _fault(one: CorporateAction, known: set[str]) -> tuple[str, str] | None:
    if missing := [name for name in _needs(one) if getattr(one, name) is None]:
        said = ", ".join(name.removesuffix("_e8") for name in missing)
        return (INCOMPLETE, f"{one.event} lacks {said}")
    if one.percent_e8 is not None and one.event not in _OF_A_PART:
        return (INCOMPLETE, f"{one.event} is of all of a holding, not of a percent")
    if one.replaces and one.ratio and one.event != "ISIN_CHANGE" and one.into == one.isin:
        grows = one.ratio[0] > one.ratio[1]
        if one.event == "MERGER" or grows != (one.event == "SPLIT"):
            return (INCOMPLETE, f"{one.event} of {one.isin} into itself does not fit its ratio")
    unknown = [isin for isin in (one.isin, one.into) if isin not in known]
    return (UNKNOWN_INSTRUMENT, unknown[0]) if unknown else None


def _needs(one: CorporateAction) -> Sequence[str]:
    if one.event == "MERGER":
        shares = (*_RATIO, "new_isin") if one.ratio_new_e8 or not one.rate_e8 else ()
        return (*shares, *(_CASH if one.rate_e8 else ()))
    needs = _NEEDS[one.event]
    return (*needs, "pay_date") if one.lieu_price_e8 and "pay_date" not in needs else needs


def _conflict(one: CorporateAction, stand: Iterable[CorporateAction]) -> tuple[str, str] | None:
    """Find what says again, or otherwise, what an action that stands says of its day.

    All of a day are of the morning's shares, so none may change what another is of. Of income of
    one day a partner may tell more than once.
    """
    for other in stand:
        if other.cancelled or other.ex_date != one.ex_date:
            continue
        same = (other.isin, other.event) == (one.isin, one.event)
        meets = one.moves_shares and other.moves_shares
        changed = meets and (one.isin in other.changes or other.isin in one.changes)
        if changed or (same and other.partner != one.partner):
            return (CONFLICT, f"{other.name} is of the same shares and day")
    return None


def standing_faults(records: Records, books: Books) -> dict[str, tuple[str, str]]:
    """Say of actions why they are not applied, those that wait for a rule among them."""
    part = books.tables.get(WAITING)
    rows = records.read(part).iter_rows() if part else ()
    return {name: (code, says) for name, code, says in rows} | faults(records, books)


def action_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: the actions that cannot be applied, each by its name."""
    wrong = standing_faults(records, books)
    rows = [
        {
            **dict.fromkeys(CAUSE_SCHEMA),
            "code": wrong[one.name][0],
            "subject": one.name,
            "partner": one.partner,
            "business_date": one.business_date,
            "trade_date": one.ex_date,
            "trade_id": one.action_id,
            "file": one.file,
            "row": one.row,
        }
        for one in known_actions(records, books)
        if one.name in wrong
    ]
    return pl.DataFrame(rows, schema=dict(CAUSE_SCHEMA))
