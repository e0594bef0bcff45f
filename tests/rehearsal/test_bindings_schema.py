"""
What the installed bindings say of the provider's types.
"""

import base64
import json
from pathlib import Path

import pytest

from bindings.layout import LayoutError
from rehearsal.errors import RehearsalError
from rehearsal.resource_types.bindings_schema import (
    SchemaSource,
    load,
    pack,
    read_source,
    unpack,
)
from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    NestedBlock,
    TypeSchema,
    walk,
)
from tests.rehearsal.provider_types import resource, source


def script(typescript: str) -> bytes:
    """
    Return a generated module whose source map holds this source.
    """
    source_map = json.dumps({"sourcesContent": [typescript]}).encode()
    return b"//# sourceMappingURL=data:application/json;base64," + base64.b64encode(
        source_map
    )


def test_knows_every_type() -> None:
    """
    The bindings have all resource and data source types of release 6.25.0.
    """
    assert (1581, 630) == (len(source().resource_names), len(source().data_names))


def test_reads_attributes() -> None:
    """
    Types and flags are those of the provider's own schema.
    """
    attributes = resource("aws_s3_object").body.attributes
    assert Attribute("bucket", "string", required=True) == attributes["bucket"]
    assert Attribute("acl", "string", optional=True, computed=True) == attributes["acl"]
    assert (
        Attribute("etag", "string", optional=True, computed=True) == attributes["etag"]
    )
    assert Attribute("version_id", "string", computed=True) == attributes["version_id"]
    assert Attribute("tags", ["map", "string"], optional=True) == attributes["tags"]
    assert (
        Attribute("force_destroy", "bool", optional=True) == attributes["force_destroy"]
    )


def test_reads_collections() -> None:
    """
    Sets, lists, maps and numbers keep their types.
    """
    pool = resource("aws_cognito_user_pool").body.attributes
    function = resource("aws_lambda_function").body.attributes
    assert ["set", "string"] == pool["username_attributes"].type
    assert ["list", "string"] == function["layers"].type
    assert "number" == function["timeout"].type


def test_reads_nested_blocks() -> None:
    """
    A block knows whether it is a list or a set, and whether there must be one.
    """
    blocks = resource("aws_cloudfront_distribution").body.blocks
    assert ("set", 1, 0) == nesting(blocks["origin"])
    assert ("list", 1, 1) == nesting(blocks["default_cache_behavior"])
    assert ("list", 0, 0) == nesting(blocks["ordered_cache_behavior"])


def nesting(nested: NestedBlock) -> tuple[str, int, int]:
    """
    Return how a block is nested.
    """
    return nested.nesting, nested.min_items, nested.max_items


def test_tells_blocks_from_attributes_of_objects() -> None:
    """
    A block whose absence differs from none at all is an attribute of objects.
    """
    body = resource("aws_security_group").body
    assert "ingress" not in body.blocks
    ingress = body.attributes["ingress"]
    assert (True, True) == (ingress.optional, ingress.computed)
    assert ["set", ["object", {"k": 0}]][0] == ingress.type[0]


def test_reads_computed_objects() -> None:
    """
    What only the provider sets is an attribute, however deep.
    """
    options = resource("aws_acm_certificate").body.attributes[
        "domain_validation_options"
    ]
    described = dict.fromkeys(
        (
            "domain_name",
            "resource_record_name",
            "resource_record_type",
            "resource_record_value",
        ),
        "string",
    )
    assert ["set", ["object", described]] == options.type


def test_the_timeouts_block_is_single() -> None:
    """
    `timeouts` is the one block that is nested singly.
    """
    assert "single" == resource("aws_s3_bucket").body.blocks["timeouts"].nesting


def test_the_provider_has_no_alias() -> None:
    """
    Terraform itself handles aliases.
    """
    attributes = source().provider().body.attributes
    assert "alias" not in attributes
    assert ["set", "string"] == attributes["allowed_account_ids"].type


