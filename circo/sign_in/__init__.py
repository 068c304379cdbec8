"""Signing in: what we add to django-allauth (docs/decisions/0005-sign-in.md).

Words: invitation (a link that opens an account), second factor (TOTP or passkey), ProConnect (the State's OpenID
Connect provider for agents), session age (how long a visit may last).
"""
