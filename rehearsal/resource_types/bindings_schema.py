"""
Read what each Terraform type consists of from the installed bindings.

The bindings are generated from the provider's own schema. Each module of the assembly
carries its TypeScript source in its source map, where a comment before each member
tells whether it is required, optional and computed, and the synthesis code tells blocks
from attributes:
https://github.com/hashicorp/terraform-cdk/tree/main/packages/%40cdktf/provider-generator
"""

import base64
import binascii
import json
import re
import tarfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import cast

from bindings.cache import (
    FOLDER_VARIABLE,
    SCHEMAS,
    Cache,
    CacheError,
    cache_folder,
)
from bindings.layout import Assembly, LayoutError, find_bindings
from rehearsal.errors import RehearsalError
from rehearsal.resource_types.nested import complete
from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    CtyType,
    Kind,
    NestedBlock,
    Nesting,
    TypeSchema,
)
from rehearsal.resource_types.sensitive import hide

PROVIDER = "aws"

# A state that any release of the real provider wrote is not newer than this.
STATE_VERSION = 99

# Part of the cache's key: types that are read in another way are another file.
FORMAT = b"rehearsal-schema-1"
# How a line of it has a type that the bindings leave open.
OPEN = b'"dynamic"'


SOURCE_MAP = b"//# sourceMappingURL=data:application/json;base64,"

PART = re.compile(
    r"^export (?:function (\w+)ToHclTerraform\("
    r"|class (\w+) extends cdktf\.(\w+) \{)",
    re.MULTILINE,
)
TYPE_NAME = re.compile(r'public static readonly tfResourceType = "(\w+)"')
MEMBER = re.compile(
    r"// (\w+) - computed: (true|false), optional: (?:true|false), "
    r"required: (true|false)\n +"
    r"(?:private \w+(?: = new ([\w.]+)\(this, \"\w+\"(?:, (true|false))?\)|[^;\n]*);|"
    r"public get \w+\(\) \{\n +return (.*);)(?: *\n +public get \w+\(\) \{\n +"
    r"return (.*);)?"
)
SYNTHESISED = re.compile(
    r"^ +(\w+): \{\n +value: (.*),\n +isBlock: (true|false),\n"
    r' +type: "(\w+)",\n +storageClassType: "(\w+)"',
    re.MULTILINE,
)
MAPPED = re.compile(r"listMapperHcl\(\w+, (true|false)\)")

STORAGE: Mapping[str, CtyType] = {
    "string": "string",
    "number": "number",
    "boolean": "bool",
    "any": "dynamic",
    "stringMap": ["map", "string"],
    "numberMap": ["map", "number"],
    "booleanMap": ["map", "bool"],
    "stringMapMap": ["map", ["map", "string"]],
}
ELEMENTS: Mapping[str, CtyType] = {
    "stringList": "string",
    "numberList": "number",
    "stringListList": ["list", "string"],
    "stringMapList": ["map", "string"],
}
GETTERS: tuple[tuple[str, CtyType], ...] = (
    ("Fn.tolist(this.getListAttribute", ["set", "string"]),
    ("Fn.tolist(this.getNumberListAttribute", ["set", "number"]),
    ("getStringMapAttribute", ["map", "string"]),
    ("getNumberMapAttribute", ["map", "number"]),
    ("getBooleanMapAttribute", ["map", "bool"]),
    ("getNumberListAttribute", ["list", "number"]),
    ("getListAttribute", ["list", "string"]),
    ("getStringAttribute", "string"),
    ("getNumberAttribute", "number"),
    ("getBooleanAttribute", "bool"),
    ("interpolationForAttribute", "dynamic"),
)
COMPUTED_MAPS: Mapping[str, CtyType] = {
    "cdktf.StringMap": ["map", "string"],
    "cdktf.NumberMap": ["map", "number"],
    "cdktf.BooleanMap": ["map", "bool"],
    "cdktf.AnyMap": ["map", "string"],
    "cdktf.StringMapList": ["list", ["map", "string"]],
}

# Elements of the cached form of a body.
PackedBody = list[dict[str, list[object]]]


@dataclass(frozen=True, slots=True)
class Member:
    """
    A member of a generated class.

    Args:
        name: Terraform's name.
        computed: whether the provider may choose its value.
        required: whether a configuration must set it.
        constructed: the class of its value, or nothing for a plain one.
        wraps_set: whether a constructed list stands for a set.
        getter: the expression that reads it.
    """

    name: str
    computed: bool
    required: bool
    constructed: str
    wraps_set: bool
    getter: str


