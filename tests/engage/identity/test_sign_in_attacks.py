"""What an attacker must not achieve at the entrance: guess, plant, flood, pose, ask, lure."""

import re
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_ratelimit import core

from engage.identity.domain.roles import Role
from engage.identity.models import RoleGrant, User
from tests.engage.identity.test_passkeys import asked, sign_in, with_passkey
from tests.passkey import Passkey
from tests.signing import sign_in_afresh

pytestmark = pytest.mark.django_db
LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
ENTRANCE, SIGNUP, VERIFY = "/accounts/login/", "/accounts/signup/", "/accounts/confirm-email/"
FRESH, HOW = "/accounts/reauthenticate/code/", "/accounts/2fa/"
N = 10  # tries at one account in ten minutes
NOON = 1_750_000_000


@pytest.fixture
def limits(settings, monkeypatch):
    """Limits as in production, with the clock stopped, so that no window ends while one counts."""
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: NOON))
    cache.clear()
    yield
    cache.clear()


def resident(address="ann@town.example", **more):
    user = User.objects.create_user(address, **more)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def code(number=-1):
    return re.search(r"\b(\d{6})\b", mail.outbox[number].body)[1]


def wrong(right):
    return f"{(int(right) + 1) % 1_000_000:06}"


def signed_in(client):
    return client.session.get("_auth_user_id")


def ask(client, address="ann@town.example"):
    client.post(LOGIN, {"email": address})
    return code()


def entered(address="ann@town.example"):
    client = Client()
    client.post(CONFIRM, {"code": ask(client, address)})
    assert signed_in(client)
    return client


def tried(answer):
    """Whether the code was looked at, rather than refused for too many tries."""
    return answer.status_code != 429


# --- C1: the session changes hands with the person


@pytest.mark.adversary("C1")
def test_the_session_is_another_after_signing_in_and_dead_after_signing_out():
    resident()
    client = Client()
    right = ask(client)
    before = client.session.session_key
    client.post(CONFIRM, {"code": right})
    during = client.session.session_key
    assert during != before
    assert not Session.objects.filter(pk=before).exists()
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = during
    assert thief.get("/you/").status_code == 302


@pytest.mark.adversary("C1")
def test_a_planted_session_does_not_become_the_victims():
    resident()
    thief, victim = Client(), Client()
    thief.get(f"{HOW}webauthn/login/", headers={"accept": "application/json"})
    for planted in (thief.session.session_key, "a" * 32):
        victim.cookies["sessionid"] = planted
        victim.post(CONFIRM, {"code": ask(victim)})
        assert signed_in(victim)
        assert victim.session.session_key != planted
        thief.cookies["sessionid"] = planted
        assert thief.get("/you/").status_code == 302
        victim.post("/accounts/logout/")


@pytest.mark.adversary("C1")
def test_a_role_taken_back_counts_at_the_very_next_request():
    user, client = resident(), Client()
    grant = RoleGrant.objects.create(person=user, role=Role.ORGANISER, area=None)
    client.force_login(user)
    assert client.get("/polls/new/").status_code == 200
    grant.delete()
    assert client.get("/polls/new/").status_code == 403


# --- C2 and C4: codes are tried so often and no oftener


@pytest.mark.adversary("C2")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sessions", ["one", "many"])
def test_of_a_hundred_tries_at_once_ten_are_looked_at(limits, at_once, sessions):
    resident()
    first = Client()
    right = ask(first)
    state = {key: first.session[key] for key in ("account_login",)}
    browsers = [Client() for _ in range(100)]
    for browser in browsers:
        if sessions == "one":
            browser.cookies["sessionid"] = first.session.session_key
            continue
        session = browser.session
        session.update(state)
        session.save()
    answers = at_once(lambda n: browsers[n].post(CONFIRM, {"code": wrong(right)}), 100)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sum(map(tried, answers)) <= N
    assert not tried(first.post(CONFIRM, {"code": right})), "nor is the right one"


