"""ProConnect, against a real provider over HTTP: who comes in, who does not, and what an attacker would try."""

import base64
import json
import re
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives import serialization
from django.contrib.sessions.models import Session
from django.urls import reverse

from circo.models import Person
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, a_key
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.stop()


@pytest.fixture
def site(live_server, settings, provider):
    settings.SITE_URL = live_server.url
    settings.PROCONNECT = settings.PROCONNECT | {
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "discovery": f"{provider.url}/.well-known/openid-configuration",
        "issuer": provider.url,
    }
    return live_server


class Browser:
    """A browser: keeps cookies, follows redirects, sends forms."""

    def __init__(self, site) -> None:
        self.site, self.session = site, requests.Session()

    def get(self, path, **more):
        return self.session.get(path if path.startswith("http") else f"{self.site.url}{path}", timeout=20, **more)

    def post(self, path, data=None, **more):
        self.get("/compte/connexion/")
        data = {"csrfmiddlewaretoken": self._token(), **(data or {})}
        return self.session.post(f"{self.site.url}{path}", data, timeout=20, **more)

    def _token(self) -> str:
        page = self.get("/aide/") if "sessionid" in self.session.cookies else self.get("/compte/connexion/")
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)

    def leave_for_provider(self, path="/compte/proconnect/", data=None) -> str:
        page = self.post(path, data)
        assert page.status_code == 200, page.text
        return unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text).group(1))

    def enter(self, **more):
        return self.get(self.leave_for_provider(**more))

    def who(self):
        """The person whose session this browser holds."""
        key = self.session.cookies.get("session")
        row = Session.objects.filter(pk=key).first()
        pk = row.get_decoded().get("_auth_user_id") if row else None
        return Person.objects.get(pk=pk) if pk and self.get("/compte/cles/").url.endswith("/cles/") else None


@pytest.fixture
def browser(world, site):
    return Browser(site)


def test_agent_enters_and_is_recognised_by_the_subject_from_then_on(world, browser, provider, site):
    browser.get("/compte/connexion/")
    browser.post("/compte/connexion/", {"login": "x@x.test", "password": "x"})
    response = browser.enter()
    assert (response.status_code, response.url) == (200, f"{site.url}/")
    assert browser.who() == world.amina
    account = SocialAccount.objects.get()
    assert account.uid == f"sub-1@{provider.url}"  # the key is the pair
    assert account.extra_data == {"acr": "eidas1", "amr": ["pwd"]}
    assert not SocialToken.objects.exists()
    world.amina.refresh_from_db()
    assert world.amina.check_password(PASSWORD)  # the other way in stays open
    provider.person = {"sub": "sub-1", "email": "amina.mariee@ecole.test"}
    other = Browser(site)
    other.enter()
    assert other.who() == world.amina  # the address changed there: the subject did not


