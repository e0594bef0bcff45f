"""
Define the site's files in the bucket.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cdktf
from constructs import Construct

from modules import aws
from modules.expressions import jsonencode
from modules.site_files import REVALIDATE, RUNTIME_CONFIG_KEY, SiteFile


class SiteObjects(Construct):
    """
    Define one S3 object for each file, and `config.json` with the run-time values.

    A page is uploaded after everything that it may load: the pages wait for
    `config.json`, and that for all other files. What the new pages no longer load goes
    after them, since those files alone are replaced by a new one first.

    Args:
        bucket_name: the bucket.
        directory: the folder that holds the files; it is copied beside the stack.
        files: the files to upload.
        runtime_config: what pages read at run time; values may be references.
        after: what must be set on the bucket before a file is in it, and until the last
            one is gone. Defaults to nothing.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        directory: Path,
        files: Sequence[SiteFile],
        runtime_config: Mapping[str, str],
        after: Sequence[cdktf.ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        self._bucket_name = bucket_name
        # A constant hash: with the folder's own, one changed file would give every
        # object another source.
        self._directory = cdktf.TerraformAsset(
            self,
            "Files",
            path=str(directory.absolute()),
            type=cdktf.AssetType.DIRECTORY,
            asset_hash="files",
        ).path
        # Terraform then replaces all that these depend on by a new one first, too:
        # pages and config.json lead to the stage, which can't exist twice.
        new_first = cdktf.TerraformResourceLifecycle(create_before_destroy=True)
        others = [
            self._define_object(file, after=after, lifecycle=new_first)
            for file in files
            if not file.is_page
        ]
        config = self._define_runtime_config(runtime_config, [*after, *others])
        for file in files:
            if file.is_page:
                self._define_object(file, after=[config])

    def _define_object(
        self,
        file: SiteFile,
        *,
        after: Sequence[cdktf.ITerraformDependable],
        lifecycle: cdktf.TerraformResourceLifecycle | None = None,
    ) -> aws.S3Object:
        return aws.S3Object(
            self,
            object_id(file.key),
            bucket=self._bucket_name,
            key=file.key,
            source=f"{self._directory}/{file.key}",
            source_hash=file.sha256,
            content_type=file.content_type,
            cache_control=file.cache_control,
            depends_on=list(after) or None,
            lifecycle=lifecycle,
        )

    def _define_runtime_config(
        self, values: Mapping[str, str], after: Sequence[cdktf.ITerraformDependable]
    ) -> aws.S3Object:
        return aws.S3Object(
            self,
            object_id(RUNTIME_CONFIG_KEY),
            bucket=self._bucket_name,
            key=RUNTIME_CONFIG_KEY,
            content=jsonencode(self, values),
            content_type="application/json",
            cache_control=REVALIDATE,
            depends_on=list(after) or None,
        )


def object_id(key: str) -> str:
    """
    Return a construct id for a key, another one for each key.

    Construct ids can hold no slash; `~1` is JSON Pointer's spelling of one.
    """
    return key.replace("~", "~0").replace("/", "~1")
