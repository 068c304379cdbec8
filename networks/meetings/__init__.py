"""Meetings of a group: a date found together, a place, who came, what was said, the hours.

French → code: rencontre → Meeting · sondage de dates → poll, PollOption, PollAnswer · ordre du jour → agenda · compte
rendu → minutes · émargement, présence → Attendance · excusé·e → EXCUSED · tenue → HELD.
"""
