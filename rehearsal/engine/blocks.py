"""
Read the blocks of Terraform's language: what a configuration names, not what it means.

Sources: https://developer.hashicorp.com/terraform/language/syntax/configuration and
https://developer.hashicorp.com/terraform/language/syntax/json
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

# How many labels the blocks at the top of a file have; JSON nests them as keys.
LABELS = {
    "check": 1,
    "data": 2,
    "ephemeral": 2,
    "import": 0,
    "locals": 0,
    "module": 1,
    "moved": 0,
    "output": 1,
    "provider": 1,
    "removed": 0,
    "resource": 2,
    "terraform": 0,
    "variable": 1,
}
# Of the blocks inside of others, those that a rehearsal looks at.
INNER_LABELS = {
    "backend": 1,
    "cloud": 0,
    "provisioner": 1,
    "required_providers": 0,
}

_SPACE = re.compile(r"(?:[\s,]|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_BLANK = re.compile(r"(?:[ \t\r]|/\*.*?\*/)+", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w-]*")
_HEREDOC = re.compile(r"<<-?([^\W\d][\w-]*)[ \t]*\r?\n")
_COMMENT = re.compile(r"#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_PLAIN = re.compile(r"[^\"\\$%]+")
_LITERAL = re.compile(r'"((?:[^"\\$%]|\\.)*)"')
_CLOSING = {"{": "}", "[": "]", "(": ")"}


class UnreadableError(ValueError):
    """
    Say that a text is not the language, as far as it is known here.

    Attributes:
        line: the number of the line.

    Args:
        line: the number of the line.
    """

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    A block: its kind, its labels and what is in it.

    Args:
        kind: the word that it begins with, such as `resource`.
        labels: the texts after it.
        attributes: its arguments as written: a value of JSON, or an expression's text.
        blocks: the blocks in it.
    """

    kind: str
    labels: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict[str, object])
    blocks: tuple["Block", ...] = ()

    def find(self, kind: str) -> Iterator["Block"]:
        """
        Yield the blocks of a kind in this one.
        """
        return (block for block in self.blocks if block.kind == kind)

    def text(self, name: str) -> str | None:
        """
        Return the argument *name* when it is a text without a template.
        """
        value = self.attributes.get(name)
        return value if isinstance(value, str) else None

    def word(self, name: str) -> str | None:
        """
        Return what the argument *name* begins with: a reference's first name.
        """
        value = self.attributes.get(name)
        source = value.source if isinstance(value, Expression) else value
        found = _NAME.match(source) if isinstance(source, str) else None
        return found.group() if found else None


@dataclass(frozen=True, slots=True)
class Expression:
    """
    An argument that is more than a literal text.

    Args:
        source: how it is written.
    """

    source: str


def read_native(text: str) -> list[Block]:
    """
    Read the blocks of a `.tf` file.

    Raises:
        UnreadableError: the text is not the language.
    """
    return list(_Native(text.removeprefix("\ufeff")).read_body(closing="").blocks)


def read_json(text: str) -> list[Block]:
    """
    Read the blocks of a `.tf.json` file.

    Raises:
        UnreadableError: the text is not JSON, or not an object.
    """
    try:
        content: object = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise UnreadableError(error.lineno) from error
    if not isinstance(content, dict):
        raise UnreadableError(1)
    members = cast("dict[str, object]", content)
    return [
        block
        for kind, value in members.items()
        if kind in LABELS
        for block in _json_blocks(kind, value, LABELS[kind])
    ]


