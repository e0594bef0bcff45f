"""
The site's files in the bucket.
"""

from pathlib import Path

import cdktf
import pytest

from modules.site_files import read_site
from modules.site_objects import SiteObjects, object_id
from tests.synth import Config, decoded, new_stack, synth

FILES = {
    "index.html": "<p>index</p>",
    "a/page.html": "<p>page</p>",
    "app.js": "1",
    "a/app.js": "2",
    "a~1app.js": "3",
    "assets/index-DqJ3xW9z.js": "4",
}


def write_files(directory: Path, files: dict[str, str]) -> Path:
    for key, text in files.items():
        file = directory / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return directory


def synth_objects(directory: Path) -> dict[str, Config]:
    stack = new_stack()
    reference = cdktf.TerraformLocal(stack, "pool", "x").as_string
    SiteObjects(
        stack,
        "Site",
        bucket_name="b",
        directory=directory,
        files=read_site(directory),
        runtime_config={"userPoolId": reference, "region": "eu-west-1"},
    )
    objects = synth(stack)["resource"]["aws_s3_object"]
    return {entry["key"]: {**entry, "name": name} for name, entry in objects.items()}


@pytest.fixture(name="objects")
def _objects(tmp_path: Path) -> dict[str, Config]:
    return synth_objects(write_files(tmp_path, FILES))


def test_each_file_is_an_object(objects: dict[str, Config]) -> None:
    """Each file is one object, whatever its name has in common with another's."""
    assert {*FILES, "config.json"} == set(objects)


def test_default(objects: dict[str, Config]) -> None:
    """An object has its type, cache rule and hash, and goes after what replaces it."""
    script = objects["assets/index-DqJ3xW9z.js"]
    source = script.pop("source")
    name = script.pop("name")

    assert name.startswith("Site_assets1index-DqJ3xW9zjs_")
    assert source.endswith("/files/assets/index-DqJ3xW9z.js")
    assert script == {
        "bucket": "b",
        "key": "assets/index-DqJ3xW9z.js",
        "source_hash": (
            "4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a"
        ),
        "content_type": "text/javascript; charset=utf-8",
        "cache_control": "public, max-age=31536000, immutable",
        "lifecycle": {"create_before_destroy": True},
    }


def test_pages_never_exist_twice(objects: dict[str, Config]) -> None:
    """
    The stage, which pages depend on, can't have two of its name.

    Terraform replaces whatever a create-before-destroy resource depends on in the same
    order: a stage that failed half-way could then never be made again.
    """
    assert {key for key, entry in objects.items() if "lifecycle" in entry} == {
        "a/app.js",
        "a~1app.js",
        "app.js",
        "assets/index-DqJ3xW9z.js",
    }


def test_pages_come_last(objects: dict[str, Config]) -> None:
    """Pages wait for the run-time values, and those for every other file."""
    config = f"aws_s3_object.{objects['config.json']['name']}"
    others = ["a/app.js", "app.js", "assets/index-DqJ3xW9z.js", "a~1app.js"]

    assert objects["index.html"]["depends_on"] == [config]
    assert objects["a/page.html"]["depends_on"] == [config]
    assert sorted(objects["config.json"]["depends_on"]) == sorted(
        f"aws_s3_object.{objects[key]['name']}" for key in others
    )
    assert "depends_on" not in objects["app.js"]


def test_runtime_values_are_generated(objects: dict[str, Config]) -> None:
    """The generated object holds literals and references, and is never cached."""
    config = objects["config.json"]

    assert decoded(config["content"]) == {
        "userPoolId": "${local.pool}",
        "region": "eu-west-1",
    }
    assert config["content_type"] == "application/json"
    assert config["cache_control"] == "no-cache"
    assert "source" not in config


def test_a_changed_file_changes_its_own_object_only(
    objects: dict[str, Config], tmp_path: Path
) -> None:
    """Another file's bytes leave an object as it was."""
    changed = synth_objects(write_files(tmp_path, {"app.js": "changed"}))

    assert [key for key in objects if objects[key] != changed[key]] == ["app.js"]


def test_files_are_copied_beside_the_stack(tmp_path: Path) -> None:
    """What was synthesised is whole: it needs nothing outside its folder."""
    site = write_files(tmp_path / "site", FILES)
    app = cdktf.App(outdir=str(tmp_path / "out"), skip_validation=True)
    stack = cdktf.TerraformStack(app, "test")
    SiteObjects(
        stack,
        "Site",
        bucket_name="b",
        directory=site,
        files=read_site(site),
        runtime_config={},
    )
    app.synth()
    copied = list((tmp_path / "out/stacks/test/assets").glob("*/files"))

    assert len(copied) == 1
    for key, text in FILES.items():
        assert (copied[0] / key).read_text() == text


@pytest.mark.parametrize(
    ("key", "expected"),
    [("a.js", "a.js"), ("a/b.js", "a~1b.js"), ("a~1b.js", "a~01b.js")],
)
def test_object_id(key: str, expected: str) -> None:
    """Every key has an id of its own."""
    assert expected == object_id(key)
