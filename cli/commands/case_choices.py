"""`backoffice cases elect`: what accounts choose under corporate actions, four eyes."""

from typing import Annotated

import typer

from cli.commands.case_acts import As, AsJson, SeenCases, Why, act_as_shown


def elect(
    cases: SeenCases,
    option: Annotated[str, typer.Option(help="What is chosen; `cases show` names what can be.")],
    why: Why,
    quantity: Annotated[str | None, typer.Option(help="Of how many shares; else all left.")] = None,
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Propose what accounts choose under a corporate action; another person decides."""
    act = {"verb": "PROPOSE", "outcome": "ELECT", "text": why, "option": option}
    act |= {"quantity": quantity} if quantity else {}
    act_as_shown(cases, lambda _: act, person, as_json)
