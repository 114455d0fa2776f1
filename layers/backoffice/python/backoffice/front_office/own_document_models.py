"""What the API answers of an account's statements, confirmations and gains."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class OwnDocument(BaseModel):
    """A document that was made of an account."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    as_of: date = Field(description="The closed day it tells of.")


class OwnDocuments(BaseModel):
    """A page of an account's documents, by the day they tell of."""

    model_config = ConfigDict(frozen=True)

    account_id: str
    documents: tuple[OwnDocument, ...]
    next: str | None = Field(
        description="The cursor of the next page; null after the last. Pages may hold fewer."
    )