def test_question_holds_what_proconnect_accepts_and_no_more(browser, provider):
    address = browser.leave_for_provider(
        path="/compte/proconnect/?auth_params=prompt%3Dnone%26evil%3D1&scope=phone,siret&process=connect&action=x"
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    accepted = {"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "acr_values", "claims"}
    assert set(asked) == accepted
    assert set(asked["scope"].split()) == {"openid", "given_name", "usual_name", "email"}
    assert asked["acr_values"] == "eidas1"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert browser.get(address).status_code == 200


def test_one_parameter_more_is_refused_there(browser, provider, settings):
    """The canary: the provider does mind, so the test above proves something."""
    settings.PROCONNECT = settings.PROCONNECT | {"pkce": True}
    response = browser.enter()
    assert (response.status_code, response.text) == (400, "Y000400")


def test_next_is_followed_on_our_own_site_only(browser, site):
    assert browser.enter(data={"next": "/aide/"}).url == f"{site.url}/aide/"
    assert Browser(site).enter(data={"next": "https://evil.example/"}).url == f"{site.url}/"


def test_session_key_changes_and_the_way_in_needs_a_form(world, browser):
    assert browser.get("/compte/proconnect/").status_code == 405
    address = browser.leave_for_provider()
    before = browser.session.cookies["session"]
    browser.get(address)
    assert browser.session.cookies["session"] != before
    assert browser.who() == world.amina


@pytest.mark.parametrize("email", ["inconnue@ecole.test", "deactivated@partages.test", "", None, 3, "pas une adresse"])
def test_unknown_agent_reads_a_kind_page_and_no_account_is_made(world, browser, provider, email):
    people = Person.objects.count()
    provider.person = {"sub": "sub-9", "email": email}
    response = browser.enter()
    assert response.status_code in (401, 403)
    if email and "@" in str(email):
        assert "Nous ne trouvons pas votre compte" in response.text
    assert browser.who() is None
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, 0)


def test_address_that_the_provider_doubts_opens_nothing(world, browser, provider):
    provider.person |= {"email_verified": False}
    assert browser.enter().status_code == 403
    assert browser.who() is None


def test_pending_address_of_somebody_else_opens_nothing(world, browser, provider):
    """Bruno says that he will soon have this address: until its mailbox answers, it is not his."""
    world.bruno.emailaddress_set.create(email="chef@ecole.test", verified=False, primary=False)
    provider.person = {"sub": "sub-2", "email": "chef@ecole.test"}
    assert browser.enter().status_code == 403
    assert browser.who() is None


def test_same_address_under_another_subject_is_refused_once_linked(world, browser, provider, site):
    browser.enter()
    provider.person = {"sub": "sub-2", "email": "amina@ecole.test"}
    thief = Browser(site)
    assert thief.enter().status_code == 403
    assert thief.who() is None
    assert SocialAccount.objects.get().uid.startswith("sub-1@")


def test_same_subject_of_another_issuer_is_somebody_else(world, browser, provider, site, settings):
    browser.enter()
    other = Provider()
    other.person = {"sub": "sub-1", "email": "nobody@ecole.test"}
    settings.PROCONNECT = settings.PROCONNECT | {
        "discovery": f"{other.url}/.well-known/openid-configuration",
        "issuer": other.url,
    }
    thief = Browser(site)
    assert thief.enter().status_code == 403
    assert thief.who() is None
    other.stop()


def test_closed_account_stays_closed(world, browser, provider, site):
    browser.enter()
    world.amina.is_active = False
    world.amina.save()
    assert browser.who() is None
    again = Browser(site)
    assert again.enter().url.endswith(reverse("account_inactive"))
    assert again.who() is None


# --- attacks ------------------------------------------------------------------------------------------------------


def part(data) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def unsigned(claims):
    return f"{part({'alg': 'none', 'kid': 'cle-1', 'typ': 'JWT'})}.{part(claims)}."


def hmac_with_public_key(provider):
    public = provider.key.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def forge(claims):
        algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        head = part({"alg": "HS256", "kid": "cle-1", "typ": "JWT"})
        signature = algorithm.sign(f"{head}.{part(claims)}".encode(), pem)
        return f"{head}.{part(claims)}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    return forge


ATTACKS = {
    "no signature": lambda provider: unsigned,
    "public key as a secret": hmac_with_public_key,
    "another key": lambda provider: lambda claims: provider.sign(claims, key=a_key()),
    "unknown key": lambda provider: lambda claims: provider.sign(claims, headers={"kid": "cle-2"}),
    "no key named": lambda provider: lambda claims: jwt.encode(claims, provider.key, "RS256"),
    "another audience": lambda provider: lambda claims: claims | {"aud": "autre-site"},
    "no audience": lambda provider: lambda claims: {k: v for k, v in claims.items() if k != "aud"},
    "another issuer": lambda provider: lambda claims: claims | {"iss": "https://evil.example"},
    "expired": lambda provider: lambda claims: claims | {"exp": int(time.time()) - 60},
    "another subject": lambda provider: lambda claims: claims | {"sub": "sub-2"},
    "no subject": lambda provider: lambda claims: {k: v for k, v in claims.items() if k != "sub"},
    "subject that is no text": lambda provider: lambda claims: claims | {"sub": ["sub-1"]},
    "rubbish": lambda provider: lambda claims: "a.b.c",
}
ONLY_OF_ID_TOKEN = {
    "nonce of another question": lambda provider: lambda claims: claims | {"nonce": "n" * 43},
    "no nonce": lambda provider: lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
    "never expires": lambda provider: lambda claims: {k: v for k, v in claims.items() if k != "exp"},
    "made for another client": lambda provider: lambda claims: claims | {"azp": "autre-site"},
}
ONLY_OF_USERINFO = {"not signed at all": lambda provider: json.dumps}
CASES = [("id_token", name) for name in (*ATTACKS, *ONLY_OF_ID_TOKEN)] + [
    ("userinfo", name) for name in (*ATTACKS, *ONLY_OF_USERINFO)
]


@pytest.mark.parametrize(("which", "name"), CASES)
def test_forged_answer_opens_nothing(world, browser, provider, which, name):
    provider.spoil[which] = (ATTACKS | ONLY_OF_ID_TOKEN | ONLY_OF_USERINFO)[name](provider)
    response = browser.enter()
    assert response.status_code == 401
    assert "ProConnect n’a pas pu vous identifier" in response.text
    assert browser.who() is None
    assert not SocialAccount.objects.exists()


def test_forged_answer_opens_the_account_of_whoever_does_not_check(world, browser, provider, monkeypatch):
    """The canary: without our check of the tokens, the forger above is Amina."""
    unchecked = {"verify_signature": False, "verify_aud": False}
    monkeypatch.setattr("circo.sign_in.provider.verify", lambda raw, **_: jwt.decode(raw, options=unchecked))
    provider.spoil["id_token"] = unsigned
    browser.enter()
    assert browser.who() == world.amina


def test_answer_carried_to_another_browser_opens_nothing(world, browser, provider, site):
    """Login CSRF: an attacker sends the victim the end of the attacker's own sign-in."""
    gone = browser.session.get(browser.leave_for_provider(), allow_redirects=False, timeout=20)
    victim = Browser(site)
    victim.get("/compte/connexion/")
    assert victim.get(gone.headers["Location"]).status_code == 401
    assert victim.who() is None


def test_answer_serves_once_and_needs_its_state(world, browser, site):
    gone = browser.session.get(browser.leave_for_provider(), allow_redirects=False, timeout=20)
    address = gone.headers["Location"]
    assert browser.get(re.sub(r"state=[^&]+", "state=" + "s" * 43, address)).status_code == 401
    assert browser.get(address).status_code == 200
    assert browser.who() == world.amina
    assert browser.get(address).status_code == 401  # again: the state is used up


def test_discovery_of_another_issuer_is_refused(world, browser, settings):
    settings.PROCONNECT = settings.PROCONNECT | {"issuer": "https://proconnect.example"}
    response = browser.enter()
    assert response.status_code == 401
    assert browser.who() is None


def test_person_who_gives_up_there_comes_back_gently(world, browser, site):
    state = parse_qs(urlsplit(browser.leave_for_provider()).query)["state"][0]
    response = browser.get(f"/compte/proconnect/retour/?error=access_denied&state={state}")
    assert response.url == f"{site.url}/compte/connexion/"
    assert browser.who() is None


def test_silent_provider_is_a_kind_page(world, browser, provider, site):
    provider.stop()
    response = browser.post("/compte/proconnect/")
    assert response.status_code == 401
    assert "ProConnect n’a pas pu vous identifier" in response.text


# --- second factor, leaving, and when it is off -------------------------------------------------------------------


def test_role_that_asks_for_a_second_factor_gives_it_here(world, browser, provider):
    provider.person = {"sub": "sub-5", "email": "inspector@partages.test"}
    assert browser.enter().url.endswith(reverse("mfa_authenticate"))
    assert browser.who() is None


def test_second_factor_given_there_counts(world, browser, provider, site):
    provider.person = {"sub": "sub-5", "email": "inspector@partages.test"}
    provider.amr = ["pwd", "otp", "mfa"]
    assert browser.enter().url == f"{site.url}/"
    world.inspector.authenticator_set.all().delete()
    assert browser.get("/").url == f"{site.url}/"  # none here, and none needed in this session
    provider.amr = ["pwd"]
    assert Browser(site).enter().url.endswith(reverse("mfa_index"))


def test_second_factor_given_there_counts_for_that_person_alone(world, browser, provider, site):
    provider.amr = ["mfa"]
    browser.enter()
    world.inspector.authenticator_set.all().delete()
    browser.post("/compte/deconnexion/")
    browser.post("/compte/connexion/", {"login": "inspector@partages.test", "password": PASSWORD})
    assert browser.get("/").url.endswith(reverse("mfa_index"))


def test_leaving_ends_the_session_there_too(world, browser, provider, site):
    browser.enter()
    address = browser.leave_for_provider("/compte/deconnexion/")
    asked = parse_qs(urlsplit(address).query)
    assert set(asked) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert browser.get(address).url == f"{site.url}/compte/connexion/"
    assert browser.who() is None


def test_leaving_works_when_the_provider_is_away(world, browser, provider, site):
    browser.enter()
    provider.stop()
    assert browser.post("/compte/deconnexion/").url == f"{site.url}/compte/connexion/"
    assert browser.who() is None


def test_person_of_a_password_does_not_pass_by_the_provider_to_leave(world, browser, site):
    browser.post("/compte/connexion/", {"login": "amina@ecole.test", "password": PASSWORD})
    assert browser.post("/compte/deconnexion/").url == f"{site.url}/compte/connexion/"


def test_without_settings_there_is_no_such_door(world, client):
    assert "ProConnect" not in client.get("/compte/connexion/").text
    assert client.post("/compte/proconnect/").status_code == 404
    assert client.get("/compte/proconnect/retour/?state=x&code=y").status_code == 404
