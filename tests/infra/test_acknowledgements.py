"""Every acknowledgement is needed, and says why."""

import importlib
from pathlib import Path

import pytest

STATEFUL = "infra.blocks.storage"
MODULES = (
    STATEFUL,
    "infra.blocks.dead_letters",
    "infra.blocks.function",
    "infra.blocks.gradual",
    "infra.blocks.workflow",
    "infra.capabilities.callers",
    "infra.capabilities.front_door",
)


def test_what_is_acknowledged_is_exactly_what_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aws_cdk import App  # noqa: PLC0415 - the construct library is slow to load
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415

    from infra.blocks import acknowledged  # noqa: PLC0415
    from infra.layer_folders import THIRD_PARTY  # noqa: PLC0415
    from infra.stacks import compose  # noqa: PLC0415
    from infra.stages import PROD  # noqa: PLC0415

    said: dict[str, str] = {}

    def note(_construct: object, rule: str, reason: str) -> None:
        said[f"AwsSolutions-{rule}"] = reason

    for name in ("infra.blocks.acknowledged", *MODULES):
        monkeypatch.setattr(importlib.import_module(name), "acknowledge", note)
    assert acknowledged.acknowledge is note
    app = App(outdir=str(tmp_path), analytics_reporting=False)
    empty = tmp_path / "layer"
    empty.mkdir()
    (empty / "any").write_text("any")
    compose(app, stage=PROD, layer_folders=dict.fromkeys(("backoffice", *THIRD_PARTY), empty))
    found = AwsSolutionsChecks(app).validate_scope(app)
    assert {violation.rule_name for violation in found.violations} == set(said)
    for rule, reason in said.items():
        assert len(reason.split()) >= 5, rule
        assert reason.endswith("."), rule
