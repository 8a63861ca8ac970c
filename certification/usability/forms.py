"""What a form is for, from what its fields ask for, its heading, its address and its buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from certification.browser.page import Form
from certification.usability.field_class import BOX_CLASSES, PASSWORDS, FieldClass, Guess
from certification.usability.plain_text import plain


class FormKind(StrEnum):
    """What a form is for."""

    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    CODE = "one-time code"
    PAYMENT = "payment"
    SEARCH = "search"
    OTHER = "other"


_SIGN_UP = re.compile(
    r"sign ?up|register|registr|create (an |your |my |a )?(free )?account|create|join|get started|start (your )?(free )?trial|free trial|enrol|try (it )?(for )?free|new (customer|user|account|member)|neues konto|konto erstellen|anmelden und|jetzt starten|kostenlos|inscri|s'inscrire|creer (un|mon|votre) compte|crear (una )?cuenta|registrarse|registrate|crea (un )?account|registrati|iscriviti|criar (uma )?conta|cadastr|registreren|account aanmaken|zarejestruj|zaloz konto|utworz konto|skapa konto|opret|opprett|зарегистр|регистрац|создать|新規|登録|アカウント作成|作成|注册|註冊|회원가입|가입"
)
_SIGN_IN = re.compile(
    r"sign ?in|log ?in|log ?on|sign ?on|logon|anmeld|einloggen|connexion|se connecter|connectez|iniciar sesion|acceder|entrar|ingresar|accedi|entra|login|inloggen|aanmelden|zaloguj|logga in|log ind|logg inn|kirjaudu|giris|войти|вход|ログイン|サインイン|登录|登入|로그인|forgot|remember me|mot de passe oublie|passwort vergessen|olvid|dimenticat"
)


def form_kind(guesses: Sequence[Guess], form: Form | None, buttons: str) -> FormKind:
    """Return what a form is for, from what its fields ask for, its heading, its address and its buttons."""
    kinds = [guess.kind for guess in guesses]
    passwords = sum(kind in PASSWORDS for kind in kinds)
    told = plain(f"{form.heading} | {form.action} | {form.id} | {form.name} | {form.css}" if form else "")
    pressed = plain(buttons)
    if FieldClass.CARD_NUMBER in kinds and passwords == 0:
        return FormKind.PAYMENT
    up = 2.0 * bool(_SIGN_UP.search(told)) + 2.5 * bool(_SIGN_UP.search(pressed))
    into = 2.0 * bool(_SIGN_IN.search(told)) + 2.5 * bool(_SIGN_IN.search(pressed))
    up += 3.0 * (kinds.count(FieldClass.NEW_PASSWORD) > 0) + 2.0 * (passwords == 2)
    into += 3.0 * (kinds.count(FieldClass.CURRENT_PASSWORD) > 0) + 1.5 * (FieldClass.REMEMBER in kinds)
    personal = {
        FieldClass.FIRST_NAME,
        FieldClass.LAST_NAME,
        FieldClass.FULL_NAME,
        FieldClass.COMPANY,
        FieldClass.BIRTHDAY,
        FieldClass.CONSENT,
        FieldClass.JOB_TITLE,
    }
    up += 1.5 * min(2, len(personal & set(kinds)))
    if passwords == 1 and len([kind for kind in kinds if kind not in BOX_CLASSES]) == 2:
        into += 1.0
    if passwords == 0 and FieldClass.ONE_TIME_CODE in kinds:
        return FormKind.CODE
    if passwords == 0 and set(kinds) <= {FieldClass.SEARCH, FieldClass.UNKNOWN} and FieldClass.SEARCH in kinds:
        return FormKind.SEARCH
    if max(up, into) < 2 or (passwords == 0 and up < 2.5 and into < 2.5):
        return FormKind.OTHER
    return FormKind.SIGN_UP if up > into else FormKind.SIGN_IN
