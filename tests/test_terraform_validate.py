"""
Whole environments under the real AWS provider, where it can be had.
"""

import json
from pathlib import Path

import pytest

from main import build_app
from modules.gateway import load_gateways
from tests.terraform import provider_variables, run_terraform

pytestmark = pytest.mark.terraform


@pytest.mark.parametrize("name", ["local", "dev", "prod"])
def test_environment_is_valid(tmp_path: Path, name: str) -> None:
    """Terraform and the provider's own schema take what is synthesised."""
    if not provider_variables():
        pytest.skip(
            "no AWS provider is named by TF_CLI_CONFIG_FILE (a mirror) or "
            "TF_CLI_ARGS_init (-plugin-dir=DIR)"
        )
    build_app(
        load_gateways({"GATEWAY_ENVIRONMENTS": name}), outdir=str(tmp_path)
    ).synth()
    stack = tmp_path / "stacks" / name
    config = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))
    del config["terraform"]["backend"]
    (stack / "cdk.tf.json").write_text(json.dumps(config), encoding="utf-8")
    init = run_terraform(stack, "init", "-input=false")
    validate = run_terraform(stack, "validate")

    assert (0, "") == (init.returncode, init.stderr)
    assert (0, "") == (validate.returncode, validate.stderr)
