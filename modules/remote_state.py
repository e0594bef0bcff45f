"""
Where a Terraform state lies: values shared by the settings and the constructs.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from modules.errors import file_label
from modules.settings_types import (
    BucketName,
    EnvironmentPath,
    Host,
    Region,
    RoleArn,
    Section,
    StateKey,
)


def _is_a_lasting_file(path: Path) -> Path:
    if path.is_dir() or "cdktf.out" in path.parts:
        msg = "must be a file outside of cdktf.out, which is written anew"
        raise ValueError(msg)
    return path


class LocalState(Section):
    """
    A state file on this machine.
    """

    backend: Literal["local"]
    """Where the state lies: `local`, a file."""
    path: Annotated[EnvironmentPath, AfterValidator(_is_a_lasting_file)]
    """The state file, relative to the environment file."""

    @property
    def location(self) -> str:
        """
        Name the place for a sentence.
        """
        return f"the local state {file_label(self.path)}"

    def seen_from(self, directory: Path) -> Self:
        """
        Return the same state with its path relative to a directory.

        Terraform resolves the path from the folder in which it runs; a relative one
        keeps the synthesised configuration equal on every machine.
        """
        relative = Path(os.path.relpath(self.path, directory))
        return self.model_copy(update={"path": relative})


class S3State(Section):
    """
    A state object in S3.
    """

    backend: Literal["s3"]
    """Where the state lies: `s3`, an object in a bucket."""
    bucket: BucketName
    """The bucket's name."""
    key: StateKey
    """The object's key."""
    region: Region
    """The bucket's region."""
    role_arn: RoleArn | None = None
    """The IAM role to assume for the bucket. Defaults to Terraform's credentials."""

    @property
    def location(self) -> str:
        """
        Name the place for a sentence.
        """
        return f"the S3 state s3://{self.bucket}/{self.key} in {self.region}"

    def seen_from(self, _directory: Path) -> Self:
        """
        Return the state itself: no directory matters to its place.
        """
        return self


class CloudState(Section):
    """
    The state of a workspace of HCP Terraform or Terraform Enterprise.
    """

    backend: Literal["cloud"]
    """Where the state lies: `cloud`, a workspace of HCP Terraform."""
    organization: Annotated[str, Field(min_length=1)]
    """The organization's name."""
    workspace: Annotated[str, Field(min_length=1)]
    """The workspace's name."""
    hostname: Host = "app.terraform.io"
    """The host that keeps the workspace. Defaults to HCP Terraform's."""

    @property
    def location(self) -> str:
        """
        Name the place for a sentence.
        """
        return (
            f"the state of workspace {self.organization}/{self.workspace} "
            f"on {self.hostname}"
        )

    def seen_from(self, _directory: Path) -> Self:
        """
        Return the state itself: no directory matters to its place.
        """
        return self


AnyState = LocalState | S3State | CloudState
