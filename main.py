"""
Synthesise the gateway: one Terraform stack for each environment.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modules.errors import ConfigError
from modules.gateway import Gateway, load_gateways

if TYPE_CHECKING:
    from cdktf import App

OUTPUT_DIRECTORY = "cdktf.out"


def build_app(settings: Sequence[Gateway], *, outdir: str | None = None) -> "App":
    """
    Define an app with one stack for each environment.

    Args:
        settings: the environments, read and checked.
        outdir: the folder to synthesise into. Defaults to `CDKTF_OUTDIR`, which the
            CLI's `--output` sets, else `cdktf.out`.
    """
    # Loading the bindings takes seconds: a mistake in a file is told before that.
    from cdktf import App  # noqa: PLC0415

    from modules.stack import GatewayStack  # noqa: PLC0415

    output = outdir or os.environ.get("CDKTF_OUTDIR", OUTPUT_DIRECTORY)
    app = App(outdir=output)
    for gateway in settings:
        name = gateway.settings.name
        directory = Path(output, "stacks", name).absolute()
        GatewayStack(app, name, gateway=gateway, directory=directory)
    return app


def main() -> int:
    """
    Synthesise the environments that `GATEWAY_ENVIRONMENTS` names, or all.
    """
    try:
        gateways = load_gateways(os.environ)
    except ConfigError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)  # noqa: T201
        return 1
    build_app(gateways).synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
