"""Functions and their layers: each handler runs with nothing else, and all of it fits."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.layer_folders import PROJECT, layer_folders, layers_alone, runtime_alone, size_mb
from infra.stages import PROD

UNZIPPED_MOST_MB = 235
HANDLERS = sorted((PROJECT / "functions").glob("*/*/handler.py"))


def _layers_of(handler: Path) -> tuple[str, ...]:
    from infra.stacks import CAPABILITIES  # noqa: PLC0415 - the construct library is slow to load

    for specs in CAPABILITIES.values():
        for spec in specs:
            if spec.folder == handler.parent:
                return spec.layers
    raise AssertionError(handler)


@pytest.fixture(scope="session")
def unpacked() -> Mapping[str, Path]:
    """Install every layer's packages of the lock for this machine, each by itself."""
    return layers_alone()


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Link what Lambda's runtime has installed, and only that."""
    return runtime_alone(tmp_path_factory.mktemp("runtime"))


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_a_handler_imports_with_nothing_but_its_code_and_layers(
    handler: Path, unpacked: Mapping[str, Path], runtime: Path
) -> None:
    places = [
        handler.parent,
        PROJECT / "layers" / "backoffice" / "python",
        *(unpacked[name] for name in _layers_of(handler)),
        runtime,
    ]
    code = f"import sys; sys.path[:0] = {[str(place) for place in places]!r}; import handler"
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-I", "-S", "-B", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"AWS_DEFAULT_REGION": "us-east-1", "POWERTOOLS_SERVICE_NAME": "test"},
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def sizes_mb() -> Mapping[str, float]:
    """Measure the layers as Lambda would unpack them."""
    return {name: size_mb(folder) for name, folder in layer_folders(PROD).items()}


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_a_function_and_its_layers_fit_unpacked(
    handler: Path, sizes_mb: Mapping[str, float]
) -> None:
    total = sum(sizes_mb[name] for name in ("backoffice", *_layers_of(handler)))
    assert total + size_mb(handler.parent) <= UNZIPPED_MOST_MB


def test_the_rulebook_travels_inside_the_domain_layer() -> None:
    rulebook = PROJECT / "layers" / "backoffice" / "python" / "backoffice" / "rulebook"
    inside = {path.name: path.read_bytes() for path in rulebook.glob("*.toml")}
    written = {path.name: path.read_bytes() for path in (PROJECT / "rulebook").glob("*.toml")}
    assert inside == written
    assert inside
