"""Read a cloud assembly: its stacks in the order they need each other, and their assets."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.clients import ACCOUNT
from infra.local.emulator import REGION


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file or folder that a stack finds in a bucket."""

    source: Path
    is_folder: bool
    bucket: str
    key: str


@dataclass(frozen=True, kw_only=True)
class StackTemplate:
    """A stack as it was synthesized."""

    name: str
    template: Asset
    assets: tuple[Asset, ...]
    needs: frozenset[str]

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the template's resources by their logical ids."""
        found: dict[str, dict[str, Any]] = json.loads(self.template.source.read_text())["Resources"]
        return found


def read_stacks(folder: Path) -> list[StackTemplate]:
    """Return the stacks of the assembly in `folder`."""
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
    names = {
        artifact: described["properties"]["stackName"]
        for artifact, described in artifacts.items()
        if described["type"] == "aws:cloudformation:stack"
    }
    return [_read_stack(folder, artifact, artifacts[artifact], names) for artifact in names]


def in_waves(stacks: list[StackTemplate]) -> list[list[StackTemplate]]:
    """Return the stacks in waves, each needing only earlier ones."""
    waves: list[list[StackTemplate]] = []
    stand: set[str] = set()
    waiting = list(stacks)
    while waiting:
        wave = [stack for stack in waiting if stack.needs <= stand]
        waves.append(wave)
        stand |= {stack.name for stack in wave}
        waiting = [stack for stack in waiting if stack not in wave]
    return waves


def _read_stack(
    folder: Path, artifact: str, described: dict[str, Any], names: dict[str, str]
) -> StackTemplate:
    files = json.loads((folder / f"{artifact}.assets.json").read_text())["files"]
    assets = [_read_asset(folder, file) for file in files.values()]
    template = folder / described["properties"]["templateFile"]
    return StackTemplate(
        name=names[artifact],
        template=next(asset for asset in assets if asset.source == template),
        assets=tuple(asset for asset in assets if asset.source != template),
        needs=frozenset(names[each] for each in described["dependencies"] if each in names),
    )


def _read_asset(folder: Path, file: dict[str, Any]) -> Asset:
    place = next(iter(file["destinations"].values()))
    return Asset(
        source=folder / file["source"]["path"],
        is_folder=file["source"]["packaging"] == "zip",
        bucket=_filled(place["bucketName"]),
        key=_filled(place["objectKey"]),
    )


def _filled(text: str) -> str:
    return text.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)
