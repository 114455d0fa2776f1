"""Statements in ISO 20022 that the books are compared with: semt.002 and camt.053."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.reference.reading import RefusedFileError
from tests.reference.rows import Row, check_row

if TYPE_CHECKING:
    from collections.abc import Iterator


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _below(element: ET.Element, *path: str) -> ET.Element | None:
    """Give the child reached by local names, each the first of its name."""
    for name in path:
        found = next((child for child in element if _name(child) == name), None)
        if found is None:
            return None
        element = found
    return element


def _text(element: ET.Element, *path: str) -> str:
    found = _below(element, *path)
    return (found.text or "").strip() if found is not None else ""


def _place(balance: ET.Element) -> str:
    kept = _below(balance, "SfkpgPlc")
    if kept is None:
        return ""
    named = (
        ("SfkpgPlcFrmt", "TpAndId", "Id"),
        ("SfkpgPlcFrmt", "Id", "Id"),
        ("SfkpgPlcFrmt", "Prtry", "Id"),
        ("SfkpgPlcFrmt", "Ctry"),
        ("LEI",),
    )
    return next((text for path in named if (text := _text(kept, *path))), "")


def _balances(message: ET.Element) -> Iterator[dict[str, str]]:
    """Give what each balance says: of one that is broken down by place, each place."""
    for holder in (message, *(child for child in message if _name(child) == "SubAcctDtls")):
        account = _text(holder, "SfkpgAcct", "Id")
        for balance in holder:
            if _name(balance) not in ("BalForAcct", "BalForSubAcct"):
                continue
            parts = [child for child in balance if _name(child) == "BalAtSfkpgPlc"]
            for part in parts or [balance]:
                amount = _text(part, "AggtBal", "Qty", "Qty", "Qty", "Unit")
                short = _text(part, "AggtBal", "ShrtLngInd") == "SHOR"
                yield {
                    "isin": _text(balance, "FinInstrmId", "ISIN"),
                    "quantity": f"-{amount}" if short else amount,
                    "location": "/".join(filter(None, (_place(part), account))),
                }


def _closings(message: ET.Element) -> Iterator[dict[str, str]]:
    for statement in message:
        if _name(statement) != "Stmt":
            continue
        nostro = _text(statement, "Acct", "Id", "IBAN") or _text(
            statement, "Acct", "Id", "Othr", "Id"
        )
        for balance in statement:
            if _name(balance) == "Bal" and _text(balance, "Tp", "CdOrPrtry", "Cd") == "CLBD":
                amount = _below(balance, "Amt")
                money, owed = _text(balance, "Amt"), _text(balance, "CdtDbtInd") == "DBIT"
                yield {
                    "currency": "" if amount is None else amount.get("Ccy", ""),
                    "closing_balance": f"-{money}" if owed else money,
                    "nostro": nostro,
                }


_KINDS = {
    "holdings": ("SctiesBalCtdyRpt", "holdings.xml", _balances),
    "cash": ("BkToCstmrStmt", "cash", _closings),
}


def read_statement(kind: str, name: str, content: bytes) -> list[Row]:
    """Read the rows of a statement.

    Raises
    ------
    RefusedFileError
        For truncated XML, and for a file without a message of the kind.
    """
    try:
        root = ET.fromstring(content)  # noqa: S314 - the suite's own files
    except ET.ParseError as error:
        raise RefusedFileError(f"not XML: {error}") from error
    message, columns, rows_of = _KINDS[kind]
    found = [element for element in root.iter() if _name(element) == message]
    if not found and kind != "cash":
        raise RefusedFileError(f"no {message} in it")
    rows: list[Row] = []
    for raw in (raw for element in found for raw in rows_of(element)):
        row = Row(name, len(rows) + 1, raw)
        check_row(columns, row)
        rows.append(row)
    return rows
