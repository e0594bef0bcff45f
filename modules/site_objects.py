"""
Define the site's files in the bucket.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import cdktf
from constructs import Construct

from modules import aws
from modules.expressions import jsonencode
from modules.site_files import REVALIDATE, RUNTIME_CONFIG_KEY, SiteFile


class SiteObjects(Construct):
    """
    Define one S3 object for each file, and `config.json` with the run-time values.

    A page is uploaded after everything that it may load, and what a new page no longer
    loads goes after it: the pages wait for `config.json`, and that for all other files.

    Args:
        bucket_name: the bucket.
        directory: the folder that holds the files; it is copied beside the stack.
        files: the files to upload.
        runtime_config: what pages read at run time; values may be references.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        directory: Path,
        files: Iterable[SiteFile],
        runtime_config: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        self._bucket_name = bucket_name
        # A constant hash: with the folder's own, one changed file would give every
        # object another source.
        self._asset = cdktf.TerraformAsset(
            self,
            "Files",
            path=str(directory.absolute()),
            type=cdktf.AssetType.DIRECTORY,
            asset_hash="files",
        )
        ordered = sorted(files, key=lambda file: file.is_page)
        others = [self._define_object(file) for file in ordered if not file.is_page]
        config = self._define_runtime_config(runtime_config, others)
        for file in ordered:
            if file.is_page:
                self._define_object(file, after=config)

    def _define_object(
        self, file: SiteFile, after: aws.S3Object | None = None
    ) -> aws.S3Object:
        return aws.S3Object(
            self,
            object_id(file.key),
            bucket=self._bucket_name,
            key=file.key,
            source=f"{self._asset.path}/{file.key}",
            source_hash=file.sha256,
            content_type=file.content_type,
            cache_control=file.cache_control,
            depends_on=[after] if after is not None else None,
            lifecycle=cdktf.TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _define_runtime_config(
        self, values: Mapping[str, str], after: list[aws.S3Object]
    ) -> aws.S3Object:
        return aws.S3Object(
            self,
            object_id(RUNTIME_CONFIG_KEY),
            bucket=self._bucket_name,
            key=RUNTIME_CONFIG_KEY,
            content=jsonencode(self, values),
            content_type="application/json",
            cache_control=REVALIDATE,
            depends_on=after or None,
            lifecycle=cdktf.TerraformResourceLifecycle(create_before_destroy=True),
        )


def object_id(key: str) -> str:
    """
    Return a construct id for a key, another one for each key.

    Construct ids can hold no slash; `~1` is JSON Pointer's spelling of one.
    """
    return key.replace("~", "~0").replace("/", "~1")