@pytest.mark.adversary("C4")
def test_sessions_endpoints_and_spellings_share_one_counter(limits):
    user = resident()
    inside = entered()
    session = inside.session
    session["fresh_code"] = {"code": "111111", "at": 9e9}
    session.save()
    spellings = ["ann@town.example", "Ann@Town.Example", " ann@town.example ", "ANN@TOWN.EXAMPLE"]
    spent = 1
    for spelling in spellings:  # a new session and another spelling each time
        client = Client()
        client.post(LOGIN, {"email": spelling})
        assert tried(client.post(CONFIRM, {"code": "000000"}))
        spent += 1
    client = Client()
    client.post(SIGNUP, {"email": user.email})  # another endpoint: it only seems to make one
    assert tried(client.post(VERIFY, {"code": "000000"}))
    for said in (" 123456", "１２３４５６", "123-456", "12 34 56"):
        if spent + 1 < N:
            assert tried(inside.post(FRESH, {"code": said}))
            spent += 1
    assert spent + 1 == N
    assert not tried(inside.post(FRESH, {"code": "111111"})), "the right one, too late"
    for endpoint, start in ((CONFIRM, LOGIN), (VERIFY, SIGNUP)):
        client = Client()
        cache_key = client.post(start, {"email": "ａnn@town.example"})
        assert cache_key.status_code in (200, 302, 429)
        assert client.post(endpoint, {"code": "000000"}).status_code in (302, 429)


@pytest.mark.adversary("C4")
@pytest.mark.parametrize("spelt", ["{0}", " {0}", "{0} ", "\t{0}\n", "{1}-{2}", "{1} {2}"])
def test_a_code_is_the_same_however_it_is_spaced_and_works_once(spelt):
    resident()
    client, copy = Client(), Client()
    right = ask(client)
    copy.cookies["sessionid"] = client.session.session_key
    session = copy.session
    state = dict(session.items())
    client.post(CONFIRM, {"code": spelt.format(right, right[:3], right[3:])})
    assert signed_in(client)
    session = copy.session
    session.update(state)
    session.save()
    copy.post(CONFIRM, {"code": right})
    assert not signed_in(copy)


@pytest.mark.adversary("C4")
@pytest.mark.django_db(transaction=True)
def test_of_the_same_right_code_sent_at_once_one_signs_in(at_once):
    resident()
    first = Client()
    right = ask(first)
    browsers = [Client() for _ in range(8)]
    for browser in browsers:
        session = browser.session
        session["account_login"] = first.session["account_login"]
        session.save()
    answers = at_once(lambda n: browsers[n].post(CONFIRM, {"code": right}), 8)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sum(bool(signed_in(browser)) for browser in browsers) == 1


@pytest.mark.adversary("C4")
@pytest.mark.parametrize(
    "digits", ["١٢٣٤٥٦", "１２３４５６", "𝟏𝟐𝟑𝟒𝟓𝟔", "1\u200b23456x", "", "0" * 10_000]
)
def test_other_digits_are_a_wrong_code_and_no_error(digits):
    resident()
    client = Client()
    ask(client)
    assert client.post(CONFIRM, {"code": digits}).status_code == 200
    assert not signed_in(client)


# --- C3: an address that is only claimed changes nothing


@pytest.mark.adversary("C3")
def test_fifty_claimed_addresses_are_one_at_the_entrance(limits):
    answers = []
    for number in range(62):
        claims = {"X-Forwarded-For": f"203.0.113.{number}", "X_Forwarded_For": f"1.1.1.{number}"}
        data = {"email": f"p{number}@town.example"}
        answers.append(Client().post(SIGNUP, data, headers=claims).status_code)
    assert 429 in answers
    assert answers[-1] == 429
    assert Client(REMOTE_ADDR="198.51.100.7").get(SIGNUP).status_code == 200


# --- C5: who is flooded gets in


@pytest.mark.adversary("C5")
def test_a_flood_of_wrong_codes_leaves_the_passkey(limits):
    user, passkey = with_passkey()
    for number in range(3 * N):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number}")
        stranger.post(LOGIN, {"email": user.email})
        stranger.post(CONFIRM, {"code": "000000"})
    victim = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(victim, passkey)
    assert signed_in(victim) == str(user.pk)
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.adversary("C5")
def test_a_flood_is_over_by_itself(limits, monkeypatch):
    user = resident()
    for number in range(3 * N):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number}")
        stranger.post(LOGIN, {"email": user.email})
        stranger.post(CONFIRM, {"code": "000000"})
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: NOON + 601))
    entered()


