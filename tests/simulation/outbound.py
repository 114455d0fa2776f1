"""Every message a house sent, held against its published schema."""

from collections import Counter
from typing import Final

from backoffice.formats.iso20022.envelope import unwrap
from backoffice.formats.iso20022.packing import unpack
from tests.simulation.house import House
from tests.unit.market.samples import assert_valid

_HEADER: Final = "head.001.001.02"
_DEFINITIONS: Final = {
    "instructions": "sese.023.001.11",
    "cancellations": "sese.020.001.07",
    "changes": "sese.030.001.09",
}


def valid_messages(house: House) -> Counter[str]:
    """Validate what went out, each behind its header; count the messages by definition."""
    found = Counter[str]()
    for key in house.outbox.keys("outbox/market/"):
        kind = key.rpartition("/")[2].partition("-")[0]
        for _, file in unpack(house.outbox.read_bytes(key)):
            for message in unwrap(file):
                assert message.header is not None, key
                assert_valid(message.header, _HEADER)
                assert_valid(message.document, _DEFINITIONS[kind])
                found[_DEFINITIONS[kind]] += 1
    return found
