"""What is sent and answered about customers' documents, as JSON."""

import re
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from backoffice.clearance.customer_documents import DocumentKind
from backoffice.front_office.models import Text
from backoffice.intake.countries import COUNTRIES

LARGEST_FILE: Final = 4 * 2**20
"""Bytes; in base 64 and with all around it less than the 6 MiB that a function takes or answers."""
LONGEST_CONTENT: Final = -(-LARGEST_FILE // 3) * 4

_DATED: Final = frozenset({"PASSPORT", "IDENTITY_CARD", "DRIVING_LICENCE"})
"""Kinds that expire: without its date nobody would be warned."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MEDIA_TYPE: Final = r"^[a-z0-9][a-z0-9.+_-]{0,62}/[a-z0-9][a-z0-9.+_-]{0,62}$"


def _dated(said: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Refuse what is no ISO 8601 date though it could be read as one."""
    if said is not None and not (isinstance(said, str) and _DATE.fullmatch(said)):
        raise ValueError("it must be a date, YYYY-MM-DD")
    return said


def _known(country: str) -> str:
    if country not in COUNTRIES:
        raise ValueError("it must be a country of ISO 3166-1, two letters")
    return country


class NewDocument(BaseModel):
    """A document of a customer: what it is, what is said of it, and the file in base 64.

    PASSPORT, IDENTITY_CARD and DRIVING_LICENCE say when they expire.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: DocumentKind
    name: Annotated[Text, Field(min_length=1, max_length=255)]
    media_type: Annotated[str, Field(pattern=_MEDIA_TYPE)]
    content: Annotated[str, Field(min_length=1, max_length=LONGEST_CONTENT)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$"), AfterValidator(_known)] | None = None
    number: Annotated[Text, Field(min_length=1, max_length=64)] | None = None
    expires: Annotated[date | None, BeforeValidator(_dated)] = None

    @model_validator(mode="after")
    def _says_its_date(self) -> Self:
        if self.kind in _DATED and self.expires is None:
            raise ValueError(f"a {self.kind} has a date on which it expires")
        return self


class ListedDocument(BaseModel):
    """A document as it is listed: nothing of what it says."""

    document_id: str
    account_id: str
    kind: DocumentKind
    media_type: str
    added_on: date
    added_by: str
    expires: date | None


class ListedDocuments(BaseModel):
    """The documents of a customer, the latest first; `unreadable` are ids of what is none."""

    documents: tuple[ListedDocument, ...]
    unreadable: tuple[str, ...] = ()


class ShownDocument(BaseModel):
    """A document that was opened; the file is in base 64."""

    document: ListedDocument
    name: str
    number: str | None
    country: str | None
    content: str
