"""The sample of ten days with a scripted market, run by a house and by the reference."""

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from samples.make_ten_days import DAYS, SCRIPT
from samples.make_ten_days import main as make_ten_days
from samples.ten_days_desk import write_desk_files
from tests.reference.model import Model
from tests.reference.report import Report
from tests.simulation.house import House
from tests.simulation.scripted import ScriptedStreet

STATEMENTS = ("holdings", "cash")


@dataclass
class TenDays:
    """The days run: the house, the model, and what the market sent each day."""

    folder: Path
    house: House = field(default_factory=House)
    model: Model = field(default_factory=Model)
    said: dict[date, dict[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Write the files."""
        make_ten_days(self.folder)
        self._street = ScriptedStreet(self.folder / SCRIPT, self.model)

    def run(self, day: date) -> tuple[Report, Report]:
        """Run a day in the house, then in the model; return both reports."""
        files = self.folder / day.isoformat()
        write_desk_files(files, day, lambda on: self.house.table("fails", on))
        report = self.house.day(files, day, self._street.answers_house)
        self.said[day] = dict(self._street.said)
        beside = self.folder / f"model-{day}"
        shutil.copytree(files, beside)
        for name, body in self._street.said.items():
            if name.startswith(STATEMENTS):
                (beside / name).write_bytes(body)
        return report, self.model.run_day(beside, day, self._street.answers_model)


__all__ = ["DAYS", "TenDays"]
