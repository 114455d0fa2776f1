"""The same names by nomenklatura's LogicV1, at the threshold its own service has by default.

Recall asks whether the name and its own entry come to the threshold: that compares one pair, so
all names can be asked. False positives and speed compare names with the whole list, which takes a
second a name: a sample of them has to do.
"""

import importlib.util
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from bench.inputs.ordinary_names import ordinary_names
from bench.inputs.screened_names import ALL, spoilt_names, spoken
from bench.measuring.inside import say
from bench.sides.screening_backoffice import listed_names

THRESHOLD = 0.7
SCHEMATA = {
    "PERSON": "Person",
    "ENTITY": "Organization",
    "VESSEL": "Vessel",
    "AIRCRAFT": "Airplane",
}


class Logic:
    """LogicV1 and the listed entries, as it takes them."""

    def __init__(self, listed: pl.DataFrame) -> None:
        from followthemoney.proxy import EntityProxy  # noqa: PLC0415 - may not be installed
        from nomenklatura.matching import LogicV1  # noqa: PLC0415
        from nomenklatura.matching.types import ScoringConfig  # noqa: PLC0415

        self._compare, self._proxy = LogicV1.compare, EntityProxy.from_dict
        self._config = ScoringConfig.defaults()
        names: dict[str, tuple[str, dict[str, list[str]]]] = {}
        for entry, kind, quality, name in listed.select(
            "entry_id", "kind", "quality", "name"
        ).iter_rows():
            properties = names.setdefault(entry, (kind, {"name": [], "weakAlias": []}))[1]
            properties["weakAlias" if quality == "WEAK" else "name"].append(spoken(name, kind))
        self.entries = {
            entry: self.entity(entry, kind, said) for entry, (kind, said) in names.items()
        }

    def entity(self, entity_id: str, kind: str, properties: Mapping[str, list[str]]) -> Any:  # noqa: ANN401 - theirs
        """Make an entity of its model."""
        return self._proxy(
            {"id": entity_id, "schema": SCHEMATA[kind], "properties": dict(properties)}
        )

    def is_hit(self, query: Any, entry: Any) -> bool:  # noqa: ANN401 - theirs
        """Whether the pair comes to the threshold."""
        return bool(self._compare(query, entry, self._config).score >= THRESHOLD)


def main() -> None:
    """Measure recall by class, and on a sample false positives and speed."""
    if importlib.util.find_spec("nomenklatura") is None:
        say({"missing": "nomenklatura is not installed: uv sync --group oracles"})
        return
    data, count, ordinary, seeds = Path(sys.argv[1]), *map(int, sys.argv[2:4]), sys.argv[4]
    listed = listed_names(data)
    logic = Logic(listed)
    recall: dict[str, list[tuple[int, int]]] = {}
    for name, spoil in ALL.items():
        for seed in seeds.split(","):
            drawn = spoilt_names(listed, spoil, count, int(seed))
            hits = sum(
                logic.is_hit(
                    logic.entity("query", each.kind, {"name": [each.name]}),
                    logic.entries[each.entry_id],
                )
                for each in drawn
            )
            recall.setdefault(name, []).append((hits, len(drawn)))
    names = ordinary_names(10_000, int(seeds.split(",")[0]), data)
    names = names[:: max(1, len(names) // ordinary)][:ordinary]
    began, false = time.process_time(), 0
    for name, kind in names:
        query = logic.entity("query", kind, {"name": [name]})
        verdicts = [logic.is_hit(query, entry) for entry in logic.entries.values()]
        false += any(verdicts)
    cpu_s = time.process_time() - began
    say({"recall": recall, "false": false, "ordinary": len(names), "cpu_s": cpu_s})


if __name__ == "__main__":
    main()
