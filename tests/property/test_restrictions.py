"""The restricted and the watch list in columns against a plain rule, entry by entry."""

from collections import defaultdict
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.risk.restrictions import watched, with_restricted
from tests.unit.clearance.builders import Row, table

ISINS = ("US0378331005", "US0000000000", "IS0000000024", "XS0000000009")
LEIS = ("54930084UKLVMY22DS16", "529900T8BM49AURSDO55")
DAYS = [date(2026, 4, day) for day in (1, 2, 3, 6, 7)]

issuers = st.fixed_dictionaries({isin: st.sampled_from([None, *LEIS]) for isin in ISINS[:3]})
"""The issuers of the known instruments: of the last ISIN nothing is known."""
traded = st.fixed_dictionaries(
    {
        "isin": st.sampled_from(ISINS),
        "trade_date": st.sampled_from(DAYS),
        "account_kind": st.sampled_from(["CLIENT", "HOUSE", None]),
        "side": st.sampled_from(["BUY", "SELL", "SHORT"]),
        "account_id": st.sampled_from(["A", "B"]),
        "quantity_e8": st.integers(1, 10**26),
    }
)
listed = st.fixed_dictionaries(
    {
        "subject": st.sampled_from([*ISINS, *LEIS]),
        "list": st.sampled_from(["RESTRICTED", "WATCH"]),
        "accounts": st.sampled_from(["ALL", "CLIENT", "HOUSE"]),
        "side": st.sampled_from(["BOTH", "BUY", "SELL"]),
        "valid_from": st.sampled_from(DAYS),
        "valid_to": st.none() | st.sampled_from(DAYS),
    }
)


def is_about(entry: Row, trade: Row, issuer: str | None) -> bool:
    return (
        entry["subject"] in {trade["isin"], issuer}
        and entry["accounts"] in {"ALL", trade["account_kind"]}
        and entry["side"] in {"BOTH", "BUY" if trade["side"] == "BUY" else "SELL"}
        and entry["valid_from"] <= trade["trade_date"]
        and (entry["valid_to"] is None or entry["valid_to"] >= trade["trade_date"])
    )


@settings(max_examples=100, deadline=None)
@given(issuers, st.lists(traded, min_size=1, max_size=12), st.lists(listed, max_size=10))
def test_columns_find_what_a_plain_rule_finds(
    issuer_of: dict[str, str | None], trades: list[Row], entries: list[Row]
) -> None:
    known = [{"isin": isin, "issuer_lei": lei} for isin, lei in issuer_of.items()]
    frames = (
        pl.DataFrame(trades, schema_overrides={"quantity_e8": pl.Int128}),
        table("restrictions", *entries),
        table("instruments", *known),
    )
    held, sums = [], defaultdict[tuple[object, ...], list[int]](list)
    for trade in trades:
        about = [e for e in entries if is_about(e, trade, issuer_of.get(trade["isin"]))]
        held.append(any(entry["list"] == "RESTRICTED" for entry in about))
        for subject in {entry["subject"] for entry in about if entry["list"] == "WATCH"}:
            said = (trade[name] for name in ("isin", "account_id", "side"))
            sums[trade["trade_date"], subject, *said].append(trade["quantity_e8"])
    marked = with_restricted(*frames)
    assert marked["restricted"].to_list() == held
    assert marked.drop("restricted").equals(frames[0])
    expected = [(*key, sum(found), len(found)) for key, found in sums.items()]
    assert watched(*frames).rows() == sorted(expected, key=str)
