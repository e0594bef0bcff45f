"""
Synthesise the gateway: one Terraform stack for each environment.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bindings
from modules.errors import ConfigError
from modules.gateway import Gateway, load_gateways

if TYPE_CHECKING:
    from cdktf import App

OUTPUT_DIRECTORY = "cdktf.out"
AWS_IMPORTS = Path(__file__).parent / "modules/aws.py"


def build_app(settings: Sequence[Gateway], *, outdir: str | None = None) -> "App":
    """
    Define an app with one stack for each environment.

    Args:
        settings: the environments, read and checked.
        outdir: where to write. Defaults to `CDKTF_OUTDIR`, the CLI's `--output`, else
            `cdktf.out`.
    """
    bindings.activate(scan=AWS_IMPORTS)
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
    bindings.activate(scan=AWS_IMPORTS, ahead=True)
    try:
        gateways = load_gateways(os.environ)
    except ConfigError as error:
        print(*(f"error: {p}" for p in error.problems), sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    build_app(gateways).synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
