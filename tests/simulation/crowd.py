"""Clients and owners of hostile names, dropped in every kind of file that takes one."""

import random
import unicodedata
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from tests.reference.samples import account
from tests.reference.writing import table_bytes
from tests.simulation.house import House

Row = dict[str, str]
HOSTILE: Final = (
    "Þórhallur Æðurhólm",
    "Straßenwärter Weißgärber",
    'Grímhildur "Villimey" O\'Fjallstein, Jr.',
    unicodedata.normalize("NFD", "Zoëlína Öräföss"),
    "BRYNHILDUR HÁSTAFADÓTTIR",
    "Annalísa Gróudóttir",
    "Annalísa Gróudóttir Þorsteinsbarn",
    "Łucjanna Żółkiewicz",
    "Ελευθερία Παπαδοπούλου",
    "Святослав Перемышлев",
    "李小龍王明陳大文",
    "<b>Markupína</b> & Ampersandsen",
    "=HYPERLINK(Evilínus)",
    "[gone] ~1.a:b.C-1.k Sealedsen",
)
"""Of one the whole is in another's."""
BANK: Final = "IS350195267777777777777777"
STRANGER: Final = "Ókunnugur Greiðandason"
"""A bank names whom the books do not know too."""
NUMBERS: Final = tuple(f"{310_170_0000 + 7_919 * at:010}" for at in range(len(HOSTILE)))


class Crowd:
    """The clients X-0 … of the names in an order of chance, each with an owner O-n and a past."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311 - a test's choices
        self.names = {f"X-{at}": name for at, name in enumerate(rng.sample(HOSTILE, len(HOSTILE)))}
        self.gone = tuple(sorted(rng.sample(sorted(self.names), 6)))

    def words(self, who: str) -> set[str]:
        """Return all that tells who a client is: now and before, the owner, and numbers."""
        number = self.number(who)
        return {self.names[who], self.former(who), self.owner(who), number, f"IS99{number}"}

    def former(self, who: str) -> str:
        """Return the name a client had first."""
        return f"Fyrrum{who[2:]}ver Ættlera{who[2:]}kyn"

    def owner(self, who: str) -> str:
        """Return the name of who owns a client."""
        return f"Eigandi{who[2:]}ína Ownersdóttir{who[2:]}x"

    def number(self, who: str) -> str:
        """Return a client's national id."""
        return NUMBERS[int(who[2:])]

    def accounts(self, **more: str) -> list[Row]:
        """Return the clients' rows."""
        return [
            account(who, name=name)
            | {"surname": name, "national_id": self.number(who), "national_id_kind": "NIDN"}
            | more
            for who, name in self.names.items()
        ]

    def drop(self, house: House, day: date) -> None:
        """Drop all that tells of them but their end."""
        before = [row | {"name": self.former(row["account_id"])} for row in self.accounts()]
        house.drop("local", day, "accounts-0crowd.csv", table_bytes(before))
        owners = [
            {"owned": who, "owner": f"O-{who[2:]}", "owner_name": self.owner(who), "percent": "60"}
            for who in self.names
        ]
        house.drop("local", day, "owners-crowd.csv", table_bytes(owners))
        paid = [self.payment(who, day) for who in self.names]
        house.drop("local", day, "payments-crowd.csv", table_bytes(paid))
        for who in self.names:
            for name, body in self.torn(who).items():
                house.drop("local", day, name, body)
        for name, body in self.banked(day).items():
            house.drop("bank", day, name, body)

    def banked(self, day: date) -> dict[str, bytes]:
        """Return what a bank states: who paid, by name, and files that are refused."""
        paid = "".join(
            f"<Ntry><NtryRef>R-{who}</NtryRef><Amt Ccy='USD'>1</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls>"
            f"<RltdPties><Dbtr><Pty><Nm>{escape(self.names[who])}</Nm></Pty></Dbtr></RltdPties>"
            f"<RmtInf><Ustrd>of {escape(self.former(who).upper())}</Ustrd></RmtInf>"
            f"</TxDtls></NtryDtls><AddtlNtryInf>IS99{self.number(who)}</AddtlNtryInf></Ntry>"
            for who in self.gone
        )
        stated = (
            "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt>"
            f"<Stmt><Id>S</Id><Acct><Id><IBAN>{BANK}</IBAN></Id></Acct>{paid}</Stmt>"
            "</BkToCstmrStmt></Document>"
        ).encode()
        head = "nostro,currency,amount,value_date,reference,payer\n"
        lines = "".join(f'N-1,USD,1,{day},L-{who},"{self.former(who)}"\n' for who in self.gone)
        stays = f"N-1,USD,1,{day},L-STAYS,{STRANGER}\n"
        return {
            "cash-crowd.xml": stated,
            "holdings-crowd.xml": stated.replace(b"<Id>S<", b"<Id>T<"),
            "bank-crowd.csv": f"{head}{lines}".encode(),
            "bank-others.csv": f"{head}{stays}".encode(),
        }

    def payment(self, who: str, day: date) -> Row:
        """Return a payment that a client asks for."""
        return {
            "payment_id": f"PAY-{who}",
            "kind": "WITHDRAWAL",
            "account_id": who,
            "currency": "USD",
            "amount": "1",
            "value_date": str(day),
            "beneficiary": self.names[who],
            "beneficiary_account": f"IS99{self.number(who)}",
            "reference": f"to {self.names[who]}",
        }

    def torn(self, who: str) -> dict[str, bytes]:
        """Return files that name a client where nobody says whose rows they are."""
        head, row = table_bytes([account("", name=self.names[who])]).splitlines()
        former = table_bytes([account("", name=self.former(who).upper())]).splitlines()[1]
        owned = f"{self.owner(who).lower()},a,row,torn\n".encode()
        wide = f"id,name\n,{self.names[who]}\n".encode("utf-16")
        number = f",{self.number(who)},too,many\n".encode()
        return {
            f"accounts-torn-{who}.csv": b"\n".join([head, b"," + row, former + b",x,", number]),
            f"owners-torn-{who}.csv": b"owned,owner,owner_name,percent\n" + owned,
            f"accounts-wide-{who}.csv": wide,
            f"listi-{who}.csv": f"nafn\n{self.former(who)}\n".encode(),
        }
