"""The history of accounts up to a closed day: bounded, and by the day."""

from datetime import date, timedelta

import polars as pl

from backoffice.accounting.adjusted_closes import latest_closes
from backoffice.compliance.surveillance.activity import activity_of, days_between
from backoffice.compliance.surveillance.amounts import in_currency, rates_on
from backoffice.compliance.surveillance.frames import ACTIVITY
from backoffice.compliance.surveillance.late_trades import came_late
from backoffice.compliance.surveillance.looked_at import Looking
from backoffice.compliance.surveillance.patterns import Histories
from backoffice.compliance.surveillance.report import find_reports
from backoffice.kernel.books import Books, as_of, load, state_key
from backoffice.kernel.parts import Records
from backoffice.reference.known import known_table
from backoffice.risk.funds import clients_money
from backoffice.risk.valuation import with_values

_ACCOUNT = "account_id"


def histories(
    looking: Looking, today: pl.DataFrame, movements: pl.DataFrame, accounts: pl.DataFrame
) -> Histories:
    """Read what patterns of accounts are looked for in.

    Parameters
    ----------
    looking
        The books, and what they are looked at by.
    today : pl.DataFrame
        ACTIVITY of the day.
    movements, accounts : pl.DataFrame
        MOVEMENTS, ACCOUNTS.
    """
    used = today.select(_ACCOUNT).unique()
    activity = pl.concat([today, _before(looking, _of_owners(used, accounts))])
    return Histories(
        day=looking.books.day,
        movements=movements,
        activity=activity,
        accounts=accounts,
        holders=_holders(looking, activity, used),
        assets=_assets(looking, today, accounts),
    )


def _of_owners(some: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return account_id: some accounts, and all others of who owns them."""
    owners = accounts.join(some, on=_ACCOUNT, how="semi").select("owner").unique()
    theirs = accounts.join(owners, on="owner", how="semi").select(_ACCOUNT)
    return pl.concat([some.select(_ACCOUNT), theirs]).unique()


def _before(looking: Looking, used: pl.DataFrame) -> pl.DataFrame:
    """Return what accounts did on the days before today."""
    limits, books = looking.thresholds, looking.books
    day = books.day
    awake = limits.before("dormant_accounts.within_days", day)
    since = min(
        awake - timedelta(days=limits["dormant_accounts.days"]),
        day - timedelta(days=limits["velocity.history_days"]),
        limits.before("velocity.through_days", day),
    )
    days = days_between(books.closed_days, since, day)
    reports = find_reports(looking.records, days)
    found = [pl.DataFrame(schema=dict(ACTIVITY))]
    for day in days:
        report = reports.get(day)
        rows = looking.records.read(report.activity) if report else _unsurveyed(looking, day)
        found.append(rows.join(used, on=_ACCOUNT, how="semi"))
    return pl.concat(found)


def _unsurveyed(looking: Looking, day: date) -> pl.DataFrame:
    """Make a day's activity of its books."""
    books = load(looking.records, state_key(day, "closed"))
    then = Looking(looking.records, books, looking.rulebook, looking.thresholds)
    accounts = then.accounts()
    dealt = pl.concat([then.trades(day, accounts), came_late(then, day, accounts)])
    return activity_of(dealt, then.movements(accounts), day)


def _holders(looking: Looking, activity: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Return which of the accounts that were long not used had anything before that."""
    limits, day = looking.thresholds, looking.books.day
    since = limits.before("dormant_accounts.within_days", day)
    until = since - timedelta(days=limits["dormant_accounts.days"])
    awake = activity.filter(pl.col("day") <= since, pl.col("day") > until)
    asleep = used.join(awake, on=_ACCOUNT, how="anti")
    then = as_of(looking.records, until) if asleep.height else None
    if then is None:
        return asleep.clear()
    held = [asleep.clear()]
    for part in then.bucketed.get("positions", ()):
        rows = looking.records.read(part, [_ACCOUNT, "traded_quantity_e8"])
        held.append(rows.filter(pl.col("traded_quantity_e8") != 0).select(_ACCOUNT))
    money = then.bucketed.get("balances", ())
    held += [clients_money(looking.records.read(part)).select(_ACCOUNT) for part in money]
    return asleep.join(pl.concat(held).unique(), on=_ACCOUNT, how="semi")


def _assets(looking: Looking, today: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Value what the owners that traded much today had at the close before it."""
    dealt = today.join(accounts, on=_ACCOUNT).group_by("owner").agg(pl.col("trades").sum())
    busy = dealt.filter(pl.col("trades") >= looking.thresholds["velocity.least_trades"])
    who = accounts.join(busy, on="owner", how="semi").select(_ACCOUNT)
    records, days = looking.records, looking.books.closed_days
    earlier = [day for day in days if day < looking.books.day]
    if not who.height or not earlier:
        return pl.DataFrame(schema={_ACCOUNT: pl.String, "assets_minor": pl.Int128})
    books = load(records, state_key(earlier[-1], "closed"))
    both = pl.concat([_holdings(records, books, who), _money(records, books, who)])
    rates = rates_on(records, books, books.day)
    rows = in_currency(both, "assets_minor", rates, looking.thresholds.currency)
    return rows.group_by(_ACCOUNT).agg(pl.col("assets_minor").sum())


def _holdings(records: Records, books: Books, who: pl.DataFrame) -> pl.DataFrame:
    rows = [
        records.read(part, [_ACCOUNT, "isin", "traded_quantity_e8"]).join(
            who, on=_ACCOUNT, how="semi"
        )
        for part in books.bucketed.get("positions", ())
    ]
    schema = {_ACCOUNT: pl.String, "isin": pl.String, "traded_quantity_e8": pl.Int128}
    held = pl.concat([pl.DataFrame(schema=schema), *rows])
    kinds = known_table(records, books, "instruments").select("isin", "asset_class")
    known = held.rename({"traded_quantity_e8": "quantity_e8"}).join(kinds, on="isin", how="left")
    valued = with_values(known, latest_closes(records, books))
    return valued.select(_ACCOUNT, currency="value_currency", assets_minor="value_minor")


def _money(records: Records, books: Books, who: pl.DataFrame) -> pl.DataFrame:
    rows = [
        clients_money(records.read(part)).join(who, on=_ACCOUNT, how="semi")
        for part in books.bucketed.get("balances", ())
    ]
    schema = {_ACCOUNT: pl.String, "currency": pl.String, "cash_minor": pl.Int128}
    both = pl.concat([pl.DataFrame(schema=schema), *rows])
    return both.rename({"cash_minor": "assets_minor"})