# --- C6: nothing of one person counts for another


@pytest.mark.adversary("C6")
def test_half_a_sign_in_of_one_helps_no_other():
    ann, passkey = with_passkey("ann@town.example")
    bo, _passkey = with_passkey("bo@town.example")
    client = Client()
    client.post(CONFIRM, {"code": ask(client, ann.email)})
    page = client.get(f"{HOW}authenticate/")
    client.post("/accounts/logout/")
    client.post(CONFIRM, {"code": ask(client, bo.email)})
    client.post(f"{HOW}authenticate/", {"credential": passkey.get(asked(page))})
    assert not signed_in(client), "the passkey is ann's"
    records = client.session.get("account_authentication_methods", [])
    assert {record.get("email") for record in records} <= {bo.email}


@pytest.mark.adversary("C6")
def test_a_fresh_sign_in_of_one_is_none_of_the_next_in_the_same_browser():
    ann, bo, client = resident(), resident("bo@town.example"), Client()
    sign_in_afresh(client, ann)
    client.force_login(bo)
    assert client.get(f"{HOW}webauthn/add/").status_code == 302


# --- C7: look-alikes are themselves, or nobody


TWINS = [
    "аdmin@town.example", "admіn@town.example", "ádmin@town.example", "adm1n@town.example",
    "ａdmin@town.example", "admin\u200b@town.example", "admin\u00ad@town.example",
    "admin@tоwn.example", "admin@town\u3002example", "admin@town.example\u202e",
    "ADMIN@TOWN.EXAMPLE",
    "admin @town.example", "admin@town.example.", "ⓐdmin@town.example", "admın@town.example",
]  # fmt: skip


@pytest.mark.adversary("C7")
@pytest.mark.parametrize("twin", TWINS, ids=ascii)
def test_a_look_alike_is_another_person_or_refused(twin):
    admin = resident("admin@town.example")
    client = Client()
    client.post(SIGNUP, {"email": twin})
    if mail.outbox and re.search(r"\b\d{6}\b", mail.outbox[-1].body):
        client.post(VERIFY, {"code": code()})
    assert signed_in(client) != str(admin.pk)
    login = Client()
    login.post(LOGIN, {"email": twin})
    told = mail.outbox[-1] if mail.outbox else None
    if told and admin.email in told.to:
        assert twin.lower().strip() == admin.email, "only capitals are the same address"
    assert User.objects.filter(email__iexact="admin@town.example").count() == 1


@pytest.mark.adversary("C7")
def test_look_alikes_share_the_counter_of_whom_they_look_like(limits):
    resident("admin@town.example")
    for twin in ("adm1n@town.example", "admln@town.example", "admin+x@town.example"):
        for number in range(2):
            Client(REMOTE_ADDR=f"198.51.100.{number}").post(LOGIN, {"email": twin})
    answer = Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"email": "admin@town.example"})
    assert answer.status_code == 429


# --- C8: who is switched off is out


@pytest.mark.adversary("C8")
def test_a_disabled_account_is_out_everywhere_at_once_and_stays_out():
    user, passkey = with_passkey()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    User.objects.update(is_active=False)
    for client in clients:
        assert client.get("/you/").status_code == 302
    again = Client()
    sign_in(again, passkey)
    assert not signed_in(again)
    again.post(LOGIN, {"email": user.email})
    assert not re.search(r"\b\d{6}\b", mail.outbox[-1].body)


@pytest.mark.adversary("C8")
def test_a_new_address_ends_all_other_sign_ins_and_the_old_address_is_told():
    user = resident()
    here, there = Client(), Client()
    sign_in_afresh(here, user)
    there.force_login(user)
    here.post("/accounts/email/", {"email": "new@town.example", "action_add": ""})
    here.post(VERIFY, {"code": code()})
    assert EmailAddress.objects.get(user=user).email == "new@town.example"
    assert here.get("/you/").status_code == 200
    assert there.get("/you/").status_code == 302
    assert mail.outbox[-1].to == ["ann@town.example"]
    assert not re.search(r"\b\d{6}\b", mail.outbox[-1].body)


# --- C10 and C11: mails carry no key, and looking at their links does nothing


def links():
    return re.findall(r"https?://\S+", "\n".join(letter.body for letter in mail.outbox))


