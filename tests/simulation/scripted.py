"""A scripted market that a house and the reference implementation both listen to."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cli.market.simulator import run_market
from tests.reference.comparison import obligation_key
from tests.reference.messages import Message, read_messages
from tests.reference.model import Model
from tests.reference.obligations import Obligation
from tests.reference.reading import RefusedFileError
from tests.reference.tables import obligations_table
from tests.simulation.house import House
from tests.simulation.market import MemoryS3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ScriptedStreet:
    """Runs the market on what the house posted, and lets the model hear the same."""

    def __init__(self, script: Path, model: Model) -> None:
        self._script, self._model = script, model
        self._ids: list[dict[str, str]] = []
        self.said: Mapping[str, bytes] = {}
        """The market's files of the day, by name."""

    def answers_house(self, house: House, day: date) -> Mapping[str, bytes]:
        s3 = cast("S3Client", MemoryS3(house.outbox, house.drops))
        keys = run_market(s3, house.outbox.name, house.drops.name, day, str(self._script))
        self.said = {key.rpartition("/")[2]: house.drops.read_bytes(key) for key in keys}
        self._ids = house.table("obligations")
        return self.said

    def answers_model(self, day: date, obligations: Sequence[Obligation]) -> list[Message]:
        """Read each of the day's status files once; what is no XML was refused."""
        del day
        self._pair(obligations)
        messages: list[Message] = []
        once = {body: name for name, body in sorted(self.said.items(), reverse=True)}
        for body, name in sorted(once.items(), key=itemgetter(1)):
            if name.startswith("status"):
                with suppress(RefusedFileError):
                    messages += read_messages(body)
        return messages

    def _pair(self, obligations: Sequence[Obligation]) -> None:
        """Let the model answer to the house's ids."""
        waiting: dict[str, list[str]] = {}
        for row in obligations_table(obligations):
            waiting.setdefault(_known_by(row), []).append(row["obligation_id"])
        for row in self._ids:
            if own := waiting.get(_known_by(row)):
                self._model.street.aliases[row["obligation_id"]] = own.pop(0)


def _known_by(row: Mapping[str, str]) -> str:
    return "/".join((obligation_key(row), row["status"], row["settled_quantity"]))
