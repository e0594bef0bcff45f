"""
What a plan says of one resource.
"""

import json
from dataclasses import replace

import pytest

from rehearsal.provider.documents import equivalent, normalized, normalized_policy
from rehearsal.provider.invented import Inventor, Place
from rehearsal.provider.planning import Plan, Surroundings
from rehearsal.resource_types.values import Block, Unknown, decode, encode
from tests.rehearsal.provider_types import AROUND, config, nested, planner, resource


def update(
    type_name: str, prior: Block, around: Surroundings = AROUND, **changed: object
) -> Plan:
    """
    Plan a change of some arguments, the rest being proposed as it was.
    """
    arguments = config(type_name) | {k: v for k, v in prior.items() if k in changed}
    return planner(type_name).update(
        prior, prior | changed, arguments | changed, around
    )


def existing(type_name: str, **values: object) -> Block:
    """
    Return the state of a resource.
    """
    planned = planner(type_name).create(config(type_name, **values), AROUND).planned
    place = Place("123456789012", AROUND.region)
    return Inventor(resource(type_name)).fill(planned, place)


def test_creation_leaves_to_aws_what_only_aws_knows() -> None:
    """
    Computed attributes are unknown, absent optional ones null, defaults literal.
    """
    planned = (
        planner("aws_api_gateway_vpc_link")
        .create(
            config("aws_api_gateway_vpc_link", name="link", target_arns=["arn"]), AROUND
        )
        .planned
    )
    assert {
        "arn": Unknown,
        "description": None,
        "id": Unknown,
        "name": "link",
        "region": "eu-west-1",
        "tags": None,
        "tags_all": Unknown,
        "target_arns": ["arn"],
    } == planned


def test_creation_plans_defaults() -> None:
    """
    The provider writes its defaults into the plan, those of enumerations too.
    """
    arguments = config("aws_cognito_user_pool", name="pool")
    planned = planner("aws_cognito_user_pool").create(arguments, AROUND).planned
    assert ("OFF", "INACTIVE") == (
        planned["mfa_configuration"],
        planned["deletion_protection"],
    )


def test_creation_leaves_computed_blocks_unknown() -> None:
    """
    A block that AWS fills when it is absent is unknown as a whole.
    """
    arguments = config("aws_cognito_user_pool", name="pool")
    planned = planner("aws_cognito_user_pool").create(arguments, AROUND).planned
    assert planned["password_policy"] is Unknown
    assert [] == planned["schema"]


def test_creation_goes_into_nested_blocks() -> None:
    """
    What is computed within a block is unknown there.
    """
    policy = nested("aws_cognito_user_pool", "password_policy", minimum_length=12)
    arguments = config("aws_cognito_user_pool", name="pool", password_policy=[policy])
    planned = planner("aws_cognito_user_pool").create(arguments, AROUND).planned
    assert [policy | {"temporary_password_validity_days": Unknown}] == (
        planned["password_policy"]
    )


def test_an_empty_text_is_absent_where_aws_chooses() -> None:
    """
    The older framework takes an empty text for none.
    """
    arguments = config("aws_s3_object", bucket="b", key="k", content_type="")
    planned = planner("aws_s3_object").create(arguments, AROUND).planned
    assert planned["content_type"] is Unknown


def test_nothing_changes_when_nothing_differs() -> None:
    """
    A plan against the state that it led to is empty.
    """
    prior = existing("aws_s3_object", bucket="b", key="k", content="x")
    plan = update("aws_s3_object", prior)
    assert Plan(prior, (), changed=False) == plan


@pytest.mark.parametrize(
    ("before", "after"),
    [("", None), (None, ""), ("text", "text")],
)
def test_an_empty_text_is_no_change(before: object, after: object) -> None:
    """
    Null and empty are one to the older framework, and the prior one stays.
    """
    prior = existing("aws_api_gateway_vpc_link", name="l", target_arns=["a"])
    prior["description"] = before
    plan = update("aws_api_gateway_vpc_link", prior, description=after)
    assert (False, before) == (plan.changed, plan.planned["description"])


