"""Laws of the checks: what is right passes, any one thing else does not, nothing breaks them."""

import doctest
from datetime import date

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engage.identity.oidc import checks
from engage.identity.oidc.checks import Trouble
from engage.identity.oidc.signatures import signed_claims
from tests.oidc_provider import EC_KEY, RSA_KEY, half_hash, public_jwk

pytestmark = pytest.mark.adversary("C13")
ISSUER, CLIENT, NONCE, ACCESS, NOW = "https://id.example", "engage", "n" * 43, "access", 1e9
RIGHT = {
    "iss": ISSUER, "aud": CLIENT, "azp": CLIENT, "nonce": NONCE, "sub": "ann", "iat": NOW,
    "exp": NOW + 300, "nbf": NOW, "at_hash": half_hash(ACCESS),
}  # fmt: skip
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
DOCUMENT = {"issuer": ISSUER} | {name: f"{ISSUER}/{name}" for name in ENDPOINTS}
TODAY = date(2026, 11, 22)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from([*RIGHT, *DOCUMENT, "email", "birthdate"]), anything)


def subject(claims, now=NOW):
    return checks.check_id_token(
        claims, issuer=ISSUER, client=CLIENT, nonce=NONCE, access=ACCESS, now=now
    )


def passes(check, *arguments):
    """Whether it holds; a fault has a kind and a name and is never another error."""
    try:
        check(*arguments)
    except Trouble as trouble:
        assert trouble.kind in {"cancelled", "stale", "refused", "unreachable", "untrusted"}
        assert trouble.reason
        return False
    return True


def test_examples_hold():
    assert doctest.testmod(checks).failed == 0


def test_what_is_right_passes():
    assert subject(RIGHT) == "ann"
    assert subject(RIGHT | {"aud": [CLIENT]}) == "ann"
    needed = RIGHT.keys() - {"azp", "nbf", "at_hash"}
    assert subject({name: RIGHT[name] for name in needed}) == "ann"


@given(name=st.sampled_from(["iss", "nonce", "at_hash", "azp"]), value=anything)
def test_names_are_exact(name, value):
    assert passes(subject, RIGHT | {name: value}) == (value == RIGHT[name])


@given(value=anything | st.lists(st.sampled_from([CLIENT, "x"])))
@example([CLIENT, CLIENT])
@example([CLIENT, "x"])
@example({CLIENT: CLIENT})
def test_it_is_for_us_alone(value):
    assert passes(subject, RIGHT | {"aud": value}) == (value in (CLIENT, [CLIENT]))


@pytest.mark.parametrize("name", ["iss", "aud", "nonce", "sub", "iat", "exp"])
def test_nothing_that_is_needed_may_be_missing(name):
    assert not passes(subject, {k: v for k, v in RIGHT.items() if k != name})


@given(
    exp=st.integers(-1_000, 1_000), iat=st.integers(-1_000, 1_000), nbf=st.integers(-1_000, 1_000)
)
def test_it_counts_from_its_making_to_its_end(exp, iat, nbf):
    told = RIGHT | {"exp": NOW + exp, "iat": NOW + iat, "nbf": NOW + nbf}
    assert passes(subject, told) == (exp > -60 and -660 <= iat <= 60 and nbf <= 60)


@given(name=st.sampled_from(["exp", "iat", "nbf"]), value=anything)
def test_times_are_numbers(name, value):
    if not isinstance(value, int | float) or isinstance(value, bool):
        assert not passes(subject, RIGHT | {name: value})


@given(value=anything | st.text(st.characters(codec="ascii"), max_size=300))
def test_a_subject_is_taken_as_it_is_written_or_not_at_all(value):
    try:
        assert subject(RIGHT | {"sub": value}) == value
        assert value.isascii() and 0 < len(value) <= 255
    except Trouble:
        pass


@given(claims=documents)
def test_no_claims_break_the_checks(claims):
    passes(subject, claims)
    passes(checks.was_shown_again, claims, NOW)
    assert isinstance(checks.verified_mail(claims), str)
    checks.born_on(claims, TODAY)


@given(told=anything)
def test_an_address_is_confirmed_only_by_true(told):
    mail = checks.verified_mail({"email": "ann@town.example", "email_verified": told})
    assert bool(mail) == (told is True)


@given(born=st.dates(date(1900, 1, 1), TODAY))
def test_a_date_of_birth_is_read_as_it_is_written(born):
    assert checks.born_on({"birthdate": born.isoformat()}, TODAY) == born


