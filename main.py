"""
Synthesise the gateway: one Terraform stack for each environment.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bindings

if TYPE_CHECKING:
    from cdktf import App

    from modules.gateway import Gateway

AWS_IMPORTS = Path(__file__).parent / "modules/aws.py"


def build_app(settings: Sequence["Gateway"], *, outdir: str | None = None) -> "App":
    """
    Define an app with one stack for each environment.

    Args:
        settings: the environments, read and checked.
        outdir: where to write. Defaults to `CDKTF_OUTDIR`, else `cdktf.out`.
    """
    bindings.activate(scan=AWS_IMPORTS)
    from cdktf import App  # noqa: PLC0415

    from modules.stack import GatewayStack  # noqa: PLC0415

    output = outdir or os.environ.get("CDKTF_OUTDIR", "cdktf.out")
    app = App(outdir=output)
    for gateway in settings:
        directory = Path(output, "stacks", gateway.settings.name).absolute()
        GatewayStack(app, gateway.settings.name, gateway=gateway, directory=directory)
    return app


def main() -> int:
    """Synthesise the environments that `GATEWAY_ENVIRONMENTS` names, or all."""
    # No package that happens to be installed takes part in checking the settings.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Node loads the bindings while Python loads what reads and checks the files.
    bindings.activate(scan=AWS_IMPORTS, ahead=True)
    from modules.gateway import ConfigError, load_gateways  # noqa: PLC0415

    try:
        gateways = load_gateways(os.environ)
    except ConfigError as error:
        print(*(f"error: {p}" for p in error.problems), sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    build_app(gateways).synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
