"""A mail server on loopback, as small as SMTP (RFC 5321) allows: it keeps what it is sent."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self


class MailServer(socketserver.ThreadingTCPServer):
    """Accepts mail on a free port, or refuses each with `refusal`, such as "451 not now"."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.port: int = self.server_address[1]
        self.refusal = ""
        self.received: list[tuple[list[str], EmailMessage]] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            match line.split(":")[0].split(" ")[0].upper():
                case "RCPT":
                    recipients.append(line.split(":", 1)[1].strip("<> "))
                    self._say(self.server.refusal or "250 ok")
                case "DATA":
                    self._say("354 go on")
                    self._keep(recipients)
                    self._say("250 ok")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _keep(self, recipients: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.received.append((recipients, message))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