@dataclass(frozen=True, slots=True)
class Synthesised:
    """
    How a member is written to a configuration.

    Args:
        value: the expression.
        kind: the shape: simple, list, set, map or struct.
        storage: the type that it stores.
    """

    value: str
    kind: str
    storage: str


class SourceReader:
    """
    Read the one Terraform type that a module of the bindings defines.

    Raises `LayoutError` for a module that is not as this package knows it.

    Args:
        module: the module's name, for messages.
        source: its TypeScript source.
    """

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._members: dict[str, list[Member]] = {}
        self._written: dict[str, dict[str, Synthesised]] = {}
        self._main: tuple[str, Kind] | None = None
        matches = list(PART.finditer(source))
        ends = [*(match.start() for match in matches), len(source)]
        for match, end in zip(matches, ends[1:], strict=True):
            self._read_part(match, source[match.start() : end])
        found = TYPE_NAME.search(source)
        if self._main is None or found is None:
            raise LayoutError(f"{module} defines no Terraform type")
        self._name = found[1]

    def schema(self) -> TypeSchema:
        """
        Return the type that the module defines.
        """
        class_name, kind = cast("tuple[str, Kind]", self._main)
        body = self._body(class_name, class_name)
        if kind == "provider":
            kept = {n: a for n, a in body.attributes.items() if n != "alias"}
            body = Body(kept, body.blocks)
        version = STATE_VERSION if kind == "resource" else 0
        return hide(TypeSchema(self._name, kind, version, body))

    def _read_part(self, match: re.Match[str], text: str) -> None:
        function, class_name, base = match.groups()
        if function is not None:
            self._written[function.lower()] = dict(_synthesised(text))
            return
        kinds: Mapping[str, Kind] = {
            "TerraformResource": "resource",
            "TerraformDataSource": "data",
            "TerraformProvider": "provider",
        }
        if base in kinds:
            self._main = (class_name, kinds[base])
            self._written[class_name.lower()] = dict(_synthesised(text))
        elif base != "ComplexObject":
            return
        self._members[class_name] = list(_members(text))

    def _body(self, class_name: str, struct: str) -> Body:
        attributes: dict[str, Attribute] = {}
        blocks: dict[str, NestedBlock] = {}
        written = self._written.get(struct.lower(), {})
        if class_name not in self._members:
            raise LayoutError(f"{self._module} has no class {class_name}")
        for member in self._members[class_name]:
            synthesised = written.get(member.name)
            if synthesised and (block := self._block(member, synthesised)):
                blocks[member.name] = block
            else:
                attributes[member.name] = self._attribute(member, synthesised)
        return Body(attributes, blocks)

    def _block(self, member: Member, written: Synthesised) -> NestedBlock | None:
        if written.storage in STORAGE or written.storage in ELEMENTS:
            return None
        mapped = MAPPED.search(written.value)
        if (mapped and mapped[1] == "false") or written.kind == "map":
            return None
        # The only block that the provider nests singly; other structs are objects.
        if written.kind == "struct" and member.name != "timeouts":
            return None
        struct = _struct(member.constructed) or written.storage.removesuffix("List")
        nesting = cast(
            "Nesting", "single" if written.kind == "struct" else written.kind
        )
        return NestedBlock(
            member.name,
            nesting,
            self._struct_body(struct),
            min_items=1 if member.required and nesting != "single" else 0,
            max_items=0 if mapped or nesting == "single" else 1,
        )

    def _struct_body(self, struct: str) -> Body:
        if f"{struct}OutputReference" in self._members:
            return self._body(f"{struct}OutputReference", struct)
        return self._struct_alone(struct)

    def _struct_alone(self, struct: str) -> Body:
        # The provider's own blocks have no class, only the code that writes them.
        attributes: dict[str, Attribute] = {}
        blocks: dict[str, NestedBlock] = {}
        for name, written in self._written.get(struct.lower(), {}).items():
            member = Member(
                name,
                computed=False,
                required=False,
                constructed="",
                wraps_set=False,
                getter="",
            )
            if block := self._block(member, written):
                blocks[name] = block
            else:
                attributes[name] = self._attribute(member, written)
        return Body(attributes, blocks)

    def _attribute(self, member: Member, written: Synthesised | None) -> Attribute:
        return Attribute(
            member.name,
            self._written_type(member, written)
            if written
            else self._computed_type(member),
            required=member.required,
            optional=written is not None and not member.required,
            computed=member.computed,
            write_only=written is not None and member.name.endswith("_wo"),
        )

    def _written_type(self, member: Member, written: Synthesised) -> CtyType:
        if written.storage in STORAGE:
            return STORAGE[written.storage]
        if written.storage in ELEMENTS:
            return [written.kind, ELEMENTS[written.storage]]
        struct = _struct(member.constructed) or written.storage.removesuffix("List")
        described = self._object(struct)
        return described if written.kind == "struct" else [written.kind, described]

    def _computed_type(self, member: Member) -> CtyType:
        if not member.constructed:
            for marker, type_ in GETTERS:
                if marker in member.getter:
                    return type_
            raise LayoutError(f"{self._module} reads {member.name} in an unknown way")
        if member.constructed in COMPUTED_MAPS:
            return COMPUTED_MAPS[member.constructed]
        described = self._object(_struct(member.constructed))
        if member.constructed.endswith("OutputReference"):
            return described
        if member.constructed.endswith("Map"):
            return ["map", described]
        return ["set" if member.wraps_set else "list", described]

    def _object(self, struct: str) -> CtyType:
        return ["object", _object_types(self._struct_body(struct))]


