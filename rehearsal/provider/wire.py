"""
Write schemas, diagnostics and paths as the plugin protocol has them.

https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/tfplugin6.proto
"""

import json
from collections.abc import Iterable, Sequence

from tf.gen import tfplugin_pb2 as pb  # pyright: ignore[reportMissingTypeStubs]

from rehearsal.resource_types.rules import TypeRules
from rehearsal.resource_types.schema import Attribute, Body, NestedBlock, TypeSchema

NESTING = {
    "single": pb.Schema.NestedBlock.SINGLE,
    "list": pb.Schema.NestedBlock.LIST,
    "set": pb.Schema.NestedBlock.SET,
}
# `bool write_only = 11` of Schema.Attribute, which the installed stubs don't know.
WRITE_ONLY = b"\x58\x01"


def schema_message(schema: TypeSchema, rules: TypeRules) -> pb.Schema:
    """
    Describe a type to Terraform.
    """
    block = _block(schema.body, (), rules)
    return pb.Schema(version=schema.version, block=block)


def empty_schema() -> pb.Schema:
    """
    Describe a type without attributes.
    """
    return pb.Schema(block=pb.Schema.Block())


def _block(body: Body, path: tuple[str, ...], rules: TypeRules) -> pb.Schema.Block:
    return pb.Schema.Block(
        attributes=[_attribute(a) for a in body.attributes.values()],
        block_types=[_nested(b, path, rules) for b in body.blocks.values()],
    )


def _attribute(attribute: Attribute) -> pb.Schema.Attribute:
    message = pb.Schema.Attribute(
        name=attribute.name,
        type=json.dumps(attribute.type, separators=(",", ":")).encode(),
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
    )
    if attribute.write_only:
        message.MergeFromString(WRITE_ONLY)
    return message


def _nested(
    block: NestedBlock, path: tuple[str, ...], rules: TypeRules
) -> pb.Schema.NestedBlock:
    inner = (*path, block.name)
    dotted = ".".join(inner)
    single = block.nesting == "single"
    # Fewest items are for Terraform to check where there must be some at all.
    fewest = block.min_items and rules.min_items.get(dotted, block.min_items)
    return pb.Schema.NestedBlock(
        type_name=block.name,
        block=_block(block.body, inner, rules),
        nesting=NESTING[block.nesting],
        min_items=fewest,
        max_items=0 if single else rules.max_items.get(dotted, block.max_items),
    )


def path_message(path: Sequence[str | int]) -> pb.AttributePath:
    """
    Point at a part of a value.
    """
    return pb.AttributePath(
        steps=[
            pb.AttributePath.Step(attribute_name=step)
            if isinstance(step, str)
            else pb.AttributePath.Step(element_key_int=step)
            for step in path
        ]
    )


def error(
    summary: str, detail: str = "", path: Sequence[str | int] = ()
) -> pb.Diagnostic:
    """
    Say what stops Terraform.
    """
    return _diagnostic(pb.Diagnostic.ERROR, summary, detail, path)


def warning(
    summary: str, detail: str = "", path: Sequence[str | int] = ()
) -> pb.Diagnostic:
    """
    Say what doesn't stop Terraform.
    """
    return _diagnostic(pb.Diagnostic.WARNING, summary, detail, path)


def _diagnostic(
    severity: pb.Diagnostic.Severity,
    summary: str,
    detail: str,
    path: Sequence[str | int],
) -> pb.Diagnostic:
    return pb.Diagnostic(
        severity=severity,
        summary=summary,
        detail=detail,
        attribute=path_message(path) if path else None,
    )


def paths_message(paths: Iterable[Sequence[str | int]]) -> list[pb.AttributePath]:
    """
    Point at several parts of a value.
    """
    return [path_message(path) for path in paths]
