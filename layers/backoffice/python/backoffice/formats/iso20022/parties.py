"""Who stands on which side of an instruction, and where our securities are kept."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from backoffice.formats.iso20022.text import MAX_TEXT, escape, is_text
from backoffice.kernel.identifiers import BIC_SHAPE, LEI_SHAPE

_LEI: Final = re.compile(LEI_SHAPE, re.ASCII)
_BIC: Final = re.compile(BIC_SHAPE, re.ASCII)


@dataclass(frozen=True, slots=True)
class Party:
    """A settling party: its LEI, its BIC and its safekeeping account where they are known.

    `agent` is the BIC of who settles for it, and keeps the account then.

    Raises
    ------
    ValueError
        When the LEI or a BIC has not its shape, or the account cannot be an ISO 20022 Max35Text.
    """

    lei: str
    bic: str | None = None
    account: str | None = None
    agent: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no schema would take."""
        if not _LEI.fullmatch(self.lei):
            raise ValueError(f"{self.lei!r} is no LEI")
        for bic in (self.bic, self.agent):
            if bic is not None and not _BIC.fullmatch(bic):
                raise ValueError(f"{bic!r} is no BIC")
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
    """The place of safekeeping: its BIC, our account there, and the cash account beside it.

    Raises
    ------
    ValueError
        When the BIC has not its shape, or an account cannot be a Max35Text or Max34Text.
    """

    bic: str
    account: str
    nostro: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no schema would take."""
        if not _BIC.fullmatch(self.bic):
            raise ValueError(f"{self.bic!r} is no BIC")
        if not is_text(self.account, MAX_TEXT):
            raise ValueError(f"{self.account!r} is no safekeeping account")
        if self.nostro is not None and not is_text(self.nostro, MAX_TEXT - 1):
            raise ValueError(f"{self.nostro!r} is no cash account")


@dataclass(frozen=True, slots=True)
class Parties:
    """Both sides of an obligation and the depository between them.

    `their_place` is the BIC of where the counterparty settles, when that is another than ours.
    """

    us: Party
    counterparty: Party
    depository: Depository
    their_place: str | None = None


class Place(NamedTuple):
    """Where a side settles, as its standing settlement instruction says."""

    place_of_settlement: str
    agent: str | None
    safekeeping_account: str | None
    nostro: str | None


def instructed(parties: Parties, ours: Place | None, theirs: Place | None) -> Parties:
    """Return the parties as standing instructions have them; None leaves a side as it is."""
    us, depository, them = parties.us, parties.depository, parties.counterparty
    if ours is not None:
        account = ours.safekeeping_account or depository.account
        us = Party(us.lei, us.bic, account, ours.agent)
        depository = Depository(ours.place_of_settlement, account, ours.nostro)
    if theirs is None:
        return Parties(us, them, depository, parties.depository.bic)
    them = Party(them.lei, them.bic, theirs.safekeeping_account, theirs.agent)
    return Parties(us, them, depository, theirs.place_of_settlement)


class Sides(NamedTuple):
    """What an instruction says about its parties: as XML, the same for all between the same two."""

    owner: str
    account: str
    cash_account: str
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
        cash_account=_cash_account(depository.nostro),
        place=(
            "<SfkpgPlc><SfkpgPlcFrmt><TpAndId><SfkpgPlcTp>NCSD</SfkpgPlcTp>"
            f"<Id>{depository.bic}</Id></TpAndId></SfkpgPlcFrmt></SfkpgPlc>"
        ),
        us=_settlement_parties(us, depository.bic),
        counterparty=_settlement_parties(
            parties.counterparty, parties.their_place or depository.bic
        ),
    )


def _cash_account(nostro: str | None) -> str:
    return f"<CshAcct><Prtry>{escape(nostro)}</Prtry></CshAcct>" if nostro else ""


def _identification(party: Party) -> str:
    """Return `<Id>` and `<LEI>`; the schema asks for an Id even where the LEI says it all."""
    if party.bic is not None:
        return f"<Id><AnyBIC>{party.bic}</AnyBIC></Id><LEI>{party.lei}</LEI>"
    return (
        f"<Id><PrtryId><Id>{party.lei}</Id><Issr>GLEIF</Issr><SchmeNm>LEI</SchmeNm></PrtryId></Id>"
        f"<LEI>{party.lei}</LEI>"
    )


def _settlement_parties(party: Party, place: str) -> str:
    """Return the depository and the party that settles in it: who it is for stands behind it."""
    account = f"<SfkpgAcct><Id>{escape(party.account)}</Id></SfkpgAcct>" if party.account else ""
    known = _identification(party)
    depository = f"<Dpstry><Id><AnyBIC>{place}</AnyBIC></Id></Dpstry>"
    if party.agent is None:
        return f"{depository}<Pty1>{known}{account}</Pty1>"
    agent = f"<Id><AnyBIC>{party.agent}</AnyBIC></Id>"
    return f"{depository}<Pty1>{agent}{account}</Pty1><Pty2>{known}</Pty2>"
