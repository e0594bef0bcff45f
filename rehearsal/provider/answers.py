"""
Answer data sources: from fixtures, from what is known of AWS, else by invention.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import cast
from zlib import crc32

from rehearsal.fixtures import (
    ANY_NAME,
    Fixtures,
    dns_suffix_of,
    partition_of,
)
from rehearsal.provider.invented import Inventor, Place
from rehearsal.provider.policy_document import render_policy
from rehearsal.resource_types.bindings_schema import SchemaSource
from rehearsal.resource_types.schema import CtyType, TypeSchema
from rehearsal.resource_types.values import Block, text

LOAD_BALANCER = re.compile(
    r"arn:[^:]+:elasticloadbalancing:([^:]+):(\d{12}):loadbalancer/"
    r"((net|app|gwy)/([^/]+)/([^/]+))"
)
KINDS = {"net": "network", "app": "application", "gwy": "gateway"}

# Read from a data source's arguments: what AWS would answer.
Known = Callable[[Mapping[str, object], Place], Mapping[str, object]]


class Answers:
    """
    Answer the data sources of one type.

    Args:
        schema: the type.
        fixtures: what a rehearsal's author says of them.
    """

    def __init__(self, schema: TypeSchema, fixtures: Fixtures) -> None:
        self._schema = schema
        self._fixtures = fixtures.data_sources.get(schema.name, {})
        self._inventor = Inventor(schema)
        self._known = KNOWN.get(schema.name)

    def read(self, config: Block, place: Place) -> Block:
        """
        Return what a data source answers.

        Raises:
            ValueError: AWS, or the provider, would refuse the arguments.
        """
        region = config.get("region")
        if isinstance(region, str) and region:
            place = Place(place.account_id, region)
        answer = dict(config)
        if self._known is not None:
            answer.update(self._known(config, place))
        answer.update(self._fixture(config))
        given = {name: value for name, value in answer.items() if value is not None}
        return self._inventor.blank(given, place)

    def _fixture(self, config: Block) -> Mapping[str, object]:
        for key, answer in self._fixtures.items():
            if key != ANY_NAME and key in config.values():
                return answer
        return self._fixtures.get(ANY_NAME, {})


def _caller_identity(_: Mapping[str, object], place: Place) -> Mapping[str, object]:
    account = place.account_id
    return {
        "account_id": account,
        "arn": f"arn:{place.partition}:iam::{account}:user/rehearsal",
        "id": account,
        "user_id": "AIDAREHEARSALEXAMPLE1",
    }


def _region(config: Mapping[str, object], place: Place) -> Mapping[str, object]:
    region = text(config, "name") or place.region
    endpoint = text(config, "endpoint")
    if endpoint:
        region = endpoint.split(".")[1] if "." in endpoint else region
    return {
        "description": f"Region {region}",
        "endpoint": f"ec2.{region}.{dns_suffix_of(region)}",
        "id": region,
        "name": region,
        "region": region,
    }


def _partition(_: Mapping[str, object], place: Place) -> Mapping[str, object]:
    suffix = place.suffix
    return {
        "dns_suffix": suffix,
        "id": place.partition,
        "partition": place.partition,
        "reverse_dns_prefix": ".".join(reversed(suffix.split("."))),
    }


def _zones(config: Mapping[str, object], place: Place) -> Mapping[str, object]:
    region = place.region
    excluded = cast("list[str]", config.get("exclude_names") or [])
    letters = [z for z in "abc" if f"{region}{z}" not in excluded]
    parts = region.split("-")
    short = parts[0] + "".join(part[0] for part in parts[1:-1]) + parts[-1]
    return {
        "group_names": [region],
        "id": region,
        "names": [f"{region}{letter}" for letter in letters],
        "zone_ids": [f"{short}-az{'abc'.index(letter) + 1}" for letter in letters],
    }


def _policy_document(config: Mapping[str, object], _: Place) -> Mapping[str, object]:
    indented, minified = render_policy(config)
    return {
        "id": str(crc32(indented.encode())),
        "json": indented,
        "minified_json": minified,
        "version": text(config, "version") or "2012-10-17",
    }


def _load_balancer(config: Mapping[str, object], place: Place) -> Mapping[str, object]:
    wanted = text(config, "arn")
    found = LOAD_BALANCER.fullmatch(wanted)
    if wanted and not found:
        raise ValueError(
            "reading ELBv2 Load Balancers: operation error Elastic Load Balancing v2: "
            "DescribeLoadBalancers, https response error StatusCode: 400, "
            f"ValidationError: '{wanted}' is not a valid load balancer ARN"
        )
    name = text(config, "name") or "rehearsed-nlb"
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    region, account, kind = place.region, place.account_id, "net"
    if found:
        region, account, _, kind, name, digest = found.groups()
    resource = f"{kind}/{name}/{digest}"
    service = f"arn:{partition_of(region)}:elasticloadbalancing"
    arn = f"{service}:{region}:{account}:loadbalancer/{resource}"
    return {
        "arn": arn,
        "arn_suffix": resource,
        "dns_name": f"{name}-{digest}.elb.{region}.{dns_suffix_of(region)}",
        "enforce_security_group_inbound_rules_on_private_link_traffic": "off",
        "id": arn,
        "internal": True,
        "ip_address_type": "ipv4",
        "load_balancer_type": KINDS[kind],
        "name": name,
    }


KNOWN: Mapping[str, Known] = {
    "aws_availability_zones": _zones,
    "aws_alb": _load_balancer,
    "aws_caller_identity": _caller_identity,
    "aws_iam_policy_document": _policy_document,
    "aws_lb": _load_balancer,
    "aws_partition": _partition,
    "aws_region": _region,
}


def check_answers(source: SchemaSource, fixtures: Fixtures) -> Iterable[str]:
    """
    List what fixtures say that no data source can answer.
    """
    for type_name, named in fixtures.data_sources.items():
        place = f"fixtures.data_sources.{type_name}"
        schema = source.data(type_name)
        if schema is None:
            yield f"{place} is no data source type of the AWS provider"
            continue
        for name, answer in named.items():
            yield from _check_answer(schema, answer, f"{place}.{name}")


def _check_answer(
    schema: TypeSchema, answer: Mapping[str, object], place: str
) -> Iterable[str]:
    for name, value in answer.items():
        attribute = schema.body.attributes.get(name)
        if attribute is None:
            yield f"{place}.{name} is no attribute of {schema.name}"
        elif not _fits(value, attribute.type):
            yield f"{place}.{name} must be {_wanted(attribute.type)}, got {value!r}"


PRIMITIVES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "bool": (bool,),
    "number": (int, float),
    "dynamic": (object,),
}


def _fits(value: object, type_: CtyType) -> bool:
    if isinstance(type_, str):
        if isinstance(value, bool) and type_ == "number":
            return False
        return isinstance(value, PRIMITIVES[type_])
    if type_[0] == "object":
        types = cast("dict[str, CtyType]", type_[1])
        known = cast("Block", value) if isinstance(value, dict) else {"": None}
        return known.keys() == types.keys() and all(
            _fits(known[name], inner) for name, inner in types.items()
        )
    inner = cast("CtyType", type_[1])
    if type_[0] == "map":
        return isinstance(value, dict) and all(
            _fits(v, inner) for v in cast("Block", value).values()
        )
    return isinstance(value, list) and all(
        _fits(v, inner) for v in cast("list[object]", value)
    )


def _wanted(type_: CtyType) -> str:
    if isinstance(type_, str):
        return {"string": "text", "bool": "true or false"}.get(type_, f"a {type_}")
    if type_[0] == "object":
        return f"a table with {', '.join(cast('dict[str, CtyType]', type_[1]))}"
    return "a table" if type_[0] == "map" else "a list"
