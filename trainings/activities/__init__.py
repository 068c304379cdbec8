"""H5P activities: packages that authors bring, with the scripts of people we do not know, played in a sandbox.

A package (*paquet*, `.h5p`) is a zip; what it plays is an *activité*. Source: docs/decisions/0049-h5p.md
"""
