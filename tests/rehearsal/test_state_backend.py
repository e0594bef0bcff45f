"""
The backend that keeps the states of rehearsals.
"""

import base64
import socket
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from rehearsal.engine.state_backend import StateBackend, serve_states


def request(
    environ: dict[str, str],
    method: str,
    body: str | None = None,
    *,
    password: str | None = None,
) -> tuple[int, str]:
    """
    Ask as Terraform does with these variables.
    """
    place = urlsplit(environ["TF_HTTP_ADDRESS"])
    secret = environ["TF_HTTP_PASSWORD"] if password is None else password
    token = base64.b64encode(
        f"{environ['TF_HTTP_USERNAME']}:{secret}".encode()
    ).decode()
    connection = HTTPConnection(f"{place.hostname}:{place.port}", timeout=5)
    connection.request(
        method, place.path, body=body, headers={"Authorization": f"Basic {token}"}
    )
    answer = connection.getresponse()
    result = answer.status, answer.read().decode()
    connection.close()
    return result


def test_keeps_states_by_their_names() -> None:
    """A state that nobody wrote is not there; each name has its own."""
    with serve_states() as backend:
        dev, prod = backend.environment("dev"), backend.environment("prod")

        assert (404, "") == request(dev, "GET")
        assert (200, "") == request(dev, "POST", "state")
        assert (200, "state") == request(dev, "GET")
        assert (404, "") == request(prod, "GET")
        assert b"state" == backend.get("dev")
        backend.put("prod", b"other")
        assert (200, "other") == request(prod, "GET")
        assert (200, "") == request(dev, "DELETE")
        assert None is backend.get("dev")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_fails_when_the_password_is_wrong(method: str) -> None:
    """Others on this machine neither read nor change a state."""
    with serve_states() as backend:
        backend.put("dev", b"state")

        status, answer = request(
            backend.environment("dev"),
            method,
            "other",
            password="guess",  # noqa: S106
        )

        assert (401, "") == (status, answer)
        assert b"state" == backend.get("dev")


def test_listens_on_this_machine_only_and_not_longer_than_asked() -> None:
    """The port is another one each time, and closed in the end."""
    with serve_states() as backend:
        place = urlsplit(backend.environment("dev")["TF_HTTP_ADDRESS"])

        assert "127.0.0.1" == backend.server_address[0]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", place.port or 0), timeout=1)


def test_each_has_another_password() -> None:
    """Passwords are made up anew."""
    with serve_states() as one, serve_states() as other:
        names = [b.environment("a")["TF_HTTP_PASSWORD"] for b in (one, other)]

        assert names[0] != names[1]
        assert isinstance(one, StateBackend)