def every_mail():
    """Each mail of the entrance once: codes, unknown, known already, told of a change."""
    resident()
    for address in ("ann@town.example", "nobody@town.example"):
        for start in (LOGIN, SIGNUP):
            Client().post(start, {"email": address})


@pytest.mark.adversary("C10")
def test_no_mail_carries_a_key_in_an_address():
    every_mail()
    assert set(links()) <= {"http://testserver/accounts/signup/"}


@pytest.mark.adversary("C10")
@pytest.mark.parametrize("path", [
    "confirm-email/MQ:1abc:def/", "confirm-email/%91/", "password/reset/key/1-set-password/",
    "password/reset/key/zz-%91/", "password/reset/", "password/set/", "password/change/",
])  # fmt: skip
@pytest.mark.parametrize("inside", [False, True])
def test_there_is_no_address_that_a_key_would_open(path, inside):
    client, user = Client(), resident()
    if inside:
        sign_in_afresh(client, user)
    assert client.get(f"/accounts/{path}").status_code == 404
    client.post(f"/accounts/{path}", {"password1": "x" * 20, "password2": "x" * 20})
    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.adversary("C11")
def test_a_scanner_that_looks_first_leaves_the_code_working():
    resident()
    client = Client()
    right = ask(client)
    for scanner in (Client(), client):
        for path in [*links(), LOGIN, CONFIRM, ENTRANCE, VERIFY, f"{CONFIRM}?code={right}"]:
            for method in (scanner.get, scanner.head, scanner.get):
                assert method(path).status_code in (200, 302)
    assert not signed_in(client)
    client.post(CONFIRM, {"code": right})
    assert signed_in(client)


# --- C12: nobody is told who has an account


RANDOM = {"Set-Cookie", "Content-Length", "Expires", "Last-Modified"}  # texts are compared


def seen(client, path, address, **more):
    """All that a stranger sees of the answer and of where it leads, without what is random."""
    steps = []
    answer = client.post(path, {"email": address, "login": address, **more})
    for _ in range(3):
        text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', "", answer.content.decode())
        heads = {k: v for k, v in answer.headers.items() if k not in RANDOM}
        cookies = {name: bool(kept.value) for name, kept in answer.cookies.items()}
        steps.append((answer.status_code, text.replace(address, ""), heads, cookies))
        if answer.status_code != 302:
            break
        answer = client.get(answer["Location"])
    return steps


@pytest.mark.adversary("C12")
@pytest.mark.parametrize("path", [ENTRANCE, LOGIN, SIGNUP, "/accounts/signup/passkey/"])
def test_known_and_unknown_addresses_look_the_same(path):
    resident("ann@town.example")
    resident("off@town.example", is_active=False)
    known = seen(Client(), path, "ann@town.example")
    assert seen(Client(), path, "not@town.example") == known
    assert seen(Client(), path, "off@town.example") == known


@pytest.mark.adversary("C12")
@pytest.mark.parametrize(("start", "confirm"), [(LOGIN, CONFIRM), (SIGNUP, VERIFY)])
@pytest.mark.parametrize("deed", [{"code": "000000"}, {"action": "resend"}, {"code": ""}])
def test_wrong_codes_and_new_ones_look_the_same_for_both(start, confirm, deed):
    resident("ann@town.example")
    looks = []
    for address in ("ann@town.example", "not@town.example"):
        client = Client()
        client.post(start, {"email": address})
        looks.append([seen(client, confirm, address, **deed) for _ in range(2)])
    assert looks[0] == looks[1]


@pytest.mark.adversary("C12")
def test_a_wanted_new_address_does_not_tell_that_somebody_has_it():
    resident("bo@town.example")
    looks = []
    for number, wanted in enumerate(("bo@town.example", "no@town.example")):
        client, user = Client(), resident(f"ann{number}@town.example")
        sign_in_afresh(client, user)
        looks.append([
            (status, text.replace(user.email, ""), cookies)
            for status, text, _heads, cookies in seen(
                client, "/accounts/email/", wanted, action_add=""
            )
        ])  # fmt: skip
    assert looks[0] == looks[1]


# --- C14: signing in leads to our own pages only


