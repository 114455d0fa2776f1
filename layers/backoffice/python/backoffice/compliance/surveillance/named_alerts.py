"""What was found, by name: an alert's id, what its case is about, and its evidence by the id."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from backoffice.compliance.surveillance.evidence import evidence_of
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.compliance.surveillance.report import Alert
from backoffice.kernel.canonical import canonical_hash

_NAMED: Final = 4
"""How many accounts a subject names; of more it says how many, and a digest of them all."""

_VARIANTS: Final = ("side", "kind", "sort")
"""The figures by which a pattern may be there twice of the same accounts on one day."""

_HASH_DIGITS: Final = 32
_ID_DIGITS: Final = 16
_OTHERS_DIGITS: Final = 8
_SEPARATOR: Final = "\x1f"


def named_alerts(
    found: pl.DataFrame, trading: Trading, movements: pl.DataFrame
) -> tuple[list[Alert], pl.DataFrame]:
    """Name alerts, and their evidence by them.

    An id says all that an alert is: its pattern, every account, and each row it stands on. Who
    looks again finds the same id, and with a row more another.

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
    numbered = found.with_columns(alert_id=pl.int_range(pl.len()).cast(pl.String))
    evidence = evidence_of(numbered, trading, movements)
    own = evidence.partition_by("alert_id", as_dict=True, include_key=False)
    nothing = evidence.clear().drop("alert_id")
    alerts = [
        _alert(row, own.get((row["alert_id"],), nothing)) for row in numbered.iter_rows(named=True)
    ]
    ids = {str(number): one.alert_id for number, one in enumerate(alerts)}
    named = pl.col("alert_id").replace_strict(ids, return_dtype=pl.String)
    return alerts, evidence.with_columns(named).sort(evidence.columns)


def _alert(row: Mapping[str, Any], evidence: pl.DataFrame) -> Alert:
    told = {**row, "figures": _figures(row["figures"])}
    subject, evidence_hash = _subject(told), canonical_hash(evidence)
    same = ("pattern", "isin", "day", "from_at", "to_at", "score", "figures")
    return Alert(
        alert_id=_alert_id(told, subject, evidence_hash),
        subject=subject,
        accounts=tuple(row["accounts"]),
        evidence=evidence.height,
        evidence_hash=evidence_hash[:_HASH_DIGITS],
        **{column: told[column] for column in same},
    )


def _figures(text: str) -> dict[str, str]:
    told = json.loads(text)
    return {name: str(value) for name, value in told.items() if value is not None}


def _subject(row: Mapping[str, Any]) -> str:
    accounts, day = row["accounts"], row["day"]
    others = len(accounts) - _NAMED
    more = f"+{others} more ({_digest(accounts, _OTHERS_DIGITS)})" if others > 0 else ""
    variant = [row["figures"][name] for name in _VARIANTS if name in row["figures"]]
    names = "+".join(accounts[:_NAMED]) + more
    return " ".join(filter(None, (names, row["isin"], *variant, day.isoformat())))


def _alert_id(row: Mapping[str, Any], subject: str, evidence_hash: str) -> str:
    whole = (row["pattern"], subject, *row["accounts"], evidence_hash)
    return f"ALERT-{row['day']:%Y%m%d}-{_digest(whole, _ID_DIGITS)}"


def _digest(texts: Iterable[str], digits: int) -> str:
    return hashlib.sha256(_SEPARATOR.join(texts).encode()).hexdigest()[:digits]
