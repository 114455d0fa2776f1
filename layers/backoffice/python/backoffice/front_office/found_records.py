"""What a search of the records answers."""

from pydantic import BaseModel, ConfigDict, Field


class FoundRecord(BaseModel):
    """A sealed object, or a row in one: `row` counts from 0 in the Parquet object `key`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    kind: str
    account: str
    counterparty: str
    instrument: str
    date: str
    key: str
    row: int | None
    sealed_in: str


class FoundRecords(BaseModel):
    """A page, by date; `next` is the cursor of the page after it, null after the last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: tuple[FoundRecord, ...]
    next: str | None = Field(description="Pages may hold fewer rows than asked for.")