@pytest.mark.parametrize(
    "told",
    ["0000-02-28", "1990", "1990-02-30", "19900228", "1990-2-28", "2999-01-01", "1890-01-01",
     "1990-02-28T00:00", " 1990-02-28", "1990-02-28\n", "١٩٩٠-٠٢-٢٨", 19900228, None, ""],
)  # fmt: skip
def test_half_a_date_of_birth_is_none(told):
    assert checks.born_on({"birthdate": told}, TODAY) is None


values = st.lists(st.sampled_from(["x", "access_denied", ISSUER, "https://evil.example", ""]))


@given(
    told=st.dictionaries(st.sampled_from(["state", "code", "iss", "error"]), values),
    says_issuer=st.booleans(),
)
def test_a_code_comes_once_from_the_right_issuer_and_without_error(told, says_issuer):
    if not passes(checks.code_of, told, ISSUER, says_issuer):
        return
    assert told["code"] == [checks.code_of(told, ISSUER, says_issuer)]
    assert told.get("iss") in (([ISSUER],) if says_issuer else ([ISSUER], [], None))
    assert not told.get("error")


def test_what_a_service_says_of_itself_is_taken():
    service = checks.service_of(DOCUMENT, ISSUER)
    assert (service.userinfo, service.secret_in_body) == ("", False)
    posts = {"token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"]}
    assert checks.service_of(DOCUMENT | posts, ISSUER).secret_in_body


@given(name=st.sampled_from([*ENDPOINTS, "userinfo_endpoint"]), value=anything)
@example("token_endpoint", "http://id.example/token")
@example("token_endpoint", "https:///token")
@example("token_endpoint", "https://[::1/token")
@example("token_endpoint", "https://id.example:99999/token")
@example("token_endpoint", "https://user@id.example/token")
@example("token_endpoint", "https://id.example/token#part")
@example("token_endpoint", "/token")
def test_every_place_is_an_address_in_https(name, value):
    if passes(checks.service_of, DOCUMENT | {name: value}, ISSUER):
        assert (name == "userinfo_endpoint" and value is None) or value.startswith("https://")


@given(document=documents)
def test_no_description_breaks_the_checks(document):
    passes(checks.service_of, document, ISSUER)
    passes(checks.service_of, DOCUMENT | document, ISSUER)


KEYS = {"keys": [public_jwk(RSA_KEY, "one"), public_jwk(EC_KEY, "two")]}


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(RSA_KEY, "RS256", "one"), (EC_KEY, "ES256", "two")]
)
def test_a_signature_of_a_published_key_holds_and_changed_it_does_not(key, algorithm, kid):
    token = jwt.encode({"sub": "ann"}, key, algorithm, headers={"kid": kid})
    assert signed_claims(token, KEYS) == {"sub": "ann"}
    head, body, signature = token.split(".")
    other = jwt.encode({"sub": "bob"}, key, algorithm).split(".")[1]
    assert not passes(signed_claims, f"{head}.{other}.{signature}", KEYS)
    assert not passes(signed_claims, f"{head}.{body}.", KEYS)
    assert not passes(signed_claims, f"{head}.{body}.{signature}", {"keys": KEYS["keys"][1:0]})


@given(token=st.text() | st.lists(st.text("abcXYZ019-_", max_size=30)).map(".".join))
@example(jwt.encode({}, "k" * 32, "HS256"))
@example("eyJhbGciOm51bGx9..")  # {"alg":null}
@example("eyJhbGciOlsiUlMyNTYiXX0..")  # {"alg":["RS256"]}
@example("eyJhbGciOnt9fQ..")  # {"alg":{}}
@example("W10..")  # []
def test_no_token_breaks_the_checks(token):
    assert not passes(signed_claims, token, KEYS)


@given(keys=anything | st.lists(st.dictionaries(st.sampled_from(
    ["kty", "n", "e", "crv", "x", "y", "kid", "use", "alg"]), anything)))  # fmt: skip
@example([{"kty": "RSA"}])
@example([{"kty": "RSA", "n": 1, "e": None}])
@example([{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}])
@example([{"kty": "EC", "crv": ["P-256"], "x": "AA", "y": "AA"}])
def test_no_keys_break_the_checks(keys):
    for key, algorithm in ((RSA_KEY, "RS256"), (EC_KEY, "ES256")):
        token = jwt.encode({"sub": "ann"}, key, algorithm)
        assert not passes(signed_claims, token, {"keys": keys})


def test_a_key_of_another_curve_is_refused():
    from cryptography.hazmat.primitives.asymmetric import ec

    curve = public_jwk(ec.generate_private_key(ec.SECP384R1()), "one") | {"alg": "ES256"}
    token = jwt.encode({"sub": "ann"}, EC_KEY, "ES256", headers={"kid": "one"})
    assert not passes(signed_claims, token, {"keys": [curve]})
