"""
Whole environments as stacks, over a small site of the tests' own.
"""

from dataclasses import replace
from pathlib import Path

import cdktf

from modules.environments import load_environment
from modules.gateway import Gateway, read_gateway
from modules.site_files import read_site
from modules.stack import GatewayStack
from tests.synth import Config, synth

PROJECT = Path(__file__).parent.parent
FIXTURES = PROJECT / "tests/fixtures"
SITE = FIXTURES / "site"

SHIPPED = [PROJECT / f"environments/{name}.toml" for name in ("local", "dev", "prod")]
FILES = {
    file.stem: file
    for file in (
        *SHIPPED,
        FIXTURES / "environments/own-domain.toml",
        FIXTURES / "orders/orders.toml",
    )
}


def load_gateway(file: Path, **overrides: str) -> Gateway:
    """
    Return an environment over the small site.
    """
    variables = {f"GATEWAY__{key.upper()}": value for key, value in overrides.items()}
    gateway = read_gateway(load_environment(file, overrides=variables))
    settings = gateway.settings
    website = settings.website.model_copy(update={"directory": SITE})
    return replace(
        gateway,
        settings=settings.model_copy(update={"website": website}),
        site_files=read_site(SITE),
    )


def new_gateway_stack(gateway: Gateway) -> GatewayStack:
    """
    Define an environment where the app would.
    """
    name = gateway.settings.name
    return GatewayStack(
        cdktf.Testing.app(),
        name,
        gateway=gateway,
        directory=PROJECT / "cdktf.out/stacks" / name,
    )


def synth_environment(name: str, **overrides: str) -> Config:
    """
    Return the Terraform configuration of an environment.
    """
    return synth(new_gateway_stack(load_gateway(FILES[name], **overrides)))
