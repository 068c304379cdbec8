"""Groups of teachers who meet and share, over three years.

French → code: réseau → Network · groupe de mutualisation → MutualisationGroup · membre d’un groupe → Membership ·
année 1, 2, relais → Stage · situation dans le groupe → Standing · venu·e par → Origin · venu·e après un rendez-vous de
carrière → CareerMeeting · passage d’une étape ou d’une situation à l’autre → MembershipMove.
"""
