"""Statements (xAPI 1.0.3, video profile 1.0) to the store that the platform is set up with, for learners who said yes.

Off unless XAPI_ENDPOINT is set. Source: docs/decisions/0048-xapi.md
"""
