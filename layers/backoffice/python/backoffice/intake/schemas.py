"""What a file is by its name, and what its columns are by its header."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from backoffice.intake.file_columns import SCHEMAS
from backoffice.kernel.errors import BadFileError

UNKNOWN: Final = "x:"
"""Prefix of the label of a column the contract does not know: one may be called `row`."""

TRANSACTION_COLUMNS: Final = (
    *("investment_decision", "execution_decision", "transmitted", "transmitting_firm"),
    *("execution_venue", "venue_reference", "waivers", "short_selling", "post_trade"),
)
"""What a trade says for its transaction report alone."""

CHANNEL: Final = "channel"
"""How a movement of cash came or went: CASH (currency), WIRE, CHEQUE, INTERNAL; WIRE if empty."""

_KEPT: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "trades": frozenset({"lots", *TRANSACTION_COLUMNS}),
        "movements": frozenset({CHANNEL}),
    }
)
"""Columns that the contract knows and that stay with their rows as they came."""

DELIMITED: Final = frozenset(SCHEMAS)
"""The kinds that come as delimited text (some of them in another format too)."""

STATEMENTS: Final = ("holdings", "cash", "transactions", "bank")
"""The kinds that say what others have of us: holdings, balances, transactions, cash entries."""

CONTROL: Final = "control"
_CONTROL_SUFFIX: Final = ".control.json"
_FIRST_WORD: Final = re.compile(r"[^-_.0-9]*")

FORMATS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "instruments": (".csv",),
        "accounts": (".csv",),
        "counterparties": (".csv",),
        "owners": (".csv",),
        "restrictions": (".csv",),
        "prices": (".csv",),
        "fx": (".csv",),
        "fees": (".csv",),
        "locates": (".csv",),
        "payments": (".csv",),
        "conditions": (".csv",),
        "entries": (".csv",),
        "periods": (".csv",),
        "recordrequests": (".csv",),
        "ssi": (".csv",),
        "movements": (".csv",),
        "buyins": (".csv",),
        "claims": (".csv",),
        "trades": (".csv", ".fix"),
        "orders": (".csv",),
        "allocations": (".csv",),
        "affirmations": (".csv",),
        "lotchoices": (".csv",),
        "borrows": (".csv",),
        "rates": (".csv",),
        "fxdeals": (".csv",),
        "policies": (".csv",),
        "thresholds": (".csv",),
        "complaints": (".csv",),
        "sars": (".csv",),
        "sarfilings": (".csv",),
        "status": (".xml",),
        "holdings": (".xml", ".csv"),
        "cash": (".xml", ".csv"),
        "transactions": (".xml", ".csv"),
        "bank": (".csv",),
        "actions": (".csv", ".xml"),
        "elections": (".csv",),
        "reportstatus": (".xml", ".csv"),
        CONTROL: (_CONTROL_SUFFIX,),
    }
)
"""The formats each kind comes in, by the end of the name."""


def kind_of(name: str) -> str | None:
    """Tell a file's kind by the first word of its name; None for a word no kind has.

    `<name>.control.json` is a control file, whatever it is called before that. Names are read
    without regard to case: they are no codes.
    """
    if controlled_name(name) is not None:
        return CONTROL
    match = _FIRST_WORD.match(name.lower())
    word = match[0] if match else ""
    return word if word in FORMATS and word != CONTROL else None


def format_of(name: str) -> str | None:
    """Tell a file's format by the end of its name; None when its kind does not come in it."""
    kind = kind_of(name)
    endings = FORMATS[kind] if kind else ()
    return next((ending for ending in endings if name.lower().endswith(ending)), None)


def controlled_name(name: str) -> str | None:
    """Return the name of the file a control file is for; None for any other file."""
    return name.removesuffix(_CONTROL_SUFFIX) if name.endswith(_CONTROL_SUFFIX) else None


def control_name(name: str) -> str:
    """Return the name of the control file for a file of this name."""
    return f"{name}{_CONTROL_SUFFIX}"


def missing_columns(kind: str, header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns a kind needs and a header lacks, in the contract's order."""
    return tuple(
        column.name
        for column in SCHEMAS.get(kind, ())
        if column.needed and column.name not in header
    )


def unread_columns(kind: str, header: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a header that stay with their rows as they came, in the file's order."""
    known = {column.name for column in SCHEMAS.get(kind, ())}
    return tuple(name for name in header if name not in known)


def unknown_columns(kind: str, header: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a header that the contract does not know, in the file's order."""
    kept = _KEPT.get(kind, frozenset())
    return tuple(name for name in unread_columns(kind, header) if name not in kept)


def _hint(header: Sequence[str]) -> str:
    """Say what a header that is one long name was probably meant to be."""
    if len(header) > 1 or not any(mark in header[0] for mark in (";", "\t", "|")):
        return ""
    return "; its columns have to stand apart by commas"


def label_columns(kind: str, header: Sequence[str]) -> tuple[str, ...]:
    """Name a file's columns for `read_range`: unknown ones come prefixed.

    Raises
    ------
    BadFileError
        When a column the kind needs is missing.
    """
    missing = missing_columns(kind, header)
    if missing:
        noun = "column" if len(missing) == 1 else "columns"
        raise BadFileError(f"the {kind} file lacks the {noun} {', '.join(missing)}{_hint(header)}")
    unknown = set(unread_columns(kind, header))
    return tuple(UNKNOWN + name if name in unknown else name for name in header)
