"""An identity service of our own, on this machine, that can be told to do everything wrong.

It signs people in without asking (or after a button, for browsers) and issues what a real one does.
``Faults`` are what an attacker, or a careless service, would change. Deliberately absent: any line
of the client's; tokens are put together by hand where a library would refuse to.
"""

import hmac
import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "engage", "a secret of the two of us: 0123456789"
RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER_RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())

Change = Callable[[dict[str, Any]], dict[str, Any]]


def same(told: dict[str, Any]) -> dict[str, Any]:
    return told


@dataclass
class Faults:
    """Each takes what would be right and gives what is said; by default the very same."""

    claims: Change = same
    userinfo: Change = same
    token: Change = same
    back: Change = same  # what goes back to us in the address
    metadata: Change = same
    published: Change = same
    sign: Callable[["Service", dict[str, Any]], str] | None = None
    answers: dict[str, Callable[[BaseHTTPRequestHandler], bool]] = field(default_factory=dict)


@dataclass
class Service:
    """The service while it runs: who signs in next, what it was asked, what it does wrong."""

    port: int
    host: str = "127.0.0.1"
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "ann-0001"})
    faults: Faults = field(default_factory=Faults)
    key: Any = RSA_KEY
    kid: str = "first"
    asks_first: bool = False
    codes: dict[str, tuple[dict[str, str], dict[str, Any]]] = field(default_factory=dict)
    opened: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def algorithm(self) -> str:
        return "ES256" if isinstance(self.key, ec.EllipticCurvePrivateKey) else "RS256"

    def settings(self, **changed: str) -> dict[str, str]:
        """The town's settings for this service."""
        known = {"issuer": self.issuer, "client": CLIENT, "secret": SECRET}
        return known | {"name": "Eddersford Identity", "level": "account"} | changed

    def metadata(self) -> dict[str, Any]:
        return self.faults.metadata({
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        })  # fmt: skip

    def published(self) -> dict[str, Any]:
        return self.faults.published({"keys": [public_jwk(self.key, self.kid)]})

    def way_back(self, asked: dict[str, str]) -> str:
        """Where the browser is sent once somebody has said who they are."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked, dict(self.person)
        told = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(self.faults.back(told), doseq=True)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What a code is worth, once, to whoever knows the secret and the verifier."""
        asked, person = self.codes.pop(form.get("code", ""), (None, {}))
        wrong = self._wrong(form, asked, authorization)
        if asked is None or wrong:
            self.refusals.append(wrong)
            return None
        access = secrets.token_urlsafe(16)
        self.opened[access] = person
        now = int(time.time())
        claims = self.faults.claims({
            "iss": self.issuer, "aud": CLIENT, "sub": person["sub"], "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, "at_hash": half_hash(access),
        } | ({"auth_time": now} if self.asks_first or "max_age" in asked else {}))  # fmt: skip
        sign = self.faults.sign or signed
        token = {"access_token": access, "token_type": "Bearer", "id_token": sign(self, claims)}
        return self.faults.token(token)

    def _wrong(self, form: dict[str, str], asked: dict[str, str] | None, said: str) -> str:
        if asked is None:
            return "code"
        if said != f"{CLIENT}:{SECRET}":
            return "secret"
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return "redirect_uri"
        digest = b64(sha256(form.get("code_verifier", "").encode()).digest())
        holds = asked.get("code_challenge_method") == "S256" and asked["code_challenge"] == digest
        return "" if holds else "verifier"


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def half_hash(access: str) -> str:
    return b64(sha256(access.encode()).digest()[:16])


def public_jwk(key: Any, kid: str) -> dict[str, Any]:
    kind = jwt.algorithms.ECAlgorithm if hasattr(key, "curve") else jwt.algorithms.RSAAlgorithm
    named = {"kid": kid, "use": "sig", "alg": "ES256" if hasattr(key, "curve") else "RS256"}
    return kind.to_jwk(key.public_key(), as_dict=True) | named


def signed(service: Service, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, service.key, service.algorithm, headers={"kid": service.kid})


def unsigned(service: Service, claims: dict[str, Any]) -> str:
    """``alg: none``, as no library makes it by mistake."""
    return f"{_part({'alg': 'none', 'kid': service.kid})}.{_part(claims)}."


def signed_with_the_public_key(service: Service, claims: dict[str, Any]) -> str:
    """HS256 with what everybody can read: the old confusion of keys."""
    pem = service.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = f"{_part({'alg': 'HS256', 'kid': service.kid})}.{_part(claims)}"
    return f"{head}.{b64(hmac.digest(pem, head.encode(), 'sha256'))}"


def signed_by_a_stranger(service: Service, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, OTHER_RSA_KEY, "RS256", headers={"kid": service.kid})


def _part(told: dict[str, Any]) -> str:
    return b64(json.dumps(told).encode())


class Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.service.asked.append(address.path)
        if self._is_faulty(address.path):
            return
        asked = dict(parse_qsl(address.query))
        if address.path == "/.well-known/openid-configuration":
            self.say(self.service.metadata())
        elif address.path == "/keys":
            self.say(self.service.published())
        elif address.path == "/userinfo":
            self._userinfo()
        elif address.path == "/authorize" and self.service.asks_first:
            self._ask(asked)
        elif address.path == "/authorize":
            self.send_to(self.service.way_back(asked))
        else:
            self.say({}, 404)

    def do_POST(self) -> None:
        self.service.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._is_faulty(self.path):
            return
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path == "/authorize":
            self.send_to(self.service.way_back(form))
        elif (token := self.service.token(form, self._said(form))) is not None:
            self.say(token)
        else:
            self.say({"error": "invalid_grant"}, 400)

    def _is_faulty(self, path: str) -> bool:
        """Whether a fault has answered already."""
        fault = self.service.faults.answers.get(path)
        return fault is not None and fault(self)

    def say(self, told: object, status: int = 200) -> None:
        self.answer(json.dumps(told).encode(), status)

    def answer(self, body: bytes, status: int = 200, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass

    def _said(self, form: dict[str, str]) -> str:
        kind, _space, told = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            return unquote_plus(b64decode(told).decode())
        return f"{form.get('client_id')}:{form.get('client_secret')}"

    def _userinfo(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        known = self.service.opened.get(token)
        if known is None:
            self.say({"error": "invalid_token"}, 401)
        else:
            self.say(self.service.faults.userinfo(known))

    def _ask(self, asked: dict[str, str]) -> None:
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in asked.items()
        )
        page = f"<!doctype html><html lang=en><title>Identity</title><h1>Who are you?</h1>\
<form method=post action=/authorize>{hidden}<button>I am Ann</button></form>\
<a href='{escape(self._back_without(asked))}'>Stop</a>"
        self.answer(page.encode(), kind="text/html")

    def _back_without(self, asked: dict[str, str]) -> str:
        told = {"error": "access_denied", "state": asked["state"], "iss": self.service.issuer}
        return f"{asked['redirect_uri']}?{urlencode(told)}"


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever hangs up in the middle, as our client does on purpose, is no news."""


@contextmanager
def identity_service(**known: Any) -> Iterator[Service]:
    """A service on a free port of this machine until the block ends."""
    server = Quiet(("127.0.0.1", 0), Handler)
    service = Service(server.server_address[1], **known)
    server.RequestHandlerClass = type("OneHandler", (Handler,), {"service": service})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
