"""Post a step's settlement messages: to the outbox for the depository, and to the records."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.formats.iso20022.archives import DEPOSITORY, Firm, Outgoing, archives
from backoffice.formats.iso20022.parties import Depository, Party
from backoffice.kernel.parts import Outbox, Part, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.shaping import instructions, obligations_of, shape
from backoffice.settlement.street import Post, Posted

_IN_WHOLE: Final = pl.lit(None, dtype=pl.Int128).alias("released_e8")


def poster(
    records: Records,
    outbox: Outbox,
    rulebook: Rulebook,
    counterparties: Part | None,
    phase: str,
) -> Post:
    """Return what posts a step's messages; the same messages again are the same objects."""

    def post(
        day: date, instructed: pl.DataFrame, requests: pl.DataFrame, changes: pl.DataFrame
    ) -> Posted:
        known = records.read(counterparties) if counterparties else _nobody()
        parts = shape(instructed, rulebook)
        told = changes.with_columns(_IN_WHOLE) if changes.height else None
        outgoing = Outgoing(
            instructions(instructed, parts),
            instructions(requests, shape(requests, rulebook)),
            told if told is None else instructions(told, shape(told, rulebook)),
        )
        made = archives(outgoing, known, _firm(rulebook, day), day, phase)
        kept = [records.keep_bytes("settlement", day, body, ".zip") for _, body in made.files]
        for name, body in made.files:
            outbox.post(DEPOSITORY, day, name, body)
        unsendable = obligations_of(made.unsendable, parts)
        return Posted(records=tuple(kept), unsendable=unsendable, parts=parts)

    return post


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("lei", "bic", "custodian_account"), pl.String))


def _firm(rulebook: Rulebook, day: date) -> Firm:
    said = {
        name: str(rulebook.value(name, day))
        for name in ("firm_lei", "depository_bic", "depository_account")
    }
    account = said["depository_account"]
    return Firm(
        us=Party(said["firm_lei"], None, account),
        depository=Depository(said["depository_bic"], account),
    )
