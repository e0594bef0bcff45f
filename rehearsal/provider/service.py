"""
Offer the provider over gRPC, as Terraform's plugin protocol wants it.

https://github.com/hashicorp/go-plugin/blob/v1.6.3/docs/internals.md
"""

# The gRPC package has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportMissingTypeStubs=false, reportUnknownArgumentType=false

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, cast

import grpc
from tf.gen import tfplugin_pb2 as pb

from rehearsal.provider.provider import CALLS, Provider

SERVICE = "tfplugin6.Provider"

# More threads only wait for each other.
WORKERS = 4

# The body of an API or a page may be longer than gRPC's usual limit of 4 MiB.
OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.so_reuseport", 0),
)

CERTIFICATE_NAME = "localhost"
CERTIFICATE_VALIDITY = timedelta(days=7)


class Serving(Protocol):
    """
    A gRPC server.
    """

    def start(self) -> None:
        """
        Begin to answer.
        """

    def stop(self, grace: float | None) -> object:
        """
        Answer no more.
        """


def _provider_handler(provider: Provider) -> grpc.GenericRpcHandler:
    handlers = {
        call: grpc.unary_unary_rpc_method_handler(
            _taking_request(getattr(provider, method)),
            request_deserializer=getattr(pb, call).Request.FromString,
            response_serializer=getattr(pb, call).Response.SerializeToString,
        )
        for call, method in CALLS.items()
    }
    return grpc.method_handlers_generic_handler(SERVICE, handlers)


def _taking_request(
    method: Callable[[object], object],
) -> Callable[[object, object], object]:
    return lambda request, _context: method(request)


def _plugin_handlers(shutdown: Callable[[], None]) -> list[grpc.GenericRpcHandler]:
    def end(_request: bytes, _context: object) -> bytes:
        shutdown()
        return b""

    def silence(_request: bytes, _context: object) -> object:
        return iter(())

    controller = {"Shutdown": grpc.unary_unary_rpc_method_handler(end)}
    output = {"StreamStdio": grpc.unary_stream_rpc_method_handler(silence)}
    return [
        grpc.method_handlers_generic_handler("plugin.GRPCController", controller),
        grpc.method_handlers_generic_handler("plugin.GRPCStdio", output),
    ]


def serve(
    provider: Provider,
    socket: Path,
    *,
    shutdown: Callable[[], None],
    credentials: grpc.ServerCredentials | None = None,
) -> Serving:
    """
    Answer calls on a unix socket.

    Args:
        provider: what answers.
        socket: the socket's path.
        shutdown: what Terraform's wish to end does.
        credentials: the certificate to answer with. Defaults to plain text.
    """
    server = grpc.server(
        ThreadPoolExecutor(max_workers=WORKERS),
        handlers=[_provider_handler(provider), *_plugin_handlers(shutdown)],
        options=OPTIONS,
    )
    if credentials is None:
        server.add_insecure_port(f"unix:{socket}")
    else:
        server.add_secure_port(f"unix:{socket}", credentials)
    server.start()
    return cast("Serving", server)


def make_credentials() -> tuple[grpc.ServerCredentials, str]:
    """
    Make a certificate for one process, and the text with which Terraform checks it.
    """
    # Only processes that Terraform starts need it, and it takes a while to import.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, CERTIFICATE_NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + CERTIFICATE_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(CERTIFICATE_NAME)]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    credentials = grpc.ssl_server_credentials([(private, pem)])
    return credentials, base64.b64encode(der).decode().rstrip("=")
