"""The corporate actions of the year: every kind, some of each, spread over its sessions."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from samples.year_market import Paper, is_session, with_check_digit

COLUMNS: Final = (
    "action_id", "event", "isin", "ex_date", "record_date", "pay_date", "currency", "rate",
    "ratio_new", "ratio_old", "new_isin", "basis_share", "percent", "lieu_price",
    "election_deadline", "default_option", "symbol",
)  # fmt: skip
ELECTION_COLUMNS: Final = ("election_id", "action_id", "account_id", "option")

_KINDS: Final = (
    "CASH_DIVIDEND", "SPLIT", "STOCK_DIVIDEND", "MERGER", "SPIN_OFF", "RIGHTS", "REVERSE_SPLIT",
    "REDEMPTION", "ISIN_CHANGE", "DIVIDEND_OPTION", "TENDER", "EXERCISE", "CASH_DIVIDEND",
)  # fmt: skip
_ROUNDS: Final = 4
APART: Final = 4
"""Sessions from one action to the next."""

_TOLD_BEFORE: Final = 5
_PAID_AFTER: Final = 6
MOVES: Final = frozenset({"MERGER", "ISIN_CHANGE", "SPLIT", "REVERSE_SPLIT"})
"""What makes all that is held something else."""

_RENAMES: Final = frozenset({"MERGER", "ISIN_CHANGE"})
_ENDS: Final = frozenset({"REDEMPTION", *_RENAMES})
_ELECTIVE: Final = {
    "DIVIDEND_OPTION": ("CASH", "SHARES"),
    "TENDER": ("KEEP", "TENDER"),
    "EXERCISE": ("LAPSE", "EXERCISE"),
}


class Action(NamedTuple):
    """An action: the sessions it is told, goes ex, and pays, and what its row says."""

    told: date
    ex: date
    event: str
    paper: Paper
    into: Paper | None
    row: Sequence[str]


def plan(
    papers: Sequence[Paper], sessions: Sequence[date], seed: int, apart: int = APART
) -> tuple[Action, ...]:
    """Plan the year's actions, `apart` sessions from each other, each of a paper of its own."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    shares = [paper for paper in papers if paper.asset_class == "EQUITY"]
    bonds = [paper for paper in papers if paper.asset_class == "BOND"]
    planned, rights = [], dict[int, Action]()
    for number, event in enumerate(_KINDS * _ROUNDS):
        pool = bonds if event == "REDEMPTION" else shares
        paper = pool.pop(rng.randrange(len(pool)))
        around = number // len(_KINDS)
        entitled = None
        if event == "EXERCISE":
            entitled, paper = rights[around].paper, rights[around].into or paper
        at = _TOLD_BEFORE + 2 + number * apart
        action = _planned(number, event, paper, sessions[at - _TOLD_BEFORE :], entitled)
        if event == "RIGHTS":
            rights[around] = action
        planned.append(action)
    return tuple(planned)


def _planned(
    number: int, event: str, paper: Paper, sessions: Sequence[date], entitled: Paper | None
) -> Action:
    """Plan one action, told on the first of the sessions; rights are to shares of another."""
    days = (0, _TOLD_BEFORE, _TOLD_BEFORE + 3, _TOLD_BEFORE + _PAID_AFTER)
    told, ex, deadline, paid = (_session(paper, sessions, at) for at in days)
    into = _into(event, paper, number)
    terms = _terms(event, paper, into)
    first = _ELECTIVE.get(event, ("",))[0]
    said = {
        "action_id": f"A-{number:02d}-{event}",
        "event": event,
        "isin": paper.isin,
        "ex_date": str(ex),
        "pay_date": str(paid),
        "election_deadline": str(deadline) if first else "",
        "default_option": first,
        "new_isin": new.isin if (new := into or entitled) else "",
        **terms,
    }
    return Action(told, ex, event, paper, into, [said.get(column, "") for column in COLUMNS])


def _session(paper: Paper, sessions: Sequence[date], at: int) -> date:
    return next(day for day in sessions[at:] if is_session(paper.venue, day))


def _into(event: str, paper: Paper, number: int) -> Paper | None:
    """Make the new instrument that an action brings."""
    if event not in {*_RENAMES, "SPIN_OFF", "RIGHTS"}:
        return None
    isin = with_check_digit(f"{paper.isin[:2]}{800_000_000 + number * 41:09d}")
    name = {"RIGHTS": "Réttindi", "SPIN_OFF": "Afsprengi"}.get(event, "Nýtt félag")
    return paper._replace(isin=isin, symbol=f"N{number:03d}", name=f"{name} {number:03d}")


def _terms(event: str, paper: Paper, into: Paper | None) -> dict[str, str]:
    money = {"currency": paper.currency}
    return {
        "CASH_DIVIDEND": {**money, "rate": "0.37"},
        "SPLIT": {"ratio_new": "2", "ratio_old": "1"},
        "STOCK_DIVIDEND": {**money, "ratio_new": "1", "ratio_old": "10", "lieu_price": "20"},
        "MERGER": {**money, "rate": "1.25", "ratio_new": "3", "ratio_old": "2", "lieu_price": "30",
                   "basis_share": "90"},
        "SPIN_OFF": {**money, "ratio_new": "1", "ratio_old": "4", "basis_share": "15",
                     "lieu_price": "9.5"},
        "RIGHTS": {"ratio_new": "1", "ratio_old": "1"},
        "REVERSE_SPLIT": {**money, "ratio_new": "1", "ratio_old": "10", "lieu_price": "150"},
        "REDEMPTION": {**money, "rate": "1"},
        "ISIN_CHANGE": {"symbol": into.symbol if into else ""},
        "DIVIDEND_OPTION": {**money, "rate": "0.5", "ratio_new": "1", "ratio_old": "40",
                            "lieu_price": "20"},
        "TENDER": {**money, "rate": "41.5"},
        "EXERCISE": {**money, "rate": "5", "ratio_new": "1", "ratio_old": "4"},
    }[event]  # fmt: skip


def moved(papers: Sequence[Paper], going_ex: Sequence[Action]) -> tuple[Paper, ...]:
    """Return what is traded once actions have gone ex: the new in place of the old."""
    ended = {action.paper.isin for action in going_ex if action.event in _ENDS}
    kept = [paper for paper in papers if paper.isin not in ended]
    return (
        *kept,
        *(action.into for action in going_ex if action.into and action.event != "RIGHTS"),
    )


def scaled(action: Action, amount: int, *, price: bool = False) -> int:
    """Return what an amount of shares, or a price of one, becomes as the action goes ex."""
    told = dict(zip(COLUMNS, action.row, strict=True))
    if action.event not in {"SPLIT", "REVERSE_SPLIT", "MERGER"}:
        return amount
    new, old = int(told["ratio_new"]), int(told["ratio_old"])
    return max(1, amount * old // new) if price else amount * new // old


def elections(told: Sequence[Action], accounts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Let every third account choose what does not happen by itself."""
    for action in told:
        if action.event not in _ELECTIVE:
            continue
        name, (_, other) = action.row[0], _ELECTIVE[action.event]
        for account in accounts[::3]:
            yield (f"E-{name}-{account}", name, account, other)
