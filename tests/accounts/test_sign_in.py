import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from accounts import queries
from accounts.adapters import home
from accounts.enums import Role
from accounts.models import User
from accounts.permissions import SECOND_FACTOR
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(client, user, password=PASSWORD):
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def test_the_page_in_our_frame_and_words(client) -> None:
    html = client.get("/accounts/login/").content.decode()
    assert "<h1>サインイン</h1>" in html
    assert "パスキーでサインイン" in html
    assert "placeholder" not in html
    assert "デモの役割を選ぶ" not in html


def test_by_address_whatever_its_case_and_password(client, person) -> None:
    user = person(email="hana@example.jp")
    response = client.post("/accounts/login/", {"login": "HANA@Example.jp", "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert queries.account_events(user)[0].kind == "signed_in"


def test_a_wrong_password_says_nothing_about_the_account(client, person) -> None:
    person(email="hana@example.jp")
    there = client.post("/accounts/login/", {"login": "hana@example.jp", "password": "wrong wrong"})
    nobody = client.post("/accounts/login/", {"login": "nobody@example.jp", "password": "wrong wrong"})
    find = re.compile(r'class="notice errsum".*?</ul>', re.DOTALL)
    said = [find.search(answer.content.decode()) for answer in (there, nobody)]
    assert said[0] is not None
    assert said[1] is not None
    assert said[0].group() == said[1].group()


def test_ten_wrong_passwords_lock_the_door_for_a_while(client, person, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": False}
    settings.AXES_FAILURE_LIMIT = 3
    user = person()
    for _ in range(3):
        last = sign_in(client, user, "wrong wrong wrong")
    assert last.status_code == 429
    assert "サインインを、しばらくお休みします" in last.content.decode()
    assert sign_in(client, user).status_code == 429
    assert "_auth_user_id" not in client.session


def test_one_persons_mistakes_do_not_lock_out_the_neighbour(client, person, settings) -> None:
    """A whole office may share one address on the network."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": False}
    settings.AXES_FAILURE_LIMIT = 2
    clumsy, neighbour = person(email="clumsy@example.jp"), person(email="neighbour@example.jp")
    for _ in range(3):
        sign_in(client, clumsy, "wrong wrong wrong")
    assert sign_in(client, clumsy).status_code == 429
    assert sign_in(client, neighbour).status_code == 302
    assert client.session["_auth_user_id"] == str(neighbour.pk)


def test_nobody_signs_up_alone(client) -> None:
    assert "自分で登録する画面はありません" in client.get("/accounts/signup/").content.decode()
    answer = client.post("/accounts/signup/", {"email": "x@example.jp", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_forgotten_passwords_are_set_anew_by_mail(client, person, mailoutbox) -> None:
    user = person(email="hana@example.jp")
    client.post("/accounts/password/reset/", {"email": "hana@example.jp"})
    path = re.search(r"http://[^/]+(/\S+)", mailoutbox[0].body)
    assert path is not None
    form = client.get(path.group(1), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another horse 77", "password2": "another horse 77"})
    user.refresh_from_db()
    assert user.check_password("another horse 77")


def test_a_new_passwords_rules_are_said_in_one_sentence(client, person, settings) -> None:
    sign_in(client, person())
    page = client.get("/accounts/password/change/").content.decode()
    length = next(one["OPTIONS"]["min_length"] for one in settings.AUTH_PASSWORD_VALIDATORS if "OPTIONS" in one)
    assert f"{length}文字以上。名前やメールアドレスに似たもの、よくあるもの、数字だけは使えません。" in page
    assert "もう一度、同じパスワード" in page


@pytest.mark.parametrize("signed", [True, False])
def test_a_dead_link_says_so_and_what_to_do(client, person, signed) -> None:
    if signed:
        sign_in(client, person())
    page = client.get("/accounts/confirm-email/nothing/").content.decode()
    assert "<h1>このリンクは、もう使えません</h1>" in page
    assert ("サインインして、もう一度" in page) != signed


@pytest.mark.parametrize(
    "path", ["/me/", "/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/"]
)
def test_own_pages_open(client, person, signed_in, path) -> None:
    user = person()
    sign_in(client, user)
    response = client.get(path)
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


def test_homes_of_roles_exist() -> None:
    assert all(home(role).startswith("/") for role in Role)


# the second factor -----------------------------------------------------------------------------


@pytest.fixture
def strict(settings) -> None:
    settings.TWO_FACTOR_REQUIRED = True


def test_staff_without_one_are_led_to_set_it_up(client, strict, operator) -> None:
    sign_in(client, operator)
    response = client.get("/users/")
    assert response.status_code == 302
    assert response["Location"] == "/me/second-factor/"
    page = client.get("/me/second-factor/").content.decode()
    assert "認証アプリを加える" in page
    assert client.get("/me/").status_code == 200
    assert client.get("/about/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_authenticator_app_opens_the_way(client, strict, operator) -> None:
    sign_in(client, operator)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "もう一度、確かめます" in asked.content.decode()
    again = {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
    page = client.post("/accounts/reauthenticate/", again, follow=True).content.decode()
    secret = re.search(r'<span class="num break">((?:[A-Z2-7]{4} )+[A-Z2-7]{4})</span>', page)
    assert secret is not None
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret.group(1).replace(" ", ""))})
    assert client.session[SECOND_FACTOR] is True
    assert client.get("/users/").status_code == 200
    assert queries.has_second_factor(operator)
    assert "second_factor_added" in [event.kind for event in queries.account_events(operator)]
    assert Authenticator.objects.filter(user=operator, type="recovery_codes").exists()


def test_it_is_asked_for_at_the_next_sign_in(client, strict, operator) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(operator, secret)
    response = sign_in(client, operator)
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/users/").status_code == 302
    assert "二段階の確認" in client.get("/accounts/2fa/authenticate/").content.decode()
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get("/users/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/users/").status_code == 200


def test_codes_need_a_way_that_they_stand_in_for(client, person) -> None:
    user = person()
    sign_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    assert "先に、パスキーか認証アプリを加えてください" in page
    assert "予備のコードを作る</button>" not in page
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert "予備のコードを作る</button>" in client.get("/accounts/2fa/recovery-codes/generate/").content.decode()


def test_office_staff_are_not_asked(client, strict, person) -> None:
    sign_in(client, person())
    assert client.get("/me/second-factor/").status_code == 302


def test_it_is_not_asked_for_where_the_setting_is_off(client, operator) -> None:
    sign_in(client, operator)
    assert client.get("/users/").status_code == 200


def test_the_admin_asks_for_it_too(client, strict, operator) -> None:
    sign_in(client, operator)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/me/second-factor/"


def test_another_operator_can_let_somebody_start_again(client, strict, operator, helpdesk, signed_in) -> None:
    TOTP.activate(helpdesk, "JBSWY3DPEHPK3PXP")
    sign_in(client, operator)
    session = client.session
    session[SECOND_FACTOR] = True
    session.save()
    client.post(f"/users/{helpdesk.pk}/act/", {"do": "second-factor", "act-reason": "電話をなくした"})
    assert not queries.has_second_factor(helpdesk)
    event = queries.account_events(helpdesk)[0]
    assert (event.kind, event.reason, event.by) == ("second_factor_reset", "電話をなくした", operator)


# the demo ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_one_button_a_role_in_the_demo(client, settings, role) -> None:
    settings.PORTAL_ENV = "demo"
    html = client.get("/accounts/login/").content.decode()
    assert f'value="{role.value}"' in html
    assert client.post("/demo/sign-in/", {"role": role.value}).status_code == 302
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert user.role == role
    assert user.email.endswith("@demo.example")
    client.post("/demo/sign-in/", {"role": role.value})
    assert User.objects.count() == 1


def test_a_demo_sign_in_stands_among_the_signed_in_devices(client, settings) -> None:
    settings.PORTAL_ENV = "demo"
    assert client.post("/demo/sign-in/", {"role": "helpdesk"}).status_code == 302
    assert "（いまの機器）" in client.get("/accounts/sessions/").content.decode()


@pytest.mark.parametrize("environment", ["production", "development", "test"])
def test_never_outside_the_demo(client, settings, environment) -> None:
    settings.PORTAL_ENV = environment
    assert client.post("/demo/sign-in/", {"role": "operator"}).status_code == 404
    assert "demo-roles" not in client.get("/accounts/login/").content.decode()
    assert not User.objects.exists()


def test_the_demo_sign_in_leads_nowhere_else(client, settings) -> None:
    settings.PORTAL_ENV = "demo"
    answer = client.post("/demo/sign-in/", {"role": "auditor", "next": "https://example.org/"})
    assert answer["Location"] == home("auditor")
    answer = client.post("/demo/sign-in/", {"role": "auditor", "next": "/about/"})
    assert answer["Location"] == "/about/"
    assert client.post("/demo/sign-in/", {"role": "emperor"}).status_code == 404


@pytest.mark.parametrize(
    ("button", "address", "role"),
    [("clerk", "clerk@demo.example", "office_staff"), ("administrator", "administrator@demo.example", "officer")],
)
def test_the_demo_has_others_beside_the_roles(client, settings, button, address, role) -> None:
    settings.PORTAL_ENV = "demo"
    assert f'value="{button}"' in client.get("/accounts/login/").content.decode()
    assert client.post("/demo/sign-in/", {"role": button}).status_code == 302
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert (user.email, user.role) == (address, role)
