"""The bundled regulator: answers every file of transaction reports left for it (auth.031)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from cli.market.outbox import body, keys

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGULATOR: Final = "regulator"
_ADVICE: Final = "urn:iso:std:iso:20022:tech:xsd:auth.031.001.01"
_RECORD: Final = re.compile(rb"<TxId>([A-Z0-9]{1,52})</TxId>")
_REFUSED: Final = "<VldtnRule><Id>CON-412</Id><Desc>Instrument is not known</Desc></VldtnRule>"


def run_regulator(
    s3: "S3Client",
    outbox_bucket: str,
    drops_bucket: str,
    day: date,
    refuse_one_in: int | None = None,
) -> list[str]:
    """Answer what was left up to `day` and has no answer; return the keys of the drops of `day`.

    Parameters
    ----------
    refuse_one_in
        Of so many records of a file the first is refused; None accepts all.
    """
    answered = {key.rpartition("/")[2] for key in keys(s3, drops_bucket, f"drops/{REGULATOR}/")}
    dropped = []
    for key in keys(s3, outbox_bucket, f"outbox/{REGULATOR}/"):
        _, _, left_on, name = key.split("/", 3)
        answer = f"reportstatus-{name}"
        if left_on > str(day) or not name.endswith(".xml") or answer in answered:
            continue
        records = [found.decode() for found in _RECORD.findall(body(s3, outbox_bucket, key))]
        refused = records[::refuse_one_in] if refuse_one_in else []
        place = f"drops/{REGULATOR}/{day}/{answer}"
        message = _advice(name.removesuffix(".xml"), refused, len(records))
        s3.put_object(Bucket=drops_bucket, Key=place, Body=message)
        dropped.append(place)
    return dropped


def _advice(message_id: str, refused: Sequence[str], count: int) -> bytes:
    status = "ACPT"
    if refused:
        status = "RJCT" if len(refused) == count else "PART"
    told = "".join(
        f"<RcrdSts><OrgnlRcrdId>{name}</OrgnlRcrdId><Sts>RJCT</Sts>{_REFUSED}</RcrdSts>"
        for name in refused
    )
    counts = "".join(_counts(count, len(refused)))
    return (
        f'<Document xmlns="{_ADVICE}"><FinInstrmRptgStsAdvc><StsAdvc>'
        f"<MsgRptIdr>{message_id}</MsgRptIdr><MsgSts><Sts>{status}</Sts>"
        f"<Sttstcs><TtlNbOfRcrds>{count}</TtlNbOfRcrds>{counts}</Sttstcs></MsgSts>"
        f"{told}</StsAdvc></FinInstrmRptgStsAdvc></Document>"
    ).encode()


def _counts(count: int, refused: int) -> Iterator[str]:
    for status, number in (("ACPT", count - refused), ("RJCT", refused)):
        yield (
            f"<NbOfRcrdsPerSts><DtldNbOfRcrds>{number}</DtldNbOfRcrds><DtldSts>{status}</DtldSts>"
            "</NbOfRcrdsPerSts>"
        )
