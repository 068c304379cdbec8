"""Groups of teachers who meet and share, over three years.

French → code: réseau → Network · groupe de mutualisation → MutualisationGroup · membre d’un groupe → Membership ·
année 1, 2, relais → Stage.
"""
