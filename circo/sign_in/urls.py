"""The pages of signing in. allauth's are named one by one: no sign-up, no linking of accounts, no login by code."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from circo.sign_in import views

urlpatterns = [
    path("compte/connexion/", account.login, name="account_login"),
    path("compte/deconnexion/", views.leave, name="account_logout"),
    path("compte/ferme/", account.account_inactive, name="account_inactive"),
    path("compte/verification/", account.reauthenticate, name="account_reauthenticate"),
    path("compte/adresse/", account.email, name="account_email"),
    re_path(r"^compte/adresse/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("compte/mot-de-passe/premier/", account.password_set, name="account_set_password"),
    path("compte/mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("compte/mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "compte/mot-de-passe/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^compte/mot-de-passe/lien/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("compte/sessions/", views.usersessions_list, name="usersessions_list"),
    path("compte/cles/", mfa.index, name="mfa_index"),
    path("compte/cles/code/", mfa.authenticate, name="mfa_authenticate"),
    path("compte/cles/verification/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("compte/cles/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("compte/cles/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("compte/cles/secours/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("compte/cles/secours/nouveaux/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("compte/cles/secours/fichier/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("compte/cles/appareils/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("compte/cles/appareils/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("compte/cles/appareils/connexion/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("compte/cles/appareils/verification/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("compte/cles/appareils/<int:pk>/retirer/", views.mfa_remove_webauthn, name="mfa_remove_webauthn"),
    path("compte/cles/appareils/<int:pk>/nommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("compte/proconnect/", views.proconnect_login, name="proconnect_login"),
    path("compte/proconnect/retour/", views.proconnect_callback, name="proconnect_callback"),
    path("compte/proconnect/parti/", views.proconnect_left, name="proconnect_left"),
    path("invitation/<str:token>/", views.invitation_accept, name="invitation_accept"),
]
