"""
Keep the state of a rehearsal in memory, where only its own Terraform reaches it.

Terraform's local backend writes the whole file after each resource; through its `http`
backend it writes every 20 seconds and at the end:
https://developer.hashicorp.com/terraform/language/backend/http
"""

import base64
import hmac
import secrets
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

ADDRESS = "127.0.0.1"
USER = "rehearsal"


class StateBackend(ThreadingHTTPServer):
    """
    States by name, for whoever knows the password.

    Args:
        password: what Terraform must say.
    """

    daemon_threads = True

    def __init__(self, password: str) -> None:
        super().__init__((ADDRESS, 0), _Exchange)
        self._password = password
        credentials = f"{USER}:{password}".encode()
        self._expected = b"Basic " + base64.b64encode(credentials)
        self._states: dict[str, bytes] = {}

    def environment(self, name: str) -> dict[str, str]:
        """
        Return the variables that lead Terraform to a state.
        """
        return {
            "TF_HTTP_ADDRESS": f"http://{ADDRESS}:{self.server_port}/{name}",
            "TF_HTTP_USERNAME": USER,
            "TF_HTTP_PASSWORD": self._password,
            "TF_HTTP_RETRY_MAX": "0",
        }

    def get(self, name: str) -> bytes | None:
        """
        Return a state as Terraform wrote it, or none.
        """
        return self._states.get(name)

    def put(self, name: str, state: bytes | None) -> None:
        """
        Set or forget a state.
        """
        if state is None:
            self._states.pop(name, None)
        else:
            self._states[name] = state

    def admits(self, authorization: str) -> bool:
        """
        Tell whether a request comes from the rehearsal's own Terraform.
        """
        return hmac.compare_digest(authorization.encode(), self._expected)


class _Exchange(BaseHTTPRequestHandler):
    """
    Answer one connection of Terraform's `http` backend.
    """

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        # An answer is two small writes; Nagle's algorithm would hold back the second.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        if self._is_admitted():
            state = self._states.get(self._name)
            missing = HTTPStatus.NOT_FOUND
            self._answer(missing if state is None else HTTPStatus.OK, state or b"")

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._is_admitted():
            self._states.put(self._name, content)
            self._answer(HTTPStatus.OK)

    def do_DELETE(self) -> None:
        if self._is_admitted():
            self._states.put(self._name, None)
            self._answer(HTTPStatus.OK)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """
        Write nothing: a request is no line for a person.
        """

    @property
    def _states(self) -> StateBackend:
        return cast("StateBackend", self.server)

    @property
    def _name(self) -> str:
        return self.path.removeprefix("/")

    def _is_admitted(self) -> bool:
        admitted = self._states.admits(self.headers.get("Authorization") or "")
        if not admitted:
            self.close_connection = True
            self._answer(HTTPStatus.UNAUTHORIZED)
        return admitted

    def _answer(self, status: HTTPStatus, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serve_states() -> Generator[StateBackend]:
    """
    Serve states until the context ends, at a port and with a password made up here.
    """
    with StateBackend(secrets.token_urlsafe(32)) as backend:
        thread = threading.Thread(
            target=backend.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield backend
        finally:
            backend.shutdown()
            thread.join()
