"""Mentoring: a relay or second-year teacher accompanies a newcomer, and what they say to each other is theirs alone.

French → code: binôme de mentorat → MentoringPair · nouvel arrivant → newcomer · accompagnant → mentor · objectif →
MentoringGoal · rencontre → MentoringMeeting · fil → thread, MentoringMessage.
Source: docs/decisions/0025-mentoring-privacy.md
"""