def test_sets_have_no_order() -> None:
    """
    The same elements in another order are no change.
    """
    prior = existing("aws_cognito_user_pool", name="p")
    prior["auto_verified_attributes"] = ["email", "phone_number"]
    plan = update(
        "aws_cognito_user_pool",
        prior,
        auto_verified_attributes=["phone_number", "email"],
    )
    assert not plan.changed


def test_a_forcing_argument_replaces() -> None:
    """
    The path that replaces is the attribute's.
    """
    prior = existing("aws_api_gateway_vpc_link", name="l", target_arns=["a"])
    plan = update("aws_api_gateway_vpc_link", prior, target_arns=["b"])
    assert ((("target_arns",),), ["b"]) == (plan.replace, plan.planned["target_arns"])


def test_an_unknown_forcing_argument_replaces() -> None:
    """
    Terraform cannot exclude that the value will differ.
    """
    prior = existing("aws_api_gateway_deployment", rest_api_id="a", triggers={"x": "1"})
    plan = update("aws_api_gateway_deployment", prior, triggers=Unknown)
    assert (("triggers",),) == plan.replace


def test_paths_within_lists_have_indexes() -> None:
    """
    Terraform names the block whose argument replaces.
    """
    block = nested(
        "aws_cognito_user_pool", "username_configuration", case_sensitive=True
    )
    prior = existing("aws_cognito_user_pool", name="p", username_configuration=[block])
    changed = block | {"case_sensitive": False}
    plan = update("aws_cognito_user_pool", prior, username_configuration=[changed])
    assert (("username_configuration", 0, "case_sensitive"),) == plan.replace


def test_a_removed_optional_argument_becomes_null() -> None:
    """
    An argument that is taken away is removed.
    """
    prior = existing("aws_s3_object", bucket="b", key="k", cache_control="no-store")
    plan = update("aws_s3_object", prior, cache_control=None)
    assert (True, None) == (plan.changed, plan.planned["cache_control"])


def test_defaults_of_texts_are_texts() -> None:
    """
    A number that the provider's source gives as the default of a text is written out.
    """
    planned = planner("aws_lb_target_group").create(
        config("aws_lb_target_group"), AROUND
    )
    assert "300" == planned.planned["deregistration_delay"]


def test_a_removed_argument_returns_to_its_default() -> None:
    """
    An argument with a default is never null.
    """
    prior = existing("aws_lambda_function", function_name="f", role="r", timeout=30)
    assert 3 == update("aws_lambda_function", prior, timeout=None).planned["timeout"]


def test_computed_blocks_stay_when_the_configuration_has_none() -> None:
    """
    What AWS filled in is not taken away by saying nothing.
    """
    prior = existing("aws_cognito_user_pool", name="p")
    prior["password_policy"] = [
        nested("aws_cognito_user_pool", "password_policy", minimum_length=8)
    ]
    plan = update("aws_cognito_user_pool", prior, password_policy=[])
    assert not plan.changed


def test_policies_are_compared_by_their_meaning() -> None:
    """
    Spaces, the order of keys and of actions, and lists of one make no change.
    """
    prior = existing("aws_s3_bucket_policy", bucket="b", policy="")
    statement = {"Effect": "Allow", "Action": ["a:B", "a:C"], "Resource": "*"}
    prior["policy"] = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    same = {"Action": ["a:C", "a:B"], "Resource": ["*"], "Effect": "Allow"}
    written = json.dumps({"Statement": same, "Version": "2012-10-17"}, indent=2)
    assert not update("aws_s3_bucket_policy", prior, policy=written).changed


def test_other_policies_are_a_change() -> None:
    """
    Another action is another policy.
    """
    one = '{"Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": "*"}]}'
    assert not equivalent(one, one.replace("a:B", "a:C"))
    assert not equivalent(one, "no JSON")


def test_documents_are_written_as_go_writes_them() -> None:
    """
    Keys are sorted, spaces gone, signs of HTML escaped.
    """
    assert r'{"a":"\u003cb\u003e \u0026","c":[1]}' == normalized(
        '{"c": [1], "a": "<b> &"}'
    )
    assert "no JSON" == normalized("no JSON")
    assert '{"Version":"1","Statement":[],"a":0}' == normalized_policy(
        '{"a": 0, "Statement": [], "Version": "1"}'
    )


