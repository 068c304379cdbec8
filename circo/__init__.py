"""The ground of the house: people, places, roles, school years, rights, notices, background jobs.

It is also the project package (settings, urls, Celery). It imports no other app of ours.

French → code: circonscription → District · département → Departement · école → School · année scolaire → SchoolYear ·
affectation → Posting · dérogation → Derogation · niveau → GradeLevel · avis → Notice · à faire → todo.
"""
