"""A line between a client and a server that breaks when it is told to: a real proxy on real sockets."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class RoughLine:
    """Passes bytes on. `cut_after` takes one number a connection: bytes from the server after which it is cut.

    `cut_sending` is the same for bytes to the server; `refuse` closes so many connections without a word. Answers to
    requests that begin as one of `lose_answers_to` are lost, each once, after the server has worked.
    """

    target: str
    cut_after: list[int] = field(default_factory=list[int])
    cut_sending: list[int] = field(default_factory=list[int])
    lose_answers_to: list[bytes] = field(default_factory=list[bytes])
    refuse: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self._server = (parts.hostname or "", parts.port or 80)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{parts.path}"
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._pass_on(client)

    def _pass_on(self, client: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            if self.refuse:
                self.refuse -= 1
                client.close()
                return
            received = self.cut_after.pop(0) if self.cut_after else None
            sent = self.cut_sending.pop(0) if self.cut_sending else None
        server = socket.create_connection(self._server)
        lose = threading.Event()
        for source, sink, most in ((client, server, sent), (server, client, received)):
            threading.Thread(target=self._copy, args=(source, sink, most, lose), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket, most: int | None, lose: threading.Event) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            to_server = sink.getpeername() == self._server
            while data := source.recv(16_384):
                if to_server:
                    self._note(data, lose)
                elif lose.is_set():
                    break
                passed += len(data)
                if most is not None and passed > most:
                    sink.sendall(data[: len(data) - (passed - most)])
                    break
                sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _note(self, data: bytes, lose: threading.Event) -> None:
        if b" HTTP/1.1\r\n" not in data:
            return
        request = data.partition(b"\r\n\r\n")[0]
        with self._lock:
            self.requests.append(request)
            begin = next((begin for begin in self.lose_answers_to if request.startswith(begin)), None)
            if begin is not None:
                self.lose_answers_to.remove(begin)
                lose.set()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # else the thread that accepts holds it open
        self._listening.close()