class _Native:
    """
    Read Terraform's native syntax from one position on.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read_body(self, *, closing: str) -> Block:
        attributes: dict[str, object] = {}
        blocks: list[Block] = []
        while True:
            self._skip(_SPACE)
            if self._at >= len(self._text):
                if closing:
                    raise self._unreadable()
                break
            if closing and self._text[self._at] == closing:
                self._at += 1
                break
            name = self._read_name()
            if self._peek() == "=":
                self._at += 1
                attributes[name] = self._read_value()
            else:
                blocks.append(self._read_block(name))
        return Block(kind="", attributes=attributes, blocks=tuple(blocks))

    def _read_block(self, kind: str) -> Block:
        labels: list[str] = []
        while (character := self._peek()) != "{":
            if character == '"':
                start = self._at
                self._pass_text()
                labels.append(_unescaped(self._text[start + 1 : self._at - 1]))
            else:
                labels.append(self._read_name())
        self._at += 1
        body = self.read_body(closing="}")
        return Block(
            kind=kind,
            labels=tuple(labels),
            attributes=body.attributes,
            blocks=body.blocks,
        )

    def _read_value(self) -> object:
        self._skip(_BLANK)
        start = self._at
        literal = _LITERAL.match(self._text, start)
        self._pass_expression()
        source = self._text[start : self._at].strip()
        if literal and literal.group() == source:
            return _unescaped(literal.group(1))
        return Expression(source)

    def _pass_expression(self) -> None:
        """
        Go to the end of an expression: a newline outside of all brackets, or a bracket
        that the expression did not open.
        """
        open_brackets: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            if not open_brackets and self._is_at_end(character):
                return
            if character == '"':
                self._pass_text()
            elif self._pass(_HEREDOC):
                self._pass_heredoc()
            elif not self._pass(_COMMENT):
                self._pass_character(character, open_brackets)
        if open_brackets:
            raise self._unreadable()

    def _is_at_end(self, character: str) -> bool:
        is_comment = self._text.startswith(("#", "//"), self._at)
        return is_comment or character in "\n,}])"

    def _pass_character(self, character: str, open_brackets: list[str]) -> None:
        if character in _CLOSING:
            open_brackets.append(_CLOSING[character])
        elif character in "}])" and open_brackets.pop() != character:
            raise self._unreadable()
        self._at += 1

    def _pass_text(self) -> None:
        """
        Go past a text in quotes, with the templates in it.
        """
        self._at += 1
        while self._at < len(self._text):
            self._skip(_PLAIN)
            pair = self._text[self._at : self._at + 2]
            if pair[:1] == '"':
                self._at += 1
                return
            if pair in {"${", "%{"}:
                self._pass_template()
            elif (
                pair in {"$$", "%%"} and self._text[self._at + 2 : self._at + 3] == "{"
            ):
                self._at += 3
            else:
                self._at += 2 if pair[:1] == "\\" else 1
        raise self._unreadable()

    def _pass_template(self) -> None:
        self._at += 2
        while True:
            self._pass_expression()
            if self._at >= len(self._text):
                raise self._unreadable()
            self._at += 1
            if self._text[self._at - 1] == "}":
                return

    def _pass_heredoc(self) -> None:
        word = self._text[: self._at].rstrip().rpartition("<<")[2].lstrip("-")
        end = re.compile(rf"^[ \t]*{re.escape(word)}[ \t]*\r?$", re.MULTILINE)
        found = end.search(self._text, self._at)
        if found is None:
            raise self._unreadable()
        self._at = found.end()

    def _read_name(self) -> str:
        found = _NAME.match(self._text, self._at)
        if found is None:
            raise self._unreadable()
        self._at = found.end()
        return found.group()

    def _peek(self) -> str:
        self._skip(_BLANK)
        return self._text[self._at : self._at + 1]

    def _pass(self, pattern: re.Pattern[str]) -> bool:
        before = self._at
        self._skip(pattern)
        return self._at > before

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _unreadable(self) -> UnreadableError:
        return UnreadableError(self._text.count("\n", 0, self._at) + 1)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"')) if "\\" in text else text
    except json.JSONDecodeError:
        return text


def _json_blocks(kind: str, value: object, labels: int) -> Iterator[Block]:
    """
    Yield the blocks that a member of a JSON file stands for.

    An array stands for several blocks, at each level.
    """
    for each in _listed(value):
        if not isinstance(each, dict):
            continue
        members = cast("dict[str, object]", each)
        if labels == 0:
            yield _json_block(kind, members)
            continue
        for label, inner in members.items():
            if label != "//":
                for block in _json_blocks(kind, inner, labels - 1):
                    yield Block(
                        kind=kind,
                        labels=(label, *block.labels),
                        attributes=block.attributes,
                        blocks=block.blocks,
                    )


def _json_block(kind: str, members: dict[str, object]) -> Block:
    inner = [name for name in members if name in INNER_LABELS and kind in _HOLDERS]
    return Block(
        kind=kind,
        attributes={k: v for k, v in members.items() if k not in {*inner, "//"}},
        blocks=tuple(
            block
            for name in inner
            for block in _json_blocks(name, members[name], INNER_LABELS[name])
        ),
    )


_HOLDERS = frozenset({"resource", "terraform"})


def _listed(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]