def test_tags_of_the_provider_join_those_of_the_resource() -> None:
    """
    `tags_all` is known at plan time, the resource's own tags win, null ones are none.
    """
    around = replace(AROUND, default_tags={"team": "web", "env": "dev"})
    tags = {"env": "prod", "none": None}
    arguments = config("aws_s3_bucket", bucket="b", tags=tags)
    planned = planner("aws_s3_bucket").create(arguments, around).planned
    assert {"team": "web", "env": "prod"} == planned["tags_all"]


def test_ignored_tags_are_left_out() -> None:
    """
    The provider doesn't manage the tags that it ignores.
    """
    around = replace(AROUND, ignored_tags=frozenset({"a"}), ignored_prefixes=("k/",))
    assert {"b": "2"} == around.all_tags({"a": "1", "b": "2", "k/c": "3"})


def test_an_unknown_tag_makes_all_unknown() -> None:
    """
    All tags are known only when each is.
    """
    arguments = config("aws_s3_bucket", bucket="b", tags={"a": Unknown})
    planned = planner("aws_s3_bucket").create(arguments, AROUND).planned
    assert planned["tags_all"] is Unknown


def test_new_default_tags_change_what_exists() -> None:
    """
    A tag that the provider adds is an update of each resource.
    """
    nothing: Block = {"tags_all": {}}
    prior = existing("aws_s3_bucket", bucket="b") | nothing
    around = replace(AROUND, default_tags={"team": "web"})
    plan = update("aws_s3_bucket", prior, around)
    assert ({"team": "web"}, ()) == (plan.planned["tags_all"], plan.replace)


def test_another_region_replaces() -> None:
    """
    A resource cannot move to another region.
    """
    prior = existing("aws_s3_object", bucket="b", key="k")
    plan = update("aws_s3_object", prior, replace(AROUND, region="us-east-1"))
    assert (("region",),) == plan.replace


def test_states_without_a_region_stay() -> None:
    """
    Release 5 wrote no region; resources of that time are not replaced.
    """
    prior = existing("aws_s3_object", bucket="b", key="k") | {"region": None}
    plan = update("aws_s3_object", prior)
    assert ("eu-west-1", ()) == (plan.planned["region"], plan.replace)


def test_new_content_has_a_new_version() -> None:
    """
    What depends on an object's version is known after the update only.
    """
    prior = existing("aws_s3_object", bucket="b", key="k", content="x")
    plan = update("aws_s3_object", prior, content="y")
    assert plan.planned["version_id"] is Unknown
    assert prior["etag"] == plan.planned["etag"]


@pytest.mark.parametrize("publish", [True, False])
def test_published_functions_have_new_versions(*, publish: bool) -> None:
    """
    A version is published with the code only where publishing is asked for.
    """
    prior = existing(
        "aws_lambda_function", function_name="f", role="r", publish=publish
    )
    plan = update("aws_lambda_function", prior, filename="new.zip")
    assert publish == (plan.planned["version"] is Unknown)
    assert plan.planned["last_modified"] is Unknown


def test_write_only_arguments_are_never_kept() -> None:
    """
    Their values are in no plan and no state.
    """
    arguments = config("aws_db_instance", instance_class="x", password_wo="x")  # noqa: S106
    planned = planner("aws_db_instance").create(arguments, AROUND).planned
    assert planned["password_wo"] is None


def test_sets_of_blocks_keep_what_did_not_change() -> None:
    """
    Only a new element of a set has unknown parts.
    """
    element = {"name": "a", "type": "S"}
    prior = existing("aws_dynamodb_table", name="t", hash_key="a")
    prior["attribute"] = [element]
    added = {"name": "b", "type": "S"}
    plan = update("aws_dynamodb_table", prior, attribute=[added, element])
    assert [element, added] == plan.planned["attribute"]


def test_values_survive_the_wire() -> None:
    """
    Unknown values, nulls and numbers come out as they went in.
    """
    value = {"a": [1, 2.5, None, True, Unknown], "b": {"c": "d"}}
    assert value == decode(encode(value))


def test_refined_unknown_values_are_unknown() -> None:
    """
    What Terraform already knows of an unknown value changes no plan.
    """
    assert decode(b"\xc7\x03\x0c\x81\x01\xc2") is Unknown
