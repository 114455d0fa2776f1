"""Synthesize the stages: ``python -m infra.app --stage local --out FOLDER``.

The cloud's own tool finds it through cdk.json, which leaves the folder to the tool.
"""

import argparse
import sys

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.layer_folders import LayerBuildError, layer_folders
from infra.stacks import compose
from infra.stages import STAGES, LayerSource


def main() -> int:
    """Synthesize one stage; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=sorted(STAGES), default="local")
    parser.add_argument("--out", help="the folder to write; the tool's own by default")
    parser.add_argument("--check", action="store_true", help="fail on what cdk-nag finds")
    options = parser.parse_args()
    stage = STAGES[options.stage]
    app = App(
        outdir=options.out,
        analytics_reporting=False,
        tree_metadata=False,
        # The embedded AWS is given the code as it stands, not a copy of it.
        context={"aws:cdk:disable-asset-staging": stage.layer_source is LayerSource.THIS_MACHINE},
    )
    try:
        compose(app, stage=stage, layer_folders=layer_folders(stage))
    except LayerBuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.check:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