@pytest.mark.parametrize(
    ("type_name", "path", "sensitive"),
    [
        ("aws_cognito_user_pool_client", "client_secret", True),
        ("aws_db_instance", "password", True),
        ("aws_secretsmanager_secret_version", "secret_string", True),
        ("aws_api_gateway_api_key", "value", True),
        ("aws_cognito_user_pool", "name", False),
        ("aws_cloudwatch_event_connection", "auth_parameters.basic.password", True),
    ],
)
def test_hides_what_the_provider_hides(
    type_name: str, path: str, *, sensitive: bool
) -> None:
    """
    Secrets are sensitive, other texts are not.
    """
    found = dict(walk(resource(type_name).body))[tuple(path.split("."))]
    assert isinstance(found, Attribute)
    assert sensitive == found.sensitive


def test_write_only_arguments_are_told() -> None:
    """
    Terraform takes ephemeral values for write-only arguments only.
    """
    attributes = resource("aws_db_instance").body.attributes
    assert attributes["password_wo"].write_only
    assert not attributes["password"].write_only
    assert not attributes["password_wo_version"].write_only


def test_unknown_names_have_no_type() -> None:
    """
    Terraform itself says that it doesn't know them.
    """
    assert source().resource("aws_nothing") is None
    assert source().data("aws_nothing") is None
    assert {"aws_lb"} == source().known({"aws_lb", "aws_nothing"})


def test_packing_keeps_everything() -> None:
    """
    A type comes out of the cache as it went in.
    """
    inner = Body({"b": Attribute("b", ["set", "string"], required=True)}, {})
    body = Body(
        {"a": Attribute("a", "bool", optional=True, computed=True, write_only=True)},
        {"c": NestedBlock("c", "set", inner, 1, 3)},
    )
    schema = TypeSchema("aws_x", "resource", 7, body)
    assert schema == unpack(pack(schema))


def test_fails_when_a_module_has_no_source() -> None:
    """
    A module without a source map is of another layout.
    """
    with pytest.raises(LayoutError, match=r"^x has no source map$"):
        read_source("x", b"exports.X = X;")


def test_fails_when_a_module_defines_no_type() -> None:
    """
    A module without a type of Terraform is of another layout.
    """
    with pytest.raises(LayoutError, match=r"^x defines no Terraform type$"):
        read_source("x", script("export const x = 1;"))


def test_fails_when_a_source_map_is_broken() -> None:
    """
    A source map that is no JSON is of another layout.
    """
    broken = b"//# sourceMappingURL=data:application/json;base64,e30="
    with pytest.raises(LayoutError, match=r"^x has a source map without its source$"):
        read_source("x", broken)


def test_a_damaged_cache_is_built_again(tmp_path: Path) -> None:
    """
    A file that doesn't carry its digest is never used.
    """
    environ = {"GATEWAY_BINDINGS_CACHE": str(tmp_path / "cache")}
    load(environ)
    (kept,) = (tmp_path / "cache" / "schemas").glob("*.tgz")
    kept.write_bytes(kept.read_bytes()[: 1 << 16])
    assert resource("aws_s3_object") == load(environ).resource("aws_s3_object")


def test_fails_when_the_cache_is_open_to_others(tmp_path: Path) -> None:
    """
    What others could change is not read.
    """
    folder = tmp_path / "schemas"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with pytest.raises(RehearsalError) as raised:
        load({"GATEWAY_BINDINGS_CACHE": str(tmp_path)})
    expected = (
        f"{folder} is open to other users, run chmod 700 on it, or name another folder "
        "in GATEWAY_BINDINGS_CACHE"
    )
    assert (expected,) == raised.value.problems


def test_fails_when_there_is_no_provider() -> None:
    """
    Bindings without the provider's configuration are said to be so.
    """
    with pytest.raises(RehearsalError) as raised:
        SchemaSource(b"{}\n").provider()
    assert ("the AWS bindings have no provider configuration",) == raised.value.problems
