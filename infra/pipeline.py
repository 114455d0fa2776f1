"""An example of a pipeline: each push to a branch goes to dev, and by a person's word to prod.

``python -m infra.pipeline --repository OWNER/NAME --connection ARN --called ADDRESS --out cdk.out``
synthesizes it; it is deployed once by hand and from then on by itself. docs/deploy.md says how.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aws_cdk import App, DefaultStackSynthesizer, Environment, Stack, pipelines
from aws_cdk import Stage as DeployedTogether
from constructs import Construct

from infra.layer_folders import LayerBuildError, layer_folders
from infra.stacks import compose
from infra.stages import DEV, PROD, Stage

BRANCH = "main"
_SYNTH = "python -m infra.pipeline"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the code comes from.

    Attributes
    ----------
    repository
        Of GitHub, OWNER/NAME.
    connection
        The ARN of the account's connection to it (CodeConnections), which a person has confirmed.
    called
        The e-mail address that alarms call; a pipeline asks nobody for parameters.
    """

    repository: str
    connection: str
    called: str
    branch: str = BRANCH

    @property
    def arguments(self) -> str:
        """Return what the pipeline synthesizes itself with."""
        said = (f"--repository {self.repository} --connection {self.connection}"
                f" --called {self.called} --branch {self.branch}")  # fmt: skip
        return f"{_SYNTH} {said} --out cdk.out"


class OneStage(DeployedTogether):
    """Every stack of a stage, deployed in their order."""

    def __init__(
        self, scope: Construct, *, stage: Stage, layer_folders: Mapping[str, Path]
    ) -> None:
        super().__init__(scope, stage.name.title())
        compose(self, stage=stage, layer_folders=layer_folders)


class Delivery(Stack):
    """The pipeline: it brings itself up to date first, then each stage in turn.

    Parameters
    ----------
    stages
        In their order; before each but the first a person has to say so.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        source: Source,
        stages: Sequence[Stage],
        layer_folders: Mapping[str, Path],
    ) -> None:
        super().__init__(
            scope,
            "Backoffice-delivery",
            stack_name="backoffice-delivery",
            env=Environment(account=None, region=None),
            synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        self.pipeline = self._pipeline(source, stages)
        for number, stage in enumerate(stages):
            called = replace(stage, called=source.called)
            made = OneStage(self, stage=called, layer_folders=layer_folders)
            self.pipeline.add_stage(made, pre=[_asked(stage)] if number else [])

    def _pipeline(self, source: Source, stages: Sequence[Stage]) -> pipelines.CodePipeline:
        code = pipelines.CodePipelineSource.connection(
            source.repository, source.branch, connection_arn=source.connection
        )
        prepared = ("make setup", "bash infra/fetch_scripts.sh", "make check")
        return pipelines.CodePipeline(
            self,
            "Pipeline",
            pipeline_name="backoffice",
            cross_account_keys=any(stage.account for stage in stages),
            synth=pipelines.ShellStep(
                "Synth",
                input=code,
                commands=[*prepared, f".venv/bin/{source.arguments}"],
                primary_output_directory="cdk.out",
            ),
        )


def _asked(stage: Stage) -> pipelines.ManualApprovalStep:
    """Ask a person whether a stage is to be deployed."""
    return pipelines.ManualApprovalStep(
        f"Promote{stage.name.title()}",
        comment=f"Deploy to {stage.name} once its days are closed: docs/deploy.md.",
    )


def main() -> int:
    """Synthesize the pipeline; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("repository", "connection", "called"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--branch", default=BRANCH)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    app = App(outdir=options.out, analytics_reporting=False, tree_metadata=False)
    source = Source(
        repository=options.repository,
        connection=options.connection,
        called=options.called,
        branch=options.branch,
    )
    try:
        folders = layer_folders(PROD)
    except LayerBuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    Delivery(app, source=source, stages=(DEV, PROD), layer_folders=folders)
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
