"""The access rules of views that are not ours, by URL name: allauth's, the admin's, static files'."""

from circo.access import PUBLIC, SIGNED_IN, Permission, ViewRule

RULES: dict[str, ViewRule] = {
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
}

NAMESPACES: dict[str, ViewRule] = {
    "admin": ViewRule(signed_in=True, permission=Permission.USE_ADMIN),
}

# The pages that let somebody add the second factor that their role asks for.
OPEN_BEFORE_SECOND_FACTOR = frozenset({"account_logout", "mfa_index"})


def rule_of(name: str) -> ViewRule | None:
    """Return the rule of a third-party view, or None if it has none."""
    return RULES.get(name) or NAMESPACES.get(name.partition(":")[0] if ":" in name else "")
