"""What people do about cases at the command line, each act as the API takes it."""

import base64
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.api import Api
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.staff import api_of

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
As = Annotated[
    str | None,
    typer.Option("--as", "--user", help="Who acts; else BACKOFFICE_USER, else who runs this."),
]
CaseIds = Annotated[list[str], typer.Argument(metavar="CASE_ID...")]
_AS_SHOWN: Final = "SEEN as `cases show` names it; else what there is now."
SeenCases = Annotated[list[str], typer.Argument(metavar="CASE_ID[@SEEN]...", help=_AS_SHOWN)]
Why = Annotated[str, typer.Option("--why", help="Why; it stays in the case's trail.")]
Trades = Annotated[
    list[str] | None,
    typer.Option("--trade", help="Only this one: PARTNER/TRADE_DATE/TRADE_ID; more than once."),
]
Document = dict[str, Any]
_BY_ITSELF: Final = ("RELEASE", "ACKNOWLEDGE")
"""What approving a case without a proposal proposes, the first that can be."""


def register(cases: typer.Typer) -> None:
    """Add the commands."""
    cases.command("propose")(propose)
    cases.command("approve")(approve)
    cases.command("reject")(reject)
    cases.command("withdraw")(withdraw)
    cases.command("comment")(comment)
    cases.command("assign")(assign)
    cases.command("attach")(attach)
    cases.command("split")(split)


def propose(
    cases: SeenCases,
    outcome: Annotated[str, typer.Option(help="RELEASE, REFUSE, ERROR_ACCOUNT or ACKNOWLEDGE.")],
    why: Why,
    account: Annotated[str | None, typer.Option(help="Which takes the trades over.")] = None,
    trades: Trades = None,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Propose what becomes of cases; another person decides."""
    act = {"verb": "PROPOSE", "outcome": outcome, "text": why, **_more(account, trades)}
    act_as_shown(cases, lambda _: act, person, as_json)


def approve(
    cases: SeenCases,
    why: Why = "approved at the command line",
    outcome: Annotated[str | None, typer.Option(help="What to propose, as first hand.")] = None,
    account: Annotated[str | None, typer.Option(help="Which takes the trades over.")] = None,
    trades: Trades = None,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Approve what is proposed; where nothing is, propose the release, as first of two."""

    def act(found: Document) -> Document:
        if found["case"]["stage"] != "WAITING":
            return {"verb": "APPROVE", "text": why, **_proposal(found)}
        chosen = outcome or _first_of(found["outcomes"], found["case"]["case_id"])
        return {"verb": "PROPOSE", "outcome": chosen, "text": why, **_more(account, trades)}

    act_as_shown(cases, act, person, as_json)


def reject(
    cases: SeenCases,
    why: Why = "rejected at the command line",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Turn down what is proposed; where nothing is, propose to refuse the trades."""

    def act(found: Document) -> Document:
        if found["case"]["stage"] != "WAITING":
            return {"verb": "REJECT", "text": why, **_proposal(found)}
        return {"verb": "PROPOSE", "outcome": "REFUSE", "text": why}

    act_as_shown(cases, act, person, as_json)


def withdraw(case_ids: CaseIds, person: As = None, as_json: AsJson = False) -> None:
    """Take back what one has proposed oneself."""
    _act_on(case_ids, {"verb": "WITHDRAW"}, person, as_json)


def comment(case_id: str, text: str, person: As = None, as_json: AsJson = False) -> None:
    """Write something into a case's trail."""
    _act_on([case_id], {"verb": "COMMENT", "text": text}, person, as_json)


def assign(case_id: str, assignee: str, person: As = None, as_json: AsJson = False) -> None:
    """Make a case somebody's to see to."""
    _act_on([case_id], {"verb": "ASSIGN", "assignee": assignee}, person, as_json)


def attach(
    case_id: str,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Keep a document as a record of a case."""
    content = base64.b64encode(file.read_bytes()).decode()
    act = {"verb": "ATTACH", "attachment": {"name": file.name, "content": content}}
    _act_on([case_id], act, person, as_json)


def split(case_id: str, trades: Trades = None, person: As = None, as_json: AsJson = False) -> None:
    """Make some of a case's trades a case of their own, from the next cut-off or close on."""
    _act_on([case_id], {"verb": "SPLIT", **_more(None, trades)}, person, as_json)


def _proposal(found: Document) -> Document:
    """Say which proposal is decided: the one that the case shows."""
    number = found["case"]["proposal"]
    return {"proposal": str(number)} if number else {}


def _first_of(outcomes: list[str], case_id: str) -> str:
    for outcome in _BY_ITSELF:
        if outcome in outcomes:
            return outcome
    raise PlatformError(
        f"{case_id} cannot be released: load what cures it, or name an --outcome: "
        f"{', '.join(outcomes)}"
    )


def _more(account: str | None, trades: list[str] | None) -> dict[str, Any]:
    named = [_trade(text) for text in trades or ()]
    return ({"account": account} if account else {}) | ({"trades": named} if named else {})


def _trade(text: str) -> dict[str, str]:
    try:
        partner, day, trade_id = text.split("/", 2)
        date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no PARTNER/TRADE_DATE/TRADE_ID", param_hint="--trade"
        ) from None
    return {"partner": partner, "trade_date": day, "trade_id": trade_id}


def act_as_shown(
    cases: list[str], act: Callable[[Document], Document], person: str | None, as_json: bool
) -> None:
    """Do what each case as it is shown asks for, about what it shows or was seen to hold."""
    api = api_of(Platform.connect(), person)
    told = []
    for case in cases:
        case_id, _, seen = case.partition("@")
        found = asked(*api.get(f"/cases/{case_id}"))
        told.append(_act(api, case_id, {**act(found), "seen": seen or found["seen"]}))
    _tell(told, as_json)


def _act_on(case_ids: list[str], act: dict[str, Any], person: str | None, as_json: bool) -> None:
    api = api_of(Platform.connect(), person)
    _tell([_act(api, case_id, act) for case_id in case_ids], as_json)


def _act(api: Api, case_id: str, act: dict[str, Any]) -> dict[str, Any]:
    taken: dict[str, Any] = asked(*api.post(f"/cases/{case_id}/acts", act))
    return {"act": taken["number"], **taken["case"]}


def asked(status: int, document: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a good answer's document; say what another one says."""
    if status >= HTTPStatus.BAD_REQUEST:
        raise PlatformError(str((document or {}).get("detail") or document))
    return document


def _tell(told: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        print_rows(told, ("case_id", "act", "stage", "outcome", "proposed_by", "approved_by"))
    if any(case["stage"] != "DECIDED" for case in told):
        raise typer.Exit(NEEDS_A_PERSON)
