"""What the fields of RTS 22 say of an execution, and for which of them data lack."""

from typing import Final

import polars as pl

from backoffice.compliance.rts22.decisions import with_deciders
from backoffice.compliance.rts22.frames import (
    ALLOCATION,
    DESIRED,
    ENTITY,
    FIRM,
    INTERNAL,
    PERSON,
    REMAINDER,
    TRADE,
)
from backoffice.compliance.rts22.person_kinds import with_kinds
from backoffice.intake.schemas import TRANSACTION_COLUMNS
from backoffice.kernel.frames import shaped
from backoffice.kernel.rulebook import Rulebook

_WAIVERS: Final = ("OILQ", "NLIQ", "PRIC", "ILQD", "RFPT", "SIZE")
_SHORT: Final = ("SESH", "SSEX", "SELL", "UNDI")
_POST_TRADE: Final = (
    *("BENC", "ACTX", "ILQD", "SIZE", "CANC", "AMND", "SDIV", "RPRI", "DUPL", "LRGS", "TNCP"),
    *("TPAC", "XFPH"),
)
_LEI: Final = "^[A-Z0-9]{18}[0-9]{2}$"
_MIC: Final = "^[A-Z0-9]{4}$"
_CONCAT: Final = "CONCAT"
_IDENTITY: Final = ("given_names", "surname", "birth_date", "national_id_kind")
_NATURAL: Final = "lei or personal data"


def desired(rows: pl.DataFrame, accounts: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Return `DESIRED` of reportable executions.

    Parameters
    ----------
    rows : pl.DataFrame
        `EXECUTION` with `asset_class`.
    accounts : pl.DataFrame
        The reference table.
    rulebook
        Who decides for the firm where no trade says it.
    """
    told = _told(rows).with_columns(_capacity())
    told = _with_party(told, accounts)
    told = with_deciders(told, accounts, rulebook)
    told = with_kinds(told, rulebook)
    is_debt = pl.col("asset_class") == "BOND"
    return shaped(
        told.with_columns(
            is_debt=is_debt,
            net_minor=pl.when(is_debt).then("gross_minor"),
            opposite=_opposite(),
            opposite_lei=pl.when(pl.col("leg") == TRADE).then("counterparty"),
            venue=pl.coalesce("execution_venue", "venue"),
            transmitted=(pl.col("transmitted") == "Y").fill_null(value=False),
            short_selling=_short_selling(),
            missing=_joined(
                *_missing_party(),
                _wrong_kind(),
                *_unreadable(),
                pl.col("undecided"),
                _missing_counterparty(),
            ),
        ),
        DESIRED,
    )


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Read what a trade says for its report alone; of most trades that is nothing."""
    says = pl.col("unknown")
    return rows.with_columns(
        pl.when(says.is_not_null()).then(says.str.json_path_match(f"$.{name}")).alias(name)
        for name in TRANSACTION_COLUMNS
    )


def _capacity() -> pl.Expr:
    """Say in which capacity the firm traded (field 29).

    For its own account DEAL. For a client as agent AOTC, as principal at the street's price MTCH;
    orders that are dealt together and allotted are dealt in the capacity of the block's row.
    """
    own = (pl.col("account_kind") == "HOUSE") & ~pl.col("is_block")
    of_client = pl.when(pl.col("capacity") == "PRINCIPAL").then(pl.lit("MTCH"))
    return (
        pl.when(own)
        .then(pl.lit("DEAL"))
        .otherwise(of_client.otherwise(pl.lit("AOTC")))
        .alias("capacity")
    )


def _with_party(rows: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Name who bought or sold through the firm: itself, an entity, a person, or many together."""
    known = accounts.select(
        *("account_id", "given_names", "surname", "birth_date", "national_id"),
        *("national_id_kind", pl.coalesce("nationality", "country").alias("nationality")),
        account_lei="lei",
    )
    joined = rows.join(known, on="account_id", how="left", maintain_order="left")
    party = (
        pl.when(pl.col("is_block"))
        .then(pl.lit(INTERNAL))
        .when(pl.col("account_kind") == "HOUSE")
        .then(pl.lit(FIRM))
        .when(pl.col("account_lei").is_not_null())
        .then(pl.lit(ENTITY))
        .otherwise(pl.lit(PERSON))
    )
    told = joined.with_columns(party=party)
    is_person = pl.col("party") == PERSON
    return told.with_columns(
        pl.when(pl.col("party") == ENTITY).then("account_lei").alias("party_lei"),
        *(
            pl.when(is_person).then(name).alias(name)
            for name in (*_IDENTITY, "national_id", "nationality")
        ),
    )


def _opposite() -> pl.Expr:
    inside = pl.col("leg").is_in((ALLOCATION, REMAINDER))
    return pl.when(inside).then(pl.lit(INTERNAL)).otherwise(pl.lit(ENTITY))


def _short_selling() -> pl.Expr:
    """Say whether a share was sold short (field 62); of what is no share nothing is said."""
    said = pl.col("short_selling")
    short = pl.when(pl.col("is_short")).then(pl.lit("SESH")).otherwise(pl.lit("SELL"))
    applies = (pl.col("side") == "SELL") & (pl.col("asset_class") == "EQUITY")
    return pl.when(applies).then(pl.coalesce(said, short))


def _missing_party() -> tuple[pl.Expr, ...]:
    is_person = pl.col("party") == PERSON
    nothing = pl.all_horizontal(pl.col(name).is_null() for name in (*_IDENTITY, "national_id"))
    needs_id = pl.col("national_id_kind") != _CONCAT
    lacks = [
        pl.when(is_person & ~nothing & pl.col(name).is_null()).then(pl.lit(name))
        for name in _IDENTITY
    ]
    lacks_id = is_person & ~nothing & needs_id & pl.col("national_id").is_null()
    return (
        pl.when(is_person & nothing).then(pl.lit(_NATURAL)),
        *lacks,
        pl.when(lacks_id).then(pl.lit("national_id")),
    )


def _wrong_kind() -> pl.Expr:
    """Name the kind of number that the annex does not have for the person's country."""
    kind = pl.col("national_id_kind")
    wrong = (pl.col("party") == PERSON) & ~pl.col("kinds").list.contains(kind)
    return pl.when(wrong & kind.is_not_null()).then(pl.lit("national_id_kind"))


def _missing_counterparty() -> pl.Expr:
    lacks = (pl.col("leg") == TRADE) & pl.col("counterparty").is_null()
    return pl.when(lacks).then(pl.lit("counterparty"))


def _unreadable() -> tuple[pl.Expr, ...]:
    """Name what a trade says that no report can hold."""
    wrong = {
        "transmitted": ~pl.col("transmitted").is_in(["Y", "N"]),
        "transmitting_firm": ~pl.col("transmitting_firm").str.contains(_LEI),
        "execution_venue": ~pl.col("execution_venue").str.contains(_MIC),
        "venue_reference": ~pl.col("venue_reference").str.contains("^[A-Z0-9]{1,52}$"),
        "waivers": ~_all_of("waivers", _WAIVERS),
        "short_selling": ~pl.col("short_selling").is_in(list(_SHORT)),
        "post_trade": ~_all_of("post_trade", _POST_TRADE),
    }
    return tuple(pl.when(is_so).then(pl.lit(name)) for name, is_so in wrong.items())


def _all_of(column: str, codes: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).str.contains(f"^({'|'.join(codes)})(;({'|'.join(codes)}))*$")


def _joined(*fields: pl.Expr) -> pl.Expr:
    text = pl.concat_str(*fields, separator=";", ignore_nulls=True)
    return pl.when(text != "").then(text)
