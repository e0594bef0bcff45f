"""
Check the tags of a resource.

Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from rehearsal.validation.problems import Config, Problem, shown

MOST_TAGS = 50
LONGEST_KEY = 128
LONGEST_VALUE = 256
RESERVED = "aws:"

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
MOST_OBJECT_TAGS = 10


def check_tags(config: Config) -> Iterator[Problem]:
    """
    List what is wrong with the tags.
    """
    return _check(config.get("tags"), ("tags",), MOST_TAGS)


def check_object_tags(config: Config) -> Iterator[Problem]:
    """
    List what is wrong with the tags of an S3 object.
    """
    return _check(config.get("tags"), ("tags",), MOST_OBJECT_TAGS)


def check_default_tags(config: Config) -> Iterator[Problem]:
    """
    List what is wrong with the provider's default tags.
    """
    blocks = config.get("default_tags")
    if isinstance(blocks, list):
        for index, block in enumerate(cast("list[object]", blocks)):
            if isinstance(block, Mapping):
                tags = cast("Config", block).get("tags")
                yield from _check(tags, ("default_tags", index, "tags"), MOST_TAGS)


def _check(tags: object, path: tuple[str | int, ...], most: int) -> Iterator[Problem]:
    if not isinstance(tags, Mapping):
        return
    found = cast("Mapping[str, object]", tags)
    if len(found) > most:
        detail = f"tags must be at most {most}; got {len(found)}"
        yield Problem(path, f"too many tags ({len(found)})", detail)
    for key, value in found.items():
        if fault := _fault_of(key, value):
            yield Problem(path, f"invalid tag {shown(key)}", f"a tag's {fault}")


def _fault_of(key: str, value: object) -> str | None:
    if not 1 <= len(key) <= LONGEST_KEY:
        return f"key must have 1 to {LONGEST_KEY} characters; got {shown(key)}"
    if key.lower().startswith(RESERVED):
        return (
            f"key must not begin with {RESERVED}, which is AWS's own; got {shown(key)}"
        )
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"value must have at most {LONGEST_VALUE} characters; got {shown(value)}"
    return None


TAGS: Final = check_tags
