"""`backoffice cases`: the exceptions desk, four eyes: what waits, and what was done about it."""

import json
from datetime import date
from http import HTTPStatus
from typing import Any, Final

import typer

from cli.api import Api
from cli.commands import case_acts
from cli.commands.books import view
from cli.commands.case_acts import As, AsJson, asked
from cli.commands.case_choices import elect
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.staff import api_of

_COLUMNS: Final = ("case_id", "opened_on", "code", "subject", "members", "due", "stage", "outcome")
_TRAIL: Final = ("number", "at", "actor", "verb", "outcome", "text")
_CHOSEN: Final = ("option", "quantity")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    cases = typer.Typer(no_args_is_help=True, help="The exceptions desk, four eyes.")
    cases.command("list")(list_cases)
    cases.command("show")(show_case)
    case_acts.register(cases)
    cases.command("elect")(elect)
    app.add_typer(cases, name="cases")


def list_cases(person: As = None, as_json: AsJson = False) -> None:
    """List the open cases, the most urgent first."""
    found = asked(*api_of(Platform.connect(), person).get("/cases"))["cases"]
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
    said = {
        name: value for name, value in case.items() if name not in {"evidence", "trail", "hits"}
    }
    said["outcomes"] = " or ".join(case["outcomes"])
    said["options"] = " or ".join(case["options"])
    rows = [{"case": name, "": value} for name, value in said.items() if value not in (None, "")]
    print_rows(rows, ("case", ""))
    if case["hits"]:
        told = ("list_code", "entry_id", "listed_name", "quality", "score_bp", "explanation")
        print_rows(case["hits"], told, "found")
    chosen = tuple(n for n in _CHOSEN if any(act.get(n) for act in case["trail"]))
    print_rows(case["trail"], (*_TRAIL, *chosen), "trail")
    print_rows(case["evidence"], ("partner", "trade_date", "trade_id", "file", "row"), "holds back")


def _shown(platform: Platform, api: Api, case_id: str) -> dict[str, Any]:
    status, found = api.get(f"/cases/{case_id}")
    if status == HTTPStatus.NOT_FOUND:
        return _closed(platform, case_id)
    pages = [asked(status, found)]
    while pages[-1]["next"] is not None:
        pages.append(asked(*api.get(f"/cases/{case_id}?start={pages[-1]['next']}")))
    first = pages[0]
    if any(page["seen"] != first["seen"] for page in pages):
        raise PlatformError(f"{case_id} changed while it was read: show it again")
    evidence = [member for page in pages for member in page["members"]]
    kept = {
        "seen": first["seen"],
        "evidence": evidence,
        "trail": first["trail"],
        "outcomes": first["outcomes"],
        "options": first["options"],
        "hits": first["hits"],
    }
    return {**first["case"], "members": str(first["case"]["members"]), **kept}


def _closed(platform: Platform, case_id: str) -> dict[str, Any]:
    """Return what the books say of a case that is no longer open."""
    rows = json.loads(view(platform, "cases", "json"))
    found = [row for row in rows if row["case_id"] == case_id]
    if not found:
        raise PlatformError(f"there is no case {case_id}")
    return {
        **found[0],
        "seen": None,
        "evidence": [],
        "trail": _trail(platform, case_id),
        "outcomes": [],
        "options": [],
        "hits": [],
    }


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