HOSTS = (
    "evil.example",
    "evil.example@testserver",
    "testserver.evil.example",
    "[::1]",
    "2130706433",
)
SHAPES = (
    "https://{}/", "http://{}", "//{}/", "///{}", "////{}", "/\\{}", "\\\\{}", "\\/{}", "/\t/{}",
    "/\n/{}", "\t//{}", " //{}", "https:{}", "https:/{}", "https:///{}", "HTTPS://{}",
    "http:\\\\{}", "/%09/{}", "/%5c{}", "/%2f{}", "%2f%2f{}", "//{}%00", "//{}%2f..", "/..//{}",
    "/.//{}", "//{}#@testserver", "//{}?testserver", "//testserver@{}", "//testserver:80@{}",
    "javascript:alert(1)//{}", "JaVaScRiPt://{}", "java\tscript:alert('{}')", "data:text/html,{}",
    "vbscript:{}", "ftp://{}", "mailto:{}", "//\u3002{}", "//{}\u3002", "\u2028//{}", "/\u200b/{}",
    "http://testserver:password@{}", "https://{}/testserver", "x:{}", ".{}", "{}", "?next=//{}",
    "/accounts/logout/?next=//{}", ";//{}", "/;@{}", "//;@{}", "@{}", "http:///{}", "http:@{}",
    "<>//{}", "//{}\\@testserver", "https://testserver\\@{}", "//{}:443", "//{}%E3%80%82",
    "\x00//{}", "\x1f//{}",
)  # fmt: skip
LURES = [shape.replace("{}", host) for shape in SHAPES for host in HOSTS]


def leads_away(location):
    """Whether a browser that is sent to ``location`` leaves the town."""
    cleaned = re.sub(r"[\t\r\n]", "", location).lstrip("".join(map(chr, range(33))))
    slashes = cleaned.replace("\\", "/")
    return slashes.startswith("//") or bool(re.match(r"[a-z][a-z0-9+.-]*:", slashes, re.I))


def test_there_are_as_many_lures_as_the_known_lists_have():
    assert len(LURES) >= 300
    assert leads_away("//evil.example") and not leads_away("/you/")


@pytest.mark.adversary("C14")
@pytest.mark.parametrize("start", range(0, len(LURES), 50))
def test_signing_out_and_in_leads_to_our_own_pages_only(start):
    user = resident()
    for lure in LURES[start : start + 50]:
        client = Client()
        client.post(LOGIN, {"email": user.email, "next": lure})
        client.post(CONFIRM, {"code": code(), "next": lure})
        assert signed_in(client)
        for path in (ENTRANCE, SIGNUP, LOGIN):
            answer = client.get(path, {"next": lure})
            assert not leads_away(answer.headers.get("Location", "/")), (path, lure)
        answer = client.post("/accounts/logout/", {"next": lure})
        assert not leads_away(answer["Location"]), lure


@pytest.mark.adversary("C14")
def test_a_passkey_and_a_fresh_code_lead_to_our_own_pages_only():
    _user, passkey = with_passkey()
    for lure in LURES[::7]:
        client = Client()
        options = client.get(
            f"{HOW}webauthn/login/", headers={"accept": "application/json"}
        ).json()["request_options"]  # fmt: skip
        sent = {"credential": passkey.get(options), "next": lure}
        answer = client.post(f"{HOW}webauthn/login/", sent)
        assert signed_in(client)
        assert not leads_away(answer["Location"]), lure
    ann, client = resident("bo@town.example"), Client()
    client.force_login(ann)
    for lure in LURES[::7]:
        client.post(FRESH, {"next": lure})
        answer = client.post(FRESH, {"next": lure, "code": code()})
        assert not leads_away(answer["Location"]), lure


@pytest.mark.adversary("C14")
def test_no_page_writes_a_lure_into_a_link():
    for lure in LURES:
        for path in (ENTRANCE, SIGNUP, LOGIN, "/language/", "/appearance/"):
            text = Client().get(path, {"next": lure}).content.decode()
            for link in re.findall(r'(?:href|action)="([^"]*)"', text):
                assert not leads_away(link) or "evil" not in link, (path, lure)


def test_a_passkey_of_another_town_is_no_use():
    user, _passkey = with_passkey()
    stranger = Passkey()
    stranger.user = str(user.pk).encode()
    client = Client()
    sign_in(client, stranger)
    assert not signed_in(client)
