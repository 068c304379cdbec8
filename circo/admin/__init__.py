"""The admin of the inspector's team, scoped by district exactly like the portal.

`site` says who enters and what the index shows; `scoped` holds the scoping that every model's admin inherits;
`history` who changed what; the rest is one module per part of the work, imported by `circo.apps.AdminConfig`.
"""
