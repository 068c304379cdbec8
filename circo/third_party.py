"""The access rules of views that are not ours, by URL name: allauth's and the admin's."""

from circo.access import PUBLIC, SIGNED_IN, Permission, ViewRule

RULES: dict[str, ViewRule] = {
    # allauth.account
    "account_login": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,  # the key is the right
    "account_reset_password_from_key_done": PUBLIC,
    "account_confirm_email": PUBLIC,  # the key is the right
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    # allauth.mfa
    "mfa_authenticate": PUBLIC,  # between the password and the session: allauth asks for the pending sign-in
    "mfa_login_webauthn": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
}

ADMIN = ViewRule(signed_in=True, permission=Permission.USE_ADMIN)

# The pages that let somebody add the second factor that their role asks for, and no others.
OPEN_BEFORE_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_set_password",  # somebody of ProConnect has none, and enrolling asks for it again after ten minutes
    }
)


def rule_of(name: str) -> ViewRule | None:
    """Return the rule of a third-party view, or None if it has none."""
    return ADMIN if name.startswith("admin:") else RULES.get(name)
