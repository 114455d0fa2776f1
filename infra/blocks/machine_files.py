"""The files that describe the state machines."""

from pathlib import Path

STATE_MACHINES = Path(__file__).resolve().parents[2] / "statemachines"


def machine_names() -> list[str]:
    """Return the names of all state machines, from the files that describe them."""
    return sorted(path.name.removesuffix(".asl.json") for path in STATE_MACHINES.glob("*.asl.json"))