def _object_types(body: Body) -> dict[str, CtyType]:
    types = {name: attribute.type for name, attribute in body.attributes.items()}
    for name, block in body.blocks.items():
        described: CtyType = ["object", _object_types(block.body)]
        single = block.nesting == "single"
        types[name] = described if single else [block.nesting, described]
    return types


def _struct(class_name: str) -> str:
    for suffix in ("OutputReference", "MapList", "List", "Map"):
        if class_name.endswith(suffix):
            return class_name.removesuffix(suffix)
    return ""


def _members(text: str) -> Iterator[Member]:
    for match in MEMBER.finditer(text):
        name, computed, required, constructed, wraps_set, direct, later = match.groups()
        yield Member(
            name,
            computed == "true",
            required == "true",
            constructed or "",
            wraps_set == "true",
            direct or later or "",
        )


def _synthesised(text: str) -> Iterator[tuple[str, Synthesised]]:
    for name, value, _, kind, storage in SYNTHESISED.findall(text):
        yield name, Synthesised(value, kind, storage)


def read_source(module: str, script: bytes) -> TypeSchema:
    """
    Return the type that a generated module defines.

    Raises `LayoutError` for a module that is not as this package knows it.
    """
    start = script.rfind(SOURCE_MAP)
    if start < 0:
        raise LayoutError(f"{module} has no source map")
    try:
        source_map = json.loads(base64.b64decode(script[start + len(SOURCE_MAP) :]))
        source = source_map["sourcesContent"][0]
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error) as error:
        raise LayoutError(f"{module} has a source map without its source") from error
    return SourceReader(module, str(source)).schema()


def read_assembly(tarball: Path) -> Iterator[TypeSchema]:
    """
    Read every type of the bindings' tarball.

    Raises `LayoutError` for a tarball that is not as this package knows it.
    """
    try:
        with tarfile.open(tarball, "r|gz") as archive:
            for entry in archive:
                parts = Path(entry.name).parts
                if parts[1:2] != ("lib",) or parts[3:] != ("index.js",):
                    continue
                file = archive.extractfile(entry)
                if file is not None:
                    yield read_source(parts[2], file.read())
    except (OSError, EOFError, tarfile.TarError) as error:
        raise LayoutError(f"{tarball.name} cannot be read") from error


def pack(schema: TypeSchema) -> bytes:
    """
    Write a type in the cached form, one line.
    """
    packed = [schema.name, schema.kind, schema.version, _pack_body(schema.body)]
    return json.dumps(packed, separators=(",", ":")).encode()


def unpack(line: bytes) -> TypeSchema:
    """
    Read a type in the cached form.
    """
    name, kind, version, body = json.loads(line)
    return TypeSchema(name, kind, version, _unpack_body(body))


def _pack_body(body: Body) -> PackedBody:
    attributes: dict[str, list[object]] = {}
    for name, a in body.attributes.items():
        flags = a.required | a.optional << 1 | a.computed << 2
        flags |= a.sensitive << 3 | a.write_only << 4
        attributes[name] = [a.type, flags]
    blocks: dict[str, list[object]] = {}
    for name, b in body.blocks.items():
        blocks[name] = [b.nesting, b.min_items, b.max_items, _pack_body(b.body)]
    return [attributes, blocks]


