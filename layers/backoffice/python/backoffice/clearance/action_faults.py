"""Why corporate actions cannot be applied: something lacks, is unknown, or says another thing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction, known_actions
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
    actions = [one for one in known_actions(records, books) if not one.cancelled]
    if not actions:
        return {}
    part = books.tables.get("instruments")
    known = set(records.read(part, ("isin",))["isin"]) if part else set()
    wrong = {one.name: found for one in actions if (found := _fault(one, known))}
    sound = [one for one in actions if one.name not in wrong]
    return wrong | dict(_conflicts(sound))


def sound_actions(records: Records, books: Books) -> list[CorporateAction]:
    """Return the actions that can be applied, by ex date and name, and those cancelled."""
    wrong = faults(records, books)
    actions = [one for one in known_actions(records, books) if one.name not in wrong]
    return sorted(actions, key=lambda one: (one.ex_date, one.name))


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


def _conflicts(actions: Iterable[CorporateAction]) -> Iterable[tuple[str, tuple[str, str]]]:
    """Find what says again, or otherwise, what one told before says; that one stands."""
    taken: dict[tuple[object, ...], CorporateAction] = {}
    for one in sorted(actions, key=lambda a: (a.first_told_on, a.name)):
        # shares can go but once; of income of one day a partner may tell more than once
        key = (one.isin, one.ex_date, "REPLACES" if one.replaces else one.event)
        first = taken.setdefault(key, one)
        if first is not one and (one.replaces or first.partner != one.partner):
            yield one.name, (CONFLICT, f"{first.name} is of the same shares and day")


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
