"""A server that shows a certificate, and insists that nobody believes it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
import socket
import threading

from emulator.certificates import server_context


@contextmanager
def shown_to_nobody_who_believes_it(path: Path, port: int = 0) -> Iterator[int]:
    """Run a server that shows a certificate, and insist that nothing is sent to it.

    Yields its port. It has a thread: in the loop its failed handshakes would be errors.
    """
    context = server_context(path)
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", port))

    def serve() -> None:
        """Agree on TLS with each client, if it likes, and read what it sends."""
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.settimeout(30)
                    with context.wrap_socket(connection, server_side=True) as encrypted:
                        received.append(encrypted.recv(65536))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
    assert not any(received)
