"""
Where a Terraform state lies, in words and as seen from a folder.
"""

from pathlib import Path

import pytest

from modules.remote_state import AnyState, CloudState, LocalState, S3State

S3 = S3State(backend="s3", bucket="states", key="a/b.tfstate", region="eu-west-1")
CLOUD = CloudState(backend="cloud", organization="acme", workspace="network")


@pytest.mark.parametrize(
    ("state", "location"),
    [
        (
            LocalState.model_construct(backend="local", path=Path("/x/n.tfstate")),
            "the local state /x/n.tfstate",
        ),
        (S3, "the S3 state s3://states/a/b.tfstate in eu-west-1"),
        (CLOUD, "the state of workspace acme/network on app.terraform.io"),
        (
            CLOUD.model_copy(update={"hostname": "tfe.example.com"}),
            "the state of workspace acme/network on tfe.example.com",
        ),
    ],
)
def test_names_its_place(state: AnyState, location: str) -> None:
    """A sentence can name the place of a state in full."""
    assert location == state.location


@pytest.mark.parametrize(
    ("path", "directory", "seen"),
    [
        (
            "/p/environments/n.tfstate",
            "/p/cdktf.out/stacks/local",
            "../../../environments/n.tfstate",
        ),
        (
            "/elsewhere/n.tfstate",
            "/p/cdktf.out/stacks/local",
            "../../../../elsewhere/n.tfstate",
        ),
        ("/p/n.tfstate", "/p", "n.tfstate"),
    ],
)
def test_local_state_is_seen_from_a_folder(
    path: str, directory: str, seen: str
) -> None:
    """A file's path is relative to the folder in which Terraform runs."""
    state = LocalState.model_construct(backend="local", path=Path(path))

    assert Path(seen) == state.seen_from(Path(directory)).path
    assert Path(path) == state.path


@pytest.mark.parametrize("state", [S3, CLOUD])
def test_other_states_look_the_same_from_everywhere(
    state: S3State | CloudState,
) -> None:
    """A bucket and a workspace have no folder."""
    assert state is state.seen_from(Path("/anywhere"))
