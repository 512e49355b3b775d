"""A real nginx with the configuration of the documentation, on ports and in a folder of the test's own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests import tools
from tests.services import Process, free_port, wait_until
from tests.watercooler.browser import ORIGIN, Browser
from watercooler.messages import Keys

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = ROOT / "docs" / "pages" / "how-to" / "nginx.conf"
HUB_PORTS = (8001, 8002, 8003, 8004)  # of the documented configuration
CERTIFICATE = "/etc/letsencrypt/live/board.example.org/fullchain.pem"
PRIVATE_KEY = "/etc/letsencrypt/live/board.example.org/privkey.pem"


class Front:
    """nginx before a board and the processes of a hub."""

    def __init__(self, folder: Path, *, board_port: int, hub_ports: Sequence[int]) -> None:
        self.public, self.private, plain = free_port(), free_port(), free_port()
        self.certificate = folder / "certificate.pem"
        self.redirecting = f"http://localhost:{plain}"
        make_certificate(self.certificate, folder / "key.pem")
        text = DOCUMENTED.read_text()
        for old, new in (
            ("http {\n", f"http {{\n{folders_without_root(folder)}"),
            ("/var/log/nginx/board.log", f"{folder}/access.log"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.public} ssl"),
            ("listen 127.0.0.1:8010;", f"listen 127.0.0.1:{self.private};"),
            (CERTIFICATE, str(self.certificate)),
            (PRIVATE_KEY, f"{folder}/key.pem"),
            ("server_name board.example.org;", "server_name localhost;"),
            ("server 127.0.0.1:8000;", f"server 127.0.0.1:{board_port};"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        (folder / "nginx.conf").write_text(with_hubs(text, hub_ports))
        words = ["-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", "stderr", "-g"]
        self._command = [tools.NGINX.path(), *words, f"daemon off; pid {folder}/nginx.pid;"]
        self._process = Process("nginx", self._command, log=folder / "nginx.log")

    def test(self) -> str:
        """Give what nginx itself says of the configuration."""
        done = subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)
        return done.stderr

    async def start(self) -> None:
        """Return when it answers."""
        self._process.start()
        await asyncio.to_thread(wait_until, self._listens, "nginx listens")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()

    def client(self) -> httpx.AsyncClient:
        """Give a client that trusts its certificate."""
        return httpx.AsyncClient(
            verify=self._trust(), base_url=f"https://localhost:{self.public}", timeout=20
        )

    async def browser(self, keys: Keys) -> Browser:
        """Give a browser that has connected, and says nothing yet."""
        url = f"wss://localhost:{self.public}/live"
        request = HTTPRequest(url, headers={"Origin": ORIGIN}, ssl_options=self._trust())
        return Browser(await websocket_connect(request), keys)

    def _listens(self) -> bool:
        self._process.check_running()
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.public)):
            return True
        return False

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


def with_hubs(text: str, ports: Sequence[int]) -> str:
    """Put these ports in the place of the documented ones, of which there are more."""
    lines = text.splitlines(keepends=True)
    for documented, port in zip(HUB_PORTS, [*ports, None, None, None, None], strict=False):
        server = f"server 127.0.0.1:{documented} "
        assert sum(server in line for line in lines) == 2, server
        kept = [line for line in lines if port or server not in line]
        lines = [line.replace(server, f"server 127.0.0.1:{port} ") for line in kept]
    return "".join(lines)


def folders_without_root(folder: Path) -> str:
    """Give the lines that keep temporary files where the user of the test may write."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)


def make_certificate(certificate: Path, key: Path) -> None:
    """Make one for localhost that vouches for itself."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(certificate), "-days", "1"]
    subprocess.run(
        [tools.OPENSSL.path(), "req", "-x509", *curve, *subject, *files], check=True, capture_output=True
    )
