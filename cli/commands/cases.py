"""`backoffice cases`: the exceptions desk, four eyes."""

import base64
import json
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.api import Api
from cli.commands.books import view
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.staff import api_of

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
As = Annotated[
    str | None,
    typer.Option("--as", "--user", help="Who acts; else BACKOFFICE_USER, else who runs this."),
]
CaseIds = Annotated[list[str], typer.Argument(metavar="CASE_ID...")]
Why = Annotated[str, typer.Option("--why", help="Why; it stays in the case's trail.")]
Trades = Annotated[
    list[str] | None,
    typer.Option("--trade", help="Only this one: PARTNER/TRADE_DATE/TRADE_ID; more than once."),
]
_COLUMNS: Final = ("case_id", "opened_on", "code", "subject", "members", "due", "stage", "outcome")
_BY_ITSELF: Final = ("RELEASE", "ACKNOWLEDGE")
"""What approving a case without a proposal proposes, the first that can be."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    cases = typer.Typer(no_args_is_help=True, help="The exceptions desk, four eyes.")
    cases.command("list")(list_cases)
    cases.command("show")(show_case)
    cases.command("propose")(propose)
    cases.command("approve")(approve)
    cases.command("reject")(reject)
    cases.command("withdraw")(withdraw)
    cases.command("comment")(comment)
    cases.command("assign")(assign)
    cases.command("attach")(attach)
    cases.command("split")(split)
    app.add_typer(cases, name="cases")


def list_cases(person: As = None, as_json: AsJson = False) -> None:
    """List the open cases, the most urgent first."""
    found = _asked(*api_of(Platform.connect(), person).get("/cases"))["cases"]
    rows = [{**row, "members": str(row["members"])} for row in found]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS)
    if rows:
        raise typer.Exit(NEEDS_A_PERSON)


def show_case(case_id: str, person: As = None, as_json: AsJson = False) -> None:
    """Show a case: what can become of it, what was done, what it holds back."""
    platform = Platform.connect()
    case = _shown(platform, api_of(platform, person), case_id)
    if as_json:
        print_json(case)
        return
    said = {name: value for name, value in case.items() if name not in {"evidence", "trail"}}
    said["outcomes"] = " or ".join(case["outcomes"])
    rows = [{"case": name, "": value} for name, value in said.items() if value not in (None, "")]
    print_rows(rows, ("case", ""))
    print_rows(case["trail"], ("number", "at", "actor", "verb", "outcome", "text"), "trail")
    print_rows(case["evidence"], ("partner", "trade_date", "trade_id", "file", "row"), "holds back")


def _shown(platform: Platform, api: Api, case_id: str) -> dict[str, Any]:
    status, found = api.get(f"/cases/{case_id}")
    if status == HTTPStatus.NOT_FOUND:
        return _closed(platform, case_id)
    pages = [_asked(status, found)]
    while pages[-1]["next"] is not None:
        pages.append(_asked(*api.get(f"/cases/{case_id}?start={pages[-1]['next']}")))
    evidence = [member for page in pages for member in page["members"]]
    first = pages[0]
    kept = {"evidence": evidence, "trail": first["trail"], "outcomes": first["outcomes"]}
    return {**first["case"], "members": str(first["case"]["members"]), **kept}


def _closed(platform: Platform, case_id: str) -> dict[str, Any]:
    """Return what the books say of a case that is no longer open."""
    rows = json.loads(view(platform, "cases", "json"))
    found = [row for row in rows if row["case_id"] == case_id]
    if not found:
        raise PlatformError(f"there is no case {case_id}")
    return {**found[0], "evidence": [], "trail": _trail(platform, case_id), "outcomes": []}


def _trail(platform: Platform, case_id: str) -> list[dict[str, Any]]:
    """Read what was done about a case from its records."""
    day = date.fromisoformat(case_id.split("-")[1]).isoformat()
    keys = platform.keys(platform.records_bucket, f"cases/{day}/{case_id}/")
    acts = [
        json.loads(platform.read(platform.records_bucket, key))
        for key in keys
        if key.endswith(".json")
    ]
    return [
        {**{name: one[name] for name in ("number", "at", "actor")}, **one["act"]} for one in acts
    ]


def propose(
    case_ids: CaseIds,
    outcome: Annotated[str, typer.Option(help="RELEASE, REFUSE, ERROR_ACCOUNT or ACKNOWLEDGE.")],
    why: Why,
    account: Annotated[str | None, typer.Option(help="Which takes the trades over.")] = None,
    trades: Trades = None,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Propose what becomes of cases; another person decides."""
    act = {"verb": "PROPOSE", "outcome": outcome, "text": why, **_more(account, trades)}
    _act_on(case_ids, act, person, as_json)


def approve(
    case_ids: CaseIds,
    why: Why = "approved at the command line",
    outcome: Annotated[str | None, typer.Option(help="What to propose, as first hand.")] = None,
    account: Annotated[str | None, typer.Option(help="Which takes the trades over.")] = None,
    trades: Trades = None,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Approve what is proposed; where nothing is, propose the release, as first of two."""
    api = api_of(Platform.connect(), person)
    told = []
    for case_id in case_ids:
        found = _asked(*api.get(f"/cases/{case_id}"))
        act: dict[str, Any] = {"verb": "APPROVE", "text": why}
        if found["case"]["stage"] == "WAITING":
            chosen = outcome or _first_of(found["outcomes"], case_id)
            act |= {"verb": "PROPOSE", "outcome": chosen, **_more(account, trades)}
        told.append(_act(api, case_id, act))
    _tell(told, as_json)


def reject(
    case_ids: CaseIds,
    why: Why = "rejected at the command line",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Turn down what is proposed; where nothing is, propose to refuse the trades."""
    api = api_of(Platform.connect(), person)
    told = []
    for case_id in case_ids:
        found = _asked(*api.get(f"/cases/{case_id}"))
        act = {"verb": "REJECT", "text": why}
        if found["case"]["stage"] == "WAITING":
            act = {"verb": "PROPOSE", "outcome": "REFUSE", "text": why}
        told.append(_act(api, case_id, act))
    _tell(told, as_json)


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


def _act_on(case_ids: list[str], act: dict[str, Any], person: str | None, as_json: bool) -> None:
    api = api_of(Platform.connect(), person)
    _tell([_act(api, case_id, act) for case_id in case_ids], as_json)


def _act(api: Api, case_id: str, act: dict[str, Any]) -> dict[str, Any]:
    taken: dict[str, Any] = _asked(*api.post(f"/cases/{case_id}/acts", act))
    return {"act": taken["number"], **taken["case"]}


def _asked(status: int, document: Any) -> Any:  # noqa: ANN401 - any JSON
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
