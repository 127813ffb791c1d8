"""The sample configuration as it stands, before two processes of a production, over TLS."""

import datetime
import json
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.paths import ROOT
from tests.servers import Server, serving, visitors
from tests.services import answers, free_port, process, valkey

SAMPLE = ROOT / "engage" / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
PATIENCE_S = 60

pytestmark = pytest.mark.skipif(
    NGINX is None and not os.environ.get("CI"), reason="No nginx here: install it to run these."
)


class Visited:
    """Where the proxy listens, and how to visit it."""

    def __init__(self, https: int, certificate: Path):
        self.https, self.certificate = https, certificate

    def get(self, host: str, path: str, **headers: str) -> httpx.Response:
        with httpx.Client(verify=trusting(self.certificate)) as client:
            return client.get(
                f"https://127.0.0.1:{self.https}{path}",
                headers={"Host": host, **headers},
                extensions={"sni_hostname": host},
            )


OPEN_POLL_OF_STAFF = """
from allauth.mfa.models import Authenticator
from tests.voting import polls
staff = polls.organiser()  # the one of every poll here
Authenticator.objects.create(user=staff, type="totp", data={})  # a production asks for one
print(polls.opened().pk)
"""


class Production(Visited, Server):
    """Two processes as a production runs them, waiting for a proxy."""

    def __init__(self, folder: Path, redis: str):
        Visited.__init__(self, free_port(), folder / "fullchain.pem")
        Server.__init__(
            self, folder, "--processes", "2",
            DEBUG="false", SECRET_KEY=secrets.token_urlsafe(50), REDIS_URL=redis,
            SITE_ORIGIN="https://town.example", BOOTH_ORIGIN="https://ballots.example",
            TRUSTED_PROXIES="1", LIMITS="true",
        )  # fmt: skip

    def is_ready(self) -> bool:
        headers = {"Host": "town.example", "X-Forwarded-Proto": "https"}
        try:
            return all(
                httpx.get(f"http://127.0.0.1:{port}/readyz", headers=headers).status_code == 200
                for port in (self.port, self.port + 1)
            )
        except httpx.HTTPError:
            return False

    def follow(self, topic: str) -> AbstractContextManager[ClientConnection]:
        connection = socket.create_connection(("127.0.0.1", self.https))
        return connect(
            f"wss://town.example/ws/?topics={topic}",
            sock=connection, ssl=trusting(self.certificate), origin="https://town.example",
        )  # fmt: skip

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in path.read_text().split()]


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def certify(folder: Path) -> None:
    """A certificate for both names that signs itself, where the sample will look for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "town.example")])
    names = [x509.DNSName("town.example"), x509.DNSName("ballots.example")]
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(encoding))
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(private)


def configure(folder: Path, first: int, https: int) -> Path:
    """The sample with this machine's ports and folders, and nothing else changed."""
    text = SAMPLE.read_text()
    servers = "".join(f"server 127.0.0.1:{first + i} max_fails=0;" for i in range(2))
    changes = [
        (r"/etc/ssl/engage", str(folder)),
        (r"/var/log/nginx/engage.log", f"{folder}/nginx.log"),
        (r"/srv/engage", str(ROOT)),
        (r"listen (\[::\]:)\d+[^;]*;", ""),
        (r"listen 443", f"listen 127.0.0.1:{https}"),
        (r"listen 80 ", f"listen 127.0.0.1:{free_port()} "),
        (r"(server 127.0.0.1:800\d max_fails=0;\s*)+", servers),
        (r"http \{", "http {\n" + "".join(f"{t}_temp_path {folder}/{t};\n" for t in TEMPORARY)),
    ]  # fmt: skip
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    (folder / "nginx.conf").write_text(f"pid {folder}/nginx.pid;\n{text}")
    return folder / "nginx.conf"


