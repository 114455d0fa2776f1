"""What was found, by name: an alert's id, what its case is about, and its evidence by the id."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.compliance.surveillance.evidence import evidence_of
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.compliance.surveillance.report import Alert
from backoffice.kernel.canonical import canonical_hash

_NAMED: Final = 4
"""How many accounts a subject names; of more it says how many."""

_VARIANTS: Final = ("side", "kind", "sort")
"""The figures by which a pattern may be there twice of the same accounts on one day."""

_HASH_DIGITS: Final = 32


def named_alerts(
    found: pl.DataFrame, trading: Trading, movements: pl.DataFrame
) -> tuple[list[Alert], pl.DataFrame]:
    """Name alerts, and their evidence by them.

    Parameters
    ----------
    found : pl.DataFrame
        FOUND.
    trading, movements
        What it was found in.

    Returns
    -------
    tuple
        The alerts, and their EVIDENCE.
    """
    rows = [{**row, "figures": _figures(row["figures"])} for row in found.to_dicts()]
    subjects = [_subject(row) for row in rows]
    ids = [_alert_id(row, subject) for row, subject in zip(rows, subjects, strict=True)]
    named = found.with_columns(pl.Series("alert_id", ids, dtype=pl.String))
    evidence = evidence_of(named, trading, movements)
    own = evidence.partition_by("alert_id", as_dict=True)
    alerts = [
        _alert(name, subject, row, own.get((name,), evidence.clear()))
        for name, subject, row in zip(ids, subjects, rows, strict=True)
    ]
    return alerts, evidence


def _alert(name: str, subject: str, row: Mapping[str, Any], evidence: pl.DataFrame) -> Alert:
    same = ("pattern", "isin", "day", "from_at", "to_at", "score", "figures")
    return Alert(
        alert_id=name,
        subject=subject,
        accounts=tuple(row["accounts"]),
        evidence=evidence.height,
        evidence_hash=canonical_hash(evidence)[:_HASH_DIGITS],
        **{column: row[column] for column in same},
    )


def _figures(text: str) -> dict[str, str]:
    told = json.loads(text)
    return {name: str(value) for name, value in told.items() if value is not None}


def _subject(row: Mapping[str, Any]) -> str:
    accounts, day = row["accounts"], row["day"]
    more = f"+{len(accounts) - _NAMED} more" if len(accounts) > _NAMED else ""
    variant = [row["figures"][name] for name in _VARIANTS if name in row["figures"]]
    names = "+".join(accounts[:_NAMED]) + more
    return " ".join(filter(None, (names, row["isin"], *variant, day.isoformat())))


def _alert_id(row: Mapping[str, Any], subject: str) -> str:
    digest = hashlib.sha256(f"{row['pattern']}\x1f{subject}".encode()).hexdigest()
    return f"ALERT-{row['day']:%Y%m%d}-{digest[:10]}"
