"""Who stands on which side of an instruction, and where our securities are kept."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from backoffice.formats.iso20022.text import MAX_TEXT, escape, is_text
from backoffice.kernel.identifiers import LEI_SHAPE

_LEI: Final = re.compile(LEI_SHAPE, re.ASCII)
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Party:
    """A settling party: its LEI, its BIC and its safekeeping account where they are known.

    Raises
    ------
    ValueError
        When the LEI or the BIC has not its shape, or the account cannot be an ISO 20022 Max35Text.
    """

    lei: str
    bic: str | None = None
    account: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no schema would take."""
        if not _LEI.fullmatch(self.lei):
            raise ValueError(f"{self.lei!r} is no LEI")
        if self.bic is not None and not _BIC.fullmatch(self.bic):
            raise ValueError(f"{self.bic!r} is no BIC")
        if self.account is not None and not is_text(self.account, MAX_TEXT):
            raise ValueError(f"{self.account!r} is no safekeeping account")

    @classmethod
    def counterparty(cls, lei: str, bic: str | None, account: str | None) -> "Party":
        """Make a party from reference data: a BIC or an account that no message holds is left out.

        The LEI alone identifies the counterparty, so what a partner wrote into the other columns
        never stops an instruction.
        """
        known_bic = bic if bic and _BIC.fullmatch(bic) else None
        return cls(lei, known_bic, account if account and is_text(account, MAX_TEXT) else None)


@dataclass(frozen=True, slots=True)
class Depository:
    """The place of safekeeping: its BIC, and our account there.

    Raises
    ------
    ValueError
        When the BIC has not its shape or the account cannot be a Max35Text.
    """

    bic: str
    account: str

    def __post_init__(self) -> None:
        """Refuse what no schema would take."""
        if not _BIC.fullmatch(self.bic):
            raise ValueError(f"{self.bic!r} is no BIC")
        if not is_text(self.account, MAX_TEXT):
            raise ValueError(f"{self.account!r} is no safekeeping account")


@dataclass(frozen=True, slots=True)
class Parties:
    """Both sides of an obligation and the depository between them."""

    us: Party
    counterparty: Party
    depository: Depository


class Sides(NamedTuple):
    """What an instruction says about its parties: as XML, the same for all between the same two."""

    owner: str
    account: str
    place: str
    us: str
    counterparty: str


@lru_cache(maxsize=4096)
def sides(parties: Parties) -> Sides:
    """Return who we are, our account and where it is, and either side as it settles."""
    us, depository = parties.us, parties.depository
    return Sides(
        owner=f"<AcctOwnr>{_identification(us)}</AcctOwnr>",
        account=f"<SfkpgAcct><Id>{escape(depository.account)}</Id></SfkpgAcct>",
        place=(
            "<SfkpgPlc><SfkpgPlcFrmt><TpAndId><SfkpgPlcTp>NCSD</SfkpgPlcTp>"
            f"<Id>{depository.bic}</Id></TpAndId></SfkpgPlcFrmt></SfkpgPlc>"
        ),
        us=_settlement_parties(us, depository),
        counterparty=_settlement_parties(parties.counterparty, depository),
    )


def _identification(party: Party) -> str:
    """Return `<Id>` and `<LEI>`; the schema asks for an Id even where the LEI says it all."""
    if party.bic is not None:
        return f"<Id><AnyBIC>{party.bic}</AnyBIC></Id><LEI>{party.lei}</LEI>"
    return (
        f"<Id><PrtryId><Id>{party.lei}</Id><Issr>GLEIF</Issr><SchmeNm>LEI</SchmeNm></PrtryId></Id>"
        f"<LEI>{party.lei}</LEI>"
    )


def _settlement_parties(party: Party, depository: Depository) -> str:
    """Return the depository and the party that settles in it."""
    account = f"<SfkpgAcct><Id>{escape(party.account)}</Id></SfkpgAcct>" if party.account else ""
    return (
        f"<Dpstry><Id><AnyBIC>{depository.bic}</AnyBIC></Id></Dpstry>"
        f"<Pty1>{_identification(party)}{account}</Pty1>"
    )