@contextmanager
def proxied(folder: Path, first: int, https: int) -> Iterator[None]:
    certify(folder)
    command = [NGINX, "-p", folder, "-c", configure(folder, first, https)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    with process([*command, "-g", "daemon off;"], lambda: answers(https), signal.SIGQUIT):
        yield


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("behind-nginx")
    with valkey() as names:
        server = Production(folder, names["REDIS_URL"])
        with (
            serving(server, ["shell", "-c", OPEN_POLL_OF_STAFF]) as (printed,),
            proxied(folder, server.port, server.https),
        ):
            server.poll = printed.split()[-1]
            yield server


CLOSE = """
from voting.models import Poll
from voting.services.closing import close_poll
poll = Poll.objects.get(pk="{}")
close_poll(poll=poll, by=poll.organiser)
"""


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_pages_and_ballot_box_keep_apart(town):
    page = town.get("town.example", "/polls/", Cookie="appearance=dark")
    assert page.status_code == 200
    assert "max-age" in page.headers["Strict-Transport-Security"]
    assert 'content="dark"' in page.text
    booth = town.get("ballots.example", f"/booth/{town.poll}/", Cookie="appearance=dark")
    assert booth.status_code == 200
    assert "Set-Cookie" not in booth.headers
    assert 'content="dark"' not in booth.text


def test_what_browsers_load_is_there_on_both_hosts(town):
    for host, path in (
        ("town.example", f"/polls/{town.poll}/"),
        ("ballots.example", f"/booth/{town.poll}/"),
    ):
        loaded = re.findall(r'(?:src|href)="(/static/[^"#]+)', town.get(host, path).text)
        assert {Path(each).suffix for each in loaded} >= {".js", ".css"}
        assert {town.get(host, each).status_code for each in loaded} == {200}


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it was sent, and tries to set a cookie."""

    def do_GET(self):
        body = json.dumps([[name.lower(), value] for name, value in self.headers.items()]).encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "planted=1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        pass


@pytest.fixture
def echo(tmp_path) -> Iterator[Visited]:
    """The sample before a server that hides nothing of what reaches it."""
    port, https = free_port(1), free_port()
    with ThreadingHTTPServer(("127.0.0.1", port), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            with proxied(tmp_path, port, https):
                yield Visited(https, tmp_path / "fullchain.pem")
        finally:
            server.shutdown()


@pytest.mark.adversary("C3", "J3")
def test_the_town_is_told_the_true_address_and_the_ballot_box_none(echo):
    claims = {"Cookie": "sessionid=a", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http"}
    town, booth = (echo.get(f"{name}.example", "/", **claims) for name in ("town", "ballots"))
    told = {name: value for name, value in town.json() if name in (*map(str.lower, claims), "host")}
    assert told == {
        "cookie": "sessionid=a", "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "https", "host": "town.example",
    }  # fmt: skip
    assert town.headers["Set-Cookie"] == "planted=1"
    names = {name for name, _value in booth.json()}
    assert names & {"cookie", "x-forwarded-for", "x-real-ip", "forwarded"} == set()
    assert "Set-Cookie" not in booth.headers


@pytest.mark.adversary("J3")
def test_nothing_is_written_of_whoever_asks(echo, tmp_path):
    echo.get("ballots.example", "/booth/secret")
    with socket.create_connection(("127.0.0.1", echo.https)) as scanner:
        scanner.sendall(bytes.fromhex("16030100050100000102"))  # not the beginning of a handshake
        while scanner.recv(1_000):
            pass
    written = [path.read_text(errors="replace") for path in tmp_path.glob("*.log")]
    assert written == [""]


def test_news_from_one_process_reach_the_readers_of_all(town):
    with ExitStack() as stack:
        readers = [stack.enter_context(town.follow(f"poll.{town.poll}")) for _ in range(6)]
        for port in (town.port, town.port + 1):
            assert len(visitors(port)) >= 2, "least_conn shares readers out"
        for reader in readers:
            hear(reader, '"d":{"here":5,"fewer":false}')  # six, in steps of five
        town.manage("shell", "-c", CLOSE.format(town.poll))
        for reader in readers:
            hear(reader, '"k":"poll.cl')


def hear(reader: ClientConnection, words: str) -> None:
    """Listen until a message holds ``words``."""
    while words not in reader.recv(timeout=PATIENCE_S):
        pass


def test_a_process_that_dies_comes_back_and_ending_is_told(town):
    first, second = town.children()
    os.kill(second, signal.SIGKILL)
    until(lambda: len(town.children()) == 2 and second not in town.children())
    until(town.is_ready)
    assert first in town.children()
    with town.follow(f"poll.{town.poll}") as reader:
        reader.recv(timeout=PATIENCE_S)
        town.stop()
        with pytest.raises(ConnectionClosed) as ended:
            while True:
                reader.recv(timeout=PATIENCE_S)
    assert (ended.value.rcvd.code, ended.value.rcvd.reason.isdigit()) == (1012, True)
    assert town.process.returncode == 0
    assert town.get("town.example", "/").status_code == 502
    for host in ("town.example", "ballots.example"):
        assert "Back in a moment" in town.get(host, f"/booth/{town.poll}/").text
    town.start()
    until(lambda: town.get("town.example", "/").status_code == 200)
