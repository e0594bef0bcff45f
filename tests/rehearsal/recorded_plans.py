"""
Make again what a recorded plan was made of: its configuration and its state.

A plan's JSON has the expressions of a configuration in JSON syntax as they were
written, without local values, `lifecycle` and the contents of files:
https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from rehearsal.plans.changes import Plan, read_plan

FOLDER = Path(__file__).parent.parent / "fixtures/plans"

# `local.body` is the only local value. These are the references in it, and what they
# were when the body was last known.
REFERENCES = {
    "c5a3beb612": "${aws_api_gateway_vpc_link.link.id}",
    "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Om0UBZmnK": (
        "${aws_cognito_user_pool.pool.arn}"
    ),
    "arn:aws:lambda:us-east-1:000000000000:function:mysfits-fn": (
        "${aws_lambda_function.fn.arn}"
    ),
    "mysfits-nlb-txnhbelw.us-east-1.elb.amazonaws.com": "${data.aws_lb.nlb.dns_name}",
}
API = "aws_api_gateway_rest_api.api"

# The recorded order of replacements tells which resources have it.
CREATED_FIRST = (
    "aws_api_gateway_deployment.dep",
    "aws_api_gateway_vpc_link.link",
    "aws_cognito_user_pool.pool",
)

OF_FILES = re.compile(r"\$\{file\w+\(.*\)\}")

# JSON objects whose form the tests below know.
Json = dict[str, Any]


def read_recorded(name: str) -> Json:
    """
    Read the JSON of a recorded plan.
    """
    return json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))


def recorded_plan(name: str) -> Plan:
    """
    Read what a recorded plan does.
    """
    return read_plan(read_recorded(name))


def configuration_of(name: str) -> dict[str, str]:
    """
    Return the files of the configuration that a recorded plan planned.
    """
    recorded = read_recorded(name)
    root = recorded["configuration"]["root_module"]
    if not root:
        root = read_recorded("noop")["configuration"]["root_module"]
    content: Json = {
        "provider": {"aws": _provider(recorded)},
        "locals": {"body": _body(recorded)},
        "output": {
            key: {"value": output["expression"]["constant_value"]}
            for key, output in root["outputs"].items()
        },
    }
    values = _planned_values(recorded)
    for resource in root["resources"]:
        kind = "data" if resource["mode"] == "data" else "resource"
        known = values.get(resource["address"], {})
        block = _block(resource.get("expressions", {}), known)
        if "depends_on" in resource:
            block["depends_on"] = resource["depends_on"]
        if resource["address"] in CREATED_FIRST:
            block["lifecycle"] = {"create_before_destroy": True}
        types = content.setdefault(kind, {})
        types.setdefault(resource["type"], {})[resource["name"]] = block
    return {"main.tf.json": json.dumps(content)}


def state_of(name: str) -> Json | None:
    """
    Return the state that a recorded plan starts from, none for one from nothing.
    """
    values = read_recorded(name)["prior_state"]["values"]
    resources = [
        _state_resource(resource)
        for resource in values["root_module"]["resources"]
        if resource["mode"] == "managed"
    ]
    if not resources:
        return None
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "00000000-0000-4000-8000-000000000000",
        "outputs": {
            key: {"value": output["value"], "type": output["type"]}
            for key, output in values["outputs"].items()
        },
        "resources": resources,
        "check_results": None,
    }


def fixtures_of(name: str) -> Json:
    """
    Return what data sources and remote states answered.
    """
    recorded = read_recorded(name)
    resources = recorded["prior_state"]["values"]["root_module"]["resources"]
    data = {r["type"]: r["values"] for r in resources if r["mode"] == "data"}
    outputs = data["terraform_remote_state"]["outputs"]
    return {
        "account_id": "000000000000",
        "region": "us-east-1",
        "states": {"net": {"outputs": outputs}},
        "data_sources": {
            "aws_lb": {"*": {"dns_name": data["aws_lb"]["dns_name"], "internal": True}}
        },
    }


def _provider(recorded: Json) -> Json:
    expressions = recorded["configuration"]["provider_config"]["aws"]["expressions"]
    return _block(expressions, {})


def _planned_values(recorded: Json) -> dict[str, Json]:
    """
    Return what each resource's arguments are after the plan, and else before it.
    """
    changes = recorded["resource_changes"]
    return {
        change["address"]: change["change"]["after"] or change["change"]["before"] or {}
        for change in changes
    }


def _body(recorded: Json) -> object:
    text = _planned_values(recorded)[API].get("body")
    if not text:
        text = _planned_values(read_recorded("noop"))[API]["body"]
    for known, reference in REFERENCES.items():
        text = text.replace(known, reference)
    return json.loads(text)


def _block(expressions: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
    return {
        name: _argument(expression, values.get(name))
        for name, expression in expressions.items()
    }


def _argument(expression: Any, value: Any) -> object:  # noqa: ANN401
    if isinstance(expression, list):
        # No argument within a block is made of a file.
        return [_block(block, {}) for block in cast("list[Json]", expression)]
    constant = expression["constant_value"]
    if isinstance(constant, str) and OF_FILES.fullmatch(constant):
        return value
    return constant


def _state_resource(resource: Json) -> Json:
    return {
        "mode": "managed",
        "type": resource["type"],
        "name": resource["name"],
        "provider": f'provider["{resource["provider_name"]}"]',
        "instances": [
            {
                "schema_version": resource["schema_version"],
                "attributes": resource["values"],
                "sensitive_attributes": [
                    [{"type": "get_attr", "value": name}]
                    for name, hidden in resource["sensitive_values"].items()
                    if hidden is True
                ],
                "dependencies": resource.get("depends_on", []),
                "create_before_destroy": resource["address"] in CREATED_FIRST,
            }
        ],
    }
