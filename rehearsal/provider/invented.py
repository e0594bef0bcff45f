"""
Invent the values that AWS chooses, in the form in which AWS chooses them.

They depend on the resource's type and arguments only, so that two rehearsals of one
configuration give the same states.
"""

import hashlib
import random
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import cast

from rehearsal.fixtures import dns_suffix_of, partition_of
from rehearsal.provider.forms import (
    ENDINGS,
    FIRST,
    FORMS,
    IDENTIFYING,
    NAMES,
    S3_ZONES,
    SERVICES,
)
from rehearsal.resource_types.schema import Attribute, Body, CtyType, TypeSchema
from rehearsal.resource_types.values import Block, Unknown, canonical, text

PLACEHOLDER = re.compile(r"\{(\w+)\}")
CHARACTERS = re.compile(r"(hex|lower|upper|mixed|digits)(\d+)")
ALPHABETS: Mapping[str, str] = {
    "hex": "0123456789abcdef",
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "mixed": string.ascii_letters + string.digits,
    "digits": string.digits,
}

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

# What computed attributes of these types are.
EMPTY: Mapping[str, object] = {"bool": False, "number": 0, "dynamic": None}


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where invented objects are.

    Args:
        account_id: the account.
        region: the region.
    """

    account_id: str
    region: str

    @property
    def partition(self) -> str:
        """
        The region's partition.
        """
        return partition_of(self.region)

    @property
    def suffix(self) -> str:
        """
        The end of the names of AWS's hosts.
        """
        return dns_suffix_of(self.region)


class Inventor:
    """
    Invent what AWS chooses for resources of one type.

    Args:
        schema: the type.
    """

    def __init__(self, schema: TypeSchema) -> None:
        self._schema = schema
        self._forms = FORMS.get(schema.name, {})
        self._first = FIRST.get(schema.name, {})

    def fill(
        self,
        planned: Block,
        place: Place,
        *,
        prior: Block | None = None,
        repeated: int = 0,
    ) -> Block:
        """
        Return a planned state with its unknown values invented.

        Args:
            planned: the planned state.
            place: where the resource is.
            prior: the state before, of an update. Defaults to none.
            repeated: how often the same was invented before. Defaults to 0.
        """
        region = text(planned, "region")
        invention = _Invention(
            schema=self._schema,
            forms=self._forms,
            first=self._first,
            planned=planned,
            place=Place(place.account_id, region) if region else place,
            prior=prior or {},
            repeated=repeated,
            state=dict(planned),
        )
        return invention.filled()

    def blank(self, known: Mapping[str, object], place: Place) -> Block:
        """
        Return a state of which only some attributes are known.
        """
        planned: Block = {}
        for name, attribute in self._schema.body.attributes.items():
            unknown = Unknown if attribute.computed else None
            planned[name] = known.get(name, unknown)
        for name, block in self._schema.body.blocks.items():
            planned[name] = known.get(name, None if block.nesting == "single" else [])
        return self.fill(planned, place)


@dataclass(slots=True, kw_only=True)
class _Invention:
    schema: TypeSchema
    forms: Mapping[str, str]
    first: Mapping[str, object]
    planned: Block
    place: Place
    prior: Block
    repeated: int
    state: Block
    seed: str = ""
    open: set[str] = field(default_factory=set[str])

    def filled(self) -> Block:
        attributes = self.schema.body.attributes
        for name, attribute in attributes.items():
            if self.state[name] is Unknown:
                self.state[name] = self._attribute(attribute)
            elif not isinstance(self.state[name], str | int | None):
                self.state[name] = self._within(name, attribute.type, self.state[name])
        for name, block in self.schema.body.blocks.items():
            value = self.state[name]
            if value is Unknown:
                self.state[name] = [] if block.nesting != "single" else None
            elif value:
                self.state[name] = self._block(block.body, name, value)
        return self.state

    def _block(self, body: Body, path: str, value: object) -> object:
        if isinstance(value, list):
            elements = cast("list[object]", value)
            return [
                self._block(body, f"{path}.{index}", element)
                for index, element in enumerate(elements)
                if element is not Unknown
            ]
        known = dict(cast("Block", value))
        for name, attribute in body.attributes.items():
            known[name] = self._within(f"{path}.{name}", attribute.type, known[name])
        for name, block in body.blocks.items():
            if known[name] is Unknown:
                known[name] = [] if block.nesting != "single" else None
            elif known[name]:
                known[name] = self._block(block.body, f"{path}.{name}", known[name])
        return known

    def _within(self, path: str, type_: CtyType, value: object) -> object:
        if value is Unknown:
            return self._generic(path, type_)
        if isinstance(type_, str) or not value:
            return value
        if type_[0] == "object":
            types = cast("dict[str, CtyType]", type_[1])
            known = cast("Block", value)
            return {
                name: self._within(f"{path}.{name}", inner, known[name])
                for name, inner in types.items()
            }
        inner = cast("CtyType", type_[1])
        if isinstance(value, dict):
            members = cast("Block", value)
            return {k: self._within(path, inner, v) for k, v in members.items()}
        elements = cast("list[object]", value)
        return [self._within(f"{path}.{i}", inner, v) for i, v in enumerate(elements)]

    def _attribute(self, attribute: Attribute) -> object:
        name = attribute.name
        if name in self.first:
            return self._next(name)
        if name == "tags_all":
            return self.state.get("tags") or {}
        if name in self.forms:
            return self._format(self.forms[name], name)
        if attribute.type != "string":
            return self._generic(name, attribute.type)
        return self._text(attribute)

    def _text(self, attribute: Attribute) -> str:
        name = attribute.name
        if name == "id":
            return self._id()
        if name == "name" and (prefix := text(self.planned, "name_prefix")):
            return prefix + self._placeholder("stamp", name)
        if attribute.optional and name not in NAMES and not name.endswith("_arn"):
            return ""
        return self._generic_text(name)

    def _next(self, name: str) -> object:
        before = self.prior.get(name)
        return before + 1 if isinstance(before, int) else self.first[name]

    def _id(self) -> str:
        for name in IDENTIFYING:
            if value := text(self.state, name):
                return value
        kind = self.schema.name.rpartition("_")[2]
        return f"{kind}-{self._placeholder('hex17', 'id')}"

    def _generic(self, path: str, type_: CtyType) -> object:
        if isinstance(type_, str):
            return EMPTY[type_] if type_ in EMPTY else self._generic_text(path)
        if type_[0] != "object":
            return {} if type_[0] == "map" else []
        types = cast("dict[str, CtyType]", type_[1])
        return {n: self._generic(f"{path}.{n}", t) for n, t in types.items()}

    def _generic_text(self, path: str) -> str:
        name = path.rpartition(".")[2]
        endings = (form for ending, form in ENDINGS.items() if name.endswith(ending))
        return self._format(NAMES.get(name) or next(endings, "{lower12}"), path)

    def _format(self, form: str, path: str) -> str:
        return PLACEHOLDER.sub(lambda m: self._placeholder(m[1], path), form)

    def _placeholder(self, name: str, path: str) -> str:
        if made := CHARACTERS.fullmatch(name):
            return self._characters(made[1], int(made[2]), path)
        attribute = self.schema.body.attributes.get(name)
        if attribute is not None and name != path and name not in self.open:
            return self._known(attribute)
        return self._special(name, path)

    def _known(self, attribute: Attribute) -> str:
        name = attribute.name
        if self.state[name] is Unknown:
            self.open.add(name)
            self.state[name] = self._attribute(attribute)
            self.open.discard(name)
        value = self.state[name]
        if value is None and name == "region":
            return self.place.region
        return "" if value is None else str(value)

    def _special(self, name: str, path: str) -> str:
        special = {
            "account": self._account,
            "region": self._region,
            "partition": self._partition,
            "suffix": self._suffix,
            "s3_zone": self._s3_zone,
            "service": self._service,
            "kind": self._kind,
            "lb_kind": self._lb_kind,
            "url_host": self._url_host,
            "uuid": self._uuid,
            "time": self._moment,
            "stamp": self._stamp,
            "octet": self._octet,
            "base64": self._base64,
        }
        made = special.get(name)
        return made(path) if made else ""

    def _account(self, _: str) -> str:
        return self.place.account_id

    def _region(self, _: str) -> str:
        return self.place.region

    def _partition(self, _: str) -> str:
        return partition_of(self.place.region)

    def _suffix(self, _: str) -> str:
        return dns_suffix_of(self.place.region)

    def _s3_zone(self, path: str) -> str:
        invented = f"Z{self._characters('upper', 13, path)}"
        return S3_ZONES.get(self.place.region, invented)

    def _service(self, _: str) -> str:
        part = self.schema.name.split("_")[1]
        return SERVICES.get(part, part)

    def _kind(self, _: str) -> str:
        return "-".join(self.schema.name.split("_")[2:]) or "object"

    def _lb_kind(self, _: str) -> str:
        kinds = {"network": "net", "gateway": "gwy"}
        return kinds.get(text(self.state, "load_balancer_type"), "app")

    def _url_host(self, _: str) -> str:
        return text(self.state, "url").removeprefix("https://")

    def _uuid(self, path: str) -> str:
        digits = self._characters("hex", 32, path)
        return "-".join(digits[a:b] for a, b in pairwise((0, 8, 12, 16, 20, 32)))

    def _moment(self, path: str) -> str:
        return self._time(path).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _stamp(self, path: str) -> str:
        # https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.38.1/helper/id/id.go
        moment = self._time(path).strftime("%Y%m%d%H%M%S")
        return moment + self._characters("digits", 12, path)

    def _octet(self, path: str) -> str:
        return str(self._random(path).randint(4, 250))

    def _base64(self, path: str) -> str:
        return self._characters("mixed", 43, path) + "="

    def _time(self, path: str) -> datetime:
        return EPOCH + timedelta(seconds=self._random(path).randrange(31_536_000))

    def _characters(self, alphabet: str, length: int, path: str) -> str:
        choices = self._random(f"{path} {alphabet}{length}").choices
        return "".join(choices(ALPHABETS[alphabet], k=length))

    def _random(self, path: str) -> random.Random:
        if not self.seed:
            described: list[object] = [self.schema.name, self.repeated, self.planned]
            self.seed = hashlib.sha256(canonical(described).encode()).hexdigest()
        # Invented values must look like AWS's, not be hard to guess.
        return random.Random(self.seed + path)  # noqa: S311
