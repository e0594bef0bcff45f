"""
What is read of Terraform's language, in both of its forms.
"""

import json

import pytest

from rehearsal.engine.blocks import (
    Block,
    Expression,
    UnreadableError,
    read_json,
    read_native,
)

NATIVE = """
terraform {
  required_version = ">= 1.11" # a comment with a { brace
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
  backend "s3" { key = "a/b" }
}
/* resource "aws_not" "this" { */
resource "aws_s3_object" "page" {
  // another {
  for_each = { for name in fileset("site", "**") : name => "${path.module}/}{${name}" }
  content  = <<-EOT
    } resource "aws_not" "that" {
    EOT
  tags     = merge(var.tags, { "Na}me" = "x" })
  lifecycle { create_before_destroy = true }
}
module "network" { source = "../network" }
"""


def test_reads_blocks_with_their_labels() -> None:
    """Comments, texts, templates and heredocs hide the braces that are in them."""
    blocks = read_native(NATIVE)

    assert [
        ("terraform", ()),
        ("resource", ("aws_s3_object", "page")),
        ("module", ("network",)),
    ] == [(block.kind, block.labels) for block in blocks]


def test_reads_what_is_in_a_block() -> None:
    """Literal texts are texts, everything else is its source."""
    terraform, page, module = read_native(NATIVE)

    assert ["required_providers", "backend"] == [b.kind for b in terraform.blocks]
    assert {"required_version": ">= 1.11"} == terraform.attributes
    assert {
        "aws": Expression('{ source = "hashicorp/aws", version = "~> 6.0" }')
    } == terraform.blocks[0].attributes
    assert (
        Block(kind="backend", labels=("s3",), attributes={"key": "a/b"})
        == terraform.blocks[1]
    )
    assert ["for_each", "content", "tags"] == list(page.attributes)
    assert "../network" == module.text("source")
    assert None is page.text("tags")
    assert "merge" == page.word("tags")


def test_reads_the_same_from_json() -> None:
    """Labels are keys, and an array stands for several blocks."""
    content: dict[str, object] = {
        "//": {"metadata": {}},
        "terraform": {"backend": {"s3": {"key": "a/b"}}},
        "provider": {"aws": [{"region": "x"}, {"alias": "y"}]},
        "resource": [
            {"aws_s3_object": {"page": {"//": {}, "content": "${local.a}"}}},
            {"aws_s3_bucket": {"site": [{"provisioner": {"local-exec": {}}}]}},
        ],
    }

    blocks = read_json(json.dumps(content))

    assert [
        Block(
            kind="terraform",
            blocks=(Block(kind="backend", labels=("s3",), attributes={"key": "a/b"}),),
        ),
        Block(kind="provider", labels=("aws",), attributes={"region": "x"}),
        Block(kind="provider", labels=("aws",), attributes={"alias": "y"}),
        Block(
            kind="resource",
            labels=("aws_s3_object", "page"),
            attributes={"content": "${local.a}"},
        ),
        Block(
            kind="resource",
            labels=("aws_s3_bucket", "site"),
            blocks=(Block(kind="provisioner", labels=("local-exec",)),),
        ),
    ] == blocks


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('resource "a" "b" {', 1),
        ('\nresource "a" "b {\n}', 3),
        ("a = [\n1\n", 3),
        ("a = (1]\n", 1),
        ("a = <<EOT\nx\n", 2),
        ("\n\n= 1", 3),
    ],
)
def test_fails_when_the_text_is_not_the_language(text: str, line: int) -> None:
    """What cannot be read is an error, so that nothing is overlooked."""
    with pytest.raises(UnreadableError) as raised:
        read_native(text)

    assert line == raised.value.line


@pytest.mark.parametrize(("text", "line"), [("{\n,", 2), ("[]", 1)])
def test_fails_when_the_text_is_not_an_object_of_json(text: str, line: int) -> None:
    """Terraform takes objects only."""
    with pytest.raises(UnreadableError) as raised:
        read_json(text)

    assert line == raised.value.line
