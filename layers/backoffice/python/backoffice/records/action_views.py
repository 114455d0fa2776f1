"""Corporate actions as people fetch them: what was announced, who chose and is entitled to what."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.actions.parties import KINDS
from backoffice.accounting.actions.posted import POSTED, POSTED_SCHEMA
from backoffice.clearance.action_faults import LEFT_OVER, sound_actions, standing_faults
from backoffice.clearance.corporate_actions import CorporateAction, known_actions
from backoffice.clearance.election_codes import ELECTION_LATE
from backoffice.clearance.elections import elections_as_they_stand
from backoffice.clearance.entitlement_frames import known_entitlements
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money
from backoffice.kernel.parts import Records
from backoffice.records.view_columns import shown

_COLUMNS: Final = {
    "actions": (
        "action_id partner event isin status code ex_date record_date pay_date currency rate "
        "ratio_new ratio_old new_isin basis_share percent lieu_price election_deadline "
        "default_option counts_on pays_on"
    ),
    "entitlements": (
        "action_id partner event isin role party quantity gone new_isin new fraction currency "
        "gross lieu tax net counts_on pays_on status"
    ),
    "elections": (
        "election_id partner action_id account_id option quantity status told_on "
        "proposed_by approved_by"
    ),
    "action-postings": "action_id partner kind party account unit amount entry_id",
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {name: tuple(columns.split()) for name, columns in _COLUMNS.items()}
)
_SCALED: Final = ("rate", "ratio_new", "ratio_old", "basis_share", "percent", "lieu_price")
_TEXTS: Final = ("action_id", "partner", "event", "isin", "currency", "new_isin", "default_option")
_DATES: Final = (
    "ex_date", "record_date", "pay_date", "election_deadline", "counts_on", "pays_on",
)  # fmt: skip
_TYPES: Final[Mapping[str, Any]] = {
    **dict.fromkeys((*_TEXTS, "status", "code"), pl.String),
    **dict.fromkeys(_DATES, pl.Date),
    **{f"{name}_e8": pl.Int128 for name in _SCALED},
}


def actions(records: Records, books: Books) -> pl.DataFrame:
    """Show every action as its latest announcement says, and what became of it.

    Status is ANNOUNCED, ENTITLED, PAID, WAITS (its code says why) or CANCELLED.
    """
    wrong = standing_faults(records, books)
    rows = [_row(one, wrong, books) for one in known_actions(records, books)]
    figures = {name: format_e8(f"{name}_e8") for name in _SCALED}
    return shown(COLUMNS["actions"], pl.DataFrame(rows, schema=dict(_TYPES)), **figures)


def _row(
    one: CorporateAction, wrong: Mapping[str, tuple[str, str]], books: Books
) -> dict[str, object]:
    code = None if one.cancelled else wrong.get(one.name, (None, ""))[0]
    if one.cancelled or code not in {None, LEFT_OVER}:
        status = "CANCELLED" if one.cancelled else "WAITS"
    else:
        came = [name for name, on in _stages(one) if books.day >= on]
        status = came[-1] if came else "ANNOUNCED"
    said = {name: getattr(one, name) for name in _TYPES if name not in {"status", "code"}}
    return {**said, "status": status, "code": code}


def _stages(one: CorporateAction) -> list[tuple[str, date]]:
    return [("ENTITLED", one.counts_on), ("PAID", one.pays_on)]


def entitlements(records: Records, books: Books) -> pl.DataFrame:
    """Show what every holder of an action's shares comes to."""
    rows = known_entitlements(records, books)
    shares = {name: format_e8(f"{name}_e8") for name in ("quantity", "gone", "new", "fraction")}
    money = {name: format_money(f"{name}_minor") for name in ("gross", "lieu", "tax", "net")}
    return shown(COLUMNS["entitlements"], rows, **shares, **money)


def elections(records: Records, books: Books) -> pl.DataFrame:
    """Show what accounts chose; partner `desk` is what two people chose, by the id of its case.

    Status is COUNTS, LATE (it came after the deadline) or MISFIT (of no such action or option).
    """
    found = elections_as_they_stand(records, books, sound_actions(records, books))
    vain = [("LATE" if code == ELECTION_LATE else "MISFIT", row) for code, row in found.wrong]
    rows = [
        {**{name: row.get(name) for name in _ELECTED}, "status": status, "told_on": row["taken_on"]}
        for status, row in [*(("COUNTS", row) for row in found.standing), *vain]
    ]
    frame = pl.DataFrame(rows, schema={**_ELECTED, "status": pl.String, "told_on": pl.Date})
    return shown(COLUMNS["elections"], frame, quantity=format_e8("quantity_e8"))


_ELECTED: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("election_id", "partner", "action_id", "account_id", "option"), pl.String),
    "quantity_e8": pl.Int128,
    **dict.fromkeys(("proposed_by", "approved_by"), pl.String),
}


def action_postings(records: Records, books: Books) -> pl.DataFrame:
    """Show what stands of each action's entries, corrections in it; `entry_id` is the first."""
    part = books.tables.get(POSTED)
    rows = records.read(part) if part else pl.DataFrame(schema=dict(POSTED_SCHEMA))
    name = pl.col("name").str.splitn("/", 2)
    return shown(
        COLUMNS["action-postings"],
        rows.filter(pl.col("amount") != 0),
        partner=name.struct.field("field_0"),
        action_id=name.struct.field("field_1"),
        kind=pl.col("stage").replace_strict(dict(KINDS), return_dtype=pl.String),
        account=chart.account_name(),
        amount=chart.amount_text(),
    )
