"""What was erased or disposed of: a certificate each, written once, sealed with its day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal

from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.parts import Document, Records

PREFIX: Final = "certificates/"
SOURCE: Final = "dispose_records"


class Certificate(Document):
    """That a request was carried out.

    Attributes
    ----------
    at
        When, UTC.
    keys_destroyed
        Of an erasure the subjects whose keys were destroyed: what they sealed is unreadable.
    objects
        Of a disposal the key of the list of what is gone (`GONE`), and how many.
    counts
        Objects by class.
    """

    request_id: str
    kind: Literal["ERASE", "DISPOSE"]
    case_id: str
    proposed_by: str
    approved_by: str
    decided_at: str
    reason: str
    at: datetime
    account_id: str | None = None
    kept_until: date | None = None
    keys_destroyed: tuple[str, ...] = ()
    objects: str | None = None
    counts: Mapping[str, int] = {}

    @property
    def key(self) -> str:
        """Where it stands: a request is carried out once."""
        return certificate_key(self.request_id)


def certificate_key(request_id: str) -> str:
    """Where the certificate of a request stands."""
    return f"{PREFIX}{request_id}.json"


def certify(
    records: Records, certificate: Certificate, day: date, plans: tuple[str, ...] = ()
) -> Certificate:
    """Write a certificate and give notice of it; of two the first stands.

    Parameters
    ----------
    day
        The latest closed business day: the next one seals it.
    plans
        The keys of what said before what was to go.
    """
    records.put_once(certificate.key, certificate.model_dump_json().encode())
    stands = Certificate.model_validate_json(records.read_bytes(certificate.key))
    named = (stands.objects,) if stands.objects else ()
    give_notice(
        records, Notice(source=SOURCE, day=day, report=stands.key, records=(*named, *plans))
    )
    return stands


def certificates(records: Records) -> dict[str, Certificate]:
    """Read every certificate, by its request; what stands elsewhere than its own place is none."""
    # what a disposal lists, and what an erasure plans, stands in folders beside them
    keys = [key for key in records.keys(PREFIX) if "/" not in key.removeprefix(PREFIX)]
    bodies = records.read_many(keys)
    found = [Certificate.model_validate_json(body) for body in bodies]
    return {one.request_id: one for key, one in zip(keys, found, strict=True) if one.key == key}


def said_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a certificate repeats of its request."""
    names = ("request_id", "kind", "case_id", "proposed_by", "approved_by", "decided_at", "reason")
    return {name: request[name] for name in names}
