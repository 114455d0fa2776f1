"""xsdata's side of `bench.reading.sese`: `python -m bench.sides.messages_xsdata KIND XML OUT`.

The classes are those that python-iso20022 made of the schemas; the parser is xsdata's fastest, over
lxml, made once. Confirmations are cut apart before the clock runs: each is a Document to it.
"""

import csv
import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from python_iso20022.camt.camt_053_001_12 import Camt05300112  # type: ignore[import-untyped]
from python_iso20022.semt.semt_002_001_11 import Semt00200111  # type: ignore[import-untyped]
from python_iso20022.semt.semt_017_001_12 import Semt01700112  # type: ignore[import-untyped]
from python_iso20022.sese.sese_025_001_11 import Sese02500111  # type: ignore[import-untyped]
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler

from bench.measuring.inside import Laps, say

_DOCUMENT: Final = re.compile(rb"<Document[\s>].*?</Document>", re.DOTALL)
_SIGNS: Final = {"CRDT": 1, "DBIT": -1, "LONG": 1, "SHOR": -1}

Row = tuple[Any, ...]


def _confirmed(message: Any) -> Iterator[Row]:  # noqa: ANN401 - generated classes are untyped
    said = message.scties_sttlm_tx_conf
    ids, settled = said.tx_id_dtls, said.qty_and_acct_dtls.sttld_qty.qty
    yield (
        ids.acct_ownr_tx_id,
        ids.acct_svcr_tx_id,
        said.fin_instrm_id.isin,
        _whole(settled.unit, 8),
        _whole(said.sttld_amt.amt.value, 2) * _SIGNS[said.sttld_amt.cdt_dbt_ind.value],
        said.trad_dtls.fctv_sttlm_dt.dt.dt,
    )


def _held(message: Any) -> Iterator[Row]:  # noqa: ANN401
    for balance in message.scties_bal_ctdy_rpt.bal_for_acct:
        total = balance.aggt_bal
        yield (
            balance.fin_instrm_id.isin,
            _whole(total.qty.qty.qty.unit, 8) * _SIGNS[total.shrt_lng_ind.value],
        )


def _posted(message: Any) -> Iterator[Row]:  # noqa: ANN401
    for instrument in message.scties_tx_pstng_rpt.fin_instrm_dtls:
        for posted in instrument.tx:
            said = posted.tx_dtls
            yield (
                posted.acct_ownr_tx_id,
                posted.acct_svcr_tx_id,
                instrument.fin_instrm_id.isin,
                _whole(said.pstng_qty.qty.unit, 8),
                _whole(said.pstng_amt.amt.value, 2) * _SIGNS[said.pstng_amt.cdt_dbt.value],
                said.fctv_sttlm_dt.dt,
            )


def _moved(message: Any) -> Iterator[Row]:  # noqa: ANN401
    for statement in message.bk_to_cstmr_stmt.stmt:
        for entry in statement.ntry:
            yield (
                entry.ntry_dtls[0].tx_dtls[0].refs.acct_ownr_tx_id,
                entry.acct_svcr_ref,
                _whole(entry.amt.value, 2) * _SIGNS[entry.cdt_dbt_ind.value],
                entry.val_dt.dt,
                statement.acct.id.iban,
            )


def _whole(figure: Decimal, scale: int) -> int:
    return int(figure.scaleb(scale))


READERS: Final[Mapping[str, tuple[Any, Callable[[Any], Iterator[Row]]]]] = {
    "sese.025": (Sese02500111, _confirmed),
    "semt.002": (Semt00200111, _held),
    "semt.017": (Semt01700112, _posted),
    "camt.053": (Camt05300112, _moved),
}


def main(kind: str, source: Path, out: Path) -> None:
    """Read, write what was read."""
    made, rows_of = READERS[kind]
    documents = _DOCUMENT.findall(source.read_bytes())
    parser, laps = XmlParser(handler=LxmlEventHandler), Laps()

    def read() -> list[Row]:
        return [row for one in documents for row in rows_of(parser.from_bytes(one, made))]

    rows = laps.time("reading", read)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    out.write_bytes(text.getvalue().encode())
    say(laps.figures())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