def _unpack_body(packed: PackedBody) -> Body:
    attributes: dict[str, Attribute] = {}
    for name, item in packed[0].items():
        type_, flags = cast("tuple[CtyType, int]", item)
        attributes[name] = Attribute(
            name,
            type_,
            required=bool(flags & 1),
            optional=bool(flags & 2),
            computed=bool(flags & 4),
            sensitive=bool(flags & 8),
            write_only=bool(flags & 16),
        )
    blocks: dict[str, NestedBlock] = {}
    for name, item in packed[1].items():
        nesting, fewest, most, inner = cast(
            "tuple[Nesting, int, int, PackedBody]", item
        )
        blocks[name] = NestedBlock(name, nesting, _unpack_body(inner), fewest, most)
    return Body(attributes, blocks)


class SchemaSource:
    """
    The types of the installed bindings, by name.

    Args:
        content: the cached form: an index in JSON on the first line, then one line per
            type.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    @cached_property
    def _index(self) -> Mapping[str, tuple[int, int]]:
        end = self._content.index(b"\n")
        index = cast("dict[str, int]", json.loads(self._content[:end]))
        starts = [*index.values(), len(self._content) - end - 1]
        spans = [(end + 1 + a, end + b) for a, b in pairwise(starts)]
        return dict(zip(index, spans, strict=True))

    @cached_property
    def resource_names(self) -> frozenset[str]:
        """
        The names of all resource types.
        """
        return self._names("resource")

    @cached_property
    def data_names(self) -> frozenset[str]:
        """
        The names of all data source types.
        """
        return self._names("data")

    def resource(self, name: str) -> TypeSchema | None:
        """
        Return a resource type.
        """
        return self._get("resource", name)

    def data(self, name: str) -> TypeSchema | None:
        """
        Return a data source type.
        """
        return self._get("data", name)

    def provider(self) -> TypeSchema:
        """
        Return the configuration of the provider itself.
        """
        schema = self._get("provider", PROVIDER)
        if schema is None:
            raise RehearsalError(["the AWS bindings have no provider configuration"])
        return schema

    def known(self, names: Collection[str]) -> frozenset[str]:
        """
        Return those of the names that are resource or data source types.
        """
        return frozenset(names) & (self.resource_names | self.data_names)

    def _names(self, kind: Kind) -> frozenset[str]:
        prefix = f"{kind} "
        return frozenset(
            key.removeprefix(prefix) for key in self._index if key.startswith(prefix)
        )

    def _get(self, kind: Kind, name: str) -> TypeSchema | None:
        span = self._index.get(f"{kind} {name}")
        if span is None:
            return None
        line = self._content[span[0] : span[1]]
        return complete(unpack(line)) if OPEN in line else unpack(line)


def build(assembly: Assembly) -> bytes:
    """
    Read all types of the bindings and write the cached form.

    Raises `LayoutError` for bindings that are not as this package knows them.
    """
    types = {f"{s.kind} {s.name}": pack(s) for s in read_assembly(assembly.path)}
    if f"provider {PROVIDER}" not in types:
        raise LayoutError(f"{assembly.name} has no provider")
    index: dict[str, int] = {}
    start = 0
    for name, line in sorted(types.items()):
        index[name] = start
        start += len(line) + 1
    lines = [json.dumps(index).encode(), *(line for _, line in sorted(types.items()))]
    return b"".join(line + b"\n" for line in lines)


def load(environ: Mapping[str, str]) -> SchemaSource:
    """
    Return the types of the installed bindings, from the cache when it is sound.

    Raises `RehearsalError` for bindings that are absent or laid out in another way, and
    for a cache folder that is not the user's own.
    """
    folder = cache_folder(environ) / SCHEMAS
    try:
        assembly = find_bindings().assembly
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = Cache(folder).get(assembly, [FORMAT], lambda: build(assembly))
        return SchemaSource(path.read_bytes())
    except LayoutError as error:
        raise RehearsalError(
            [f"the AWS bindings are not as this version knows them: {error}"]
        ) from error
    except (CacheError, OSError) as error:
        problem = f"{folder} {error}, or name another folder in {FOLDER_VARIABLE}"
        raise RehearsalError([problem]) from error
