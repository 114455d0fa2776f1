"""The two buckets a market knows, and what the back office would put into one of them."""

from datetime import date
from typing import TYPE_CHECKING

from backoffice.formats.iso20022.instruction_writer import write_cancellation, write_instruction
from backoffice.formats.iso20022.packing import pack
from backoffice.formats.iso20022.status_reader import read_status
from cli.market.simulator import run_market
from tests.unit.market.samples import PARTIES, obligation

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)


class Platform:
    """Two buckets, and what the back office would put into one of them."""

    def __init__(self, s3: "S3Client") -> None:
        self.s3 = s3
        for bucket in ("outbox", "drops"):
            s3.create_bucket(Bucket=bucket)

    def post(self, day: date, name: str, body: bytes) -> None:
        self.s3.put_object(Bucket="outbox", Key=f"outbox/market/{day}/{name}", Body=body)

    def instruct(self, day: date, *ids: str, number: int = 1, **changes: object) -> None:
        rows = [obligation(obligation_id=name, **changes) for name in ids]
        files = [(f"{r['obligation_id']}.xml", write_instruction(r, PARTIES)) for r in rows]
        self.post(day, f"instructions-{number}.zip", pack(files))

    def cancel(self, day: date, *ids: str) -> None:
        rows = [obligation(obligation_id=name) for name in ids]
        files = [(f"{r['obligation_id']}.xml", write_cancellation(r, PARTIES)) for r in rows]
        self.post(day, "cancellations-1.zip", pack(files))

    def run(self, day: date, script: str = "settle-all") -> list[str]:
        return run_market(self.s3, "outbox", "drops", day, script)

    def body(self, key: str) -> bytes:
        return self.s3.get_object(Bucket="drops", Key=key)["Body"].read()

    def said(self, key: str) -> list[tuple[str, str]]:
        return read_status(self.body(key)).statuses.select("obligation_id", "outcome").rows()
