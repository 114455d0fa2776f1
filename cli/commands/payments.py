"""`backoffice payments`: money out, four eyes: ask for it, see what became of it, decide it."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import typer

from cli.commands import case_acts
from cli.commands.books import view
from cli.commands.case_acts import As, AsJson, Why
from cli.commands.requests import cases_about, drop_row
from cli.output import print_json, print_rows
from cli.platform import Platform

PaymentIds = Annotated[list[str], typer.Argument(metavar="PAYMENT_ID...")]
_Date = typer.Option(formats=["%Y-%m-%d"])
_CODE: Final = "PAYMENT"
_COLUMNS: Final = (
    *("payment_id", "kind", "account_id", "fee_code", "counterparty", "amount", "currency"),
    *("value_date", "status", "proposed_by", "approved_by", "execution_date"),
)


class Kind(StrEnum):
    """What money goes out for."""

    WITHDRAWAL = "WITHDRAWAL"
    FEE = "FEE"
    CLAIM = "CLAIM"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    payments = typer.Typer(no_args_is_help=True, help="Payments out, four eyes.")
    payments.command("request")(request)
    payments.command("list")(list_payments)
    payments.command("approve")(approve)
    payments.command("reject")(reject)
    app.add_typer(payments, name="payments")


def request(  # noqa: PLR0913, PLR0917 - every column of a payment, by name
    payment_id: str,
    kind: Annotated[Kind, typer.Option()],
    of: Annotated[str, typer.Option(help="The account, fee code or counterparty's LEI.")],
    amount: Annotated[str, typer.Option()],
    currency: Annotated[str, typer.Option()],
    beneficiary: Annotated[str, typer.Option(help="Whose name the order carries.")],
    account: Annotated[str, typer.Option(help="The beneficiary's account.")],
    date: Annotated[datetime, _Date],
    value_date: Annotated[datetime | None, _Date] = None,
    agent: Annotated[str, typer.Option(help="The BIC of the beneficiary's bank.")] = "",
    reference: Annotated[str, typer.Option()] = "",
    as_json: AsJson = False,
) -> None:
    """Ask for a payment: the next cut-off opens its case."""
    whose = {Kind.WITHDRAWAL: "account_id", Kind.FEE: "fee_code", Kind.CLAIM: "counterparty"}
    row = {"payment_id": payment_id, "kind": str(kind), whose[kind]: of, "currency": currency}
    row |= {"amount": amount, "value_date": str((value_date or date).date())}
    row |= {"beneficiary": beneficiary, "beneficiary_account": account}
    row |= {"beneficiary_agent": agent, "reference": reference}
    drop_row("payments", "payment_id", row, date)
    if as_json:
        print_json(row)
    else:
        print_rows([row], tuple(row))


def list_payments(as_json: AsJson = False) -> None:
    """List every payment asked for, and what became of it."""
    rows = json.loads(view(Platform.connect(), "payments", "json"))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS)


def approve(
    payment_ids: PaymentIds,
    why: Why = "approved at the command line",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Let payments go out, as first or as second of two."""
    case_acts.approve(_cases(payment_ids, person), why=why, person=person, as_json=as_json)


def reject(
    payment_ids: PaymentIds,
    why: Why = "rejected at the command line",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Turn down what is proposed of payments; where nothing is, propose to refuse them."""
    case_acts.reject(_cases(payment_ids, person), why=why, person=person, as_json=as_json)


def _cases(payment_ids: list[str], person: str | None) -> list[str]:
    return cases_about(_CODE, "payment", payment_ids, person)
