"""One letter of each kind, all invented."""

from __future__ import annotations

from datetime import date, time

from circo.documents import letters
from circo.documents.rules import Slot

SENDER = letters.Sender(
    authority="Direction des services départementaux de l’éducation nationale de l’Eure",
    subline="Circonscription de Val-de-Reuil",
    address="24 boulevard des Cerfs-Volants\n27100 Val-de-Reuil",
    contact="02 00 00 00 00\nien.val-de-reuil@academie.example",
    city="Val-de-Reuil",
    signatory="Hélène Martin",
    quality="L’inspectrice de l’éducation nationale",
)
PAPER = {"sender": SENDER, "written_on": date(2026, 11, 2)}
DAY = date(2026, 11, 17)
SLOTS = (Slot(DAY, time(9), time(12)), Slot(DAY, time(13, 30), time(16, 30)))

CONVOCATION = letters.Convocation(
    **PAPER,
    addressee=letters.Addressee(
        name="Amina Petit",
        civility="Madame",
        quality="professeure des écoles",
        school="École Jean-Moulin",
        uai="0271300S",
        address="3 rue des Tilleuls\n27100 Val-de-Reuil",
    ),
    subject="première journée des partages de l’innovation",
    slots=SLOTS,
    place="Collège Alphonse-Allais, salle polyvalente",
    address="12 chaussée de la Voie-Blanche, 27100 Val-de-Reuil",
    access="Parking à l’entrée nord ; bus 1, arrêt Collège.",
    programme=(
        ("9 h", "Accueil et ouverture par la directrice académique"),
        ("9 h 30", "Ateliers en petits groupes : lire à deux voix, problèmes ouverts, écrire chaque jour"),
        ("13 h 30", "Croiser les regards : films et observations"),
        ("16 h", "Ce que j’essaie dès demain"),
    ),
    trainers=("Claire Moreau, conseillère pédagogique", "Jean Robert, formateur"),
    reference="26A0270123",
    followed_by="Sylvie Leroy, secrétariat",
    through="Monsieur le directeur de l’école Jean-Moulin",
    is_mission_order=True,
    hours="6 h sur le temps de classe, hors des 108 heures",
    is_replaced=True,
    substitute="Karim Benali",
    meal="sur place, au self du collège (5 €)",
    reply_by=date(2026, 11, 9),
    reply_to="ce.0270000A@academie.example",
)
MISSION_ORDER = letters.MissionOrder(
    **PAPER,
    name="Amina Petit",
    grade="professeure des écoles de classe normale",
    subject="Observation croisée dans une classe relais",
    places=("Louviers", "Évreux"),
    leaves="mardi 17 novembre 2026 à 8 h, de Val-de-Reuil",
    returns="mardi 17 novembre 2026 à 17 h 30, à Val-de-Reuil",
    administrative_residence="Val-de-Reuil",
    family_residence="Pont-de-l’Arche",
    transport="train, 2de classe",
    vehicle="AA-123-BB, 5 CV, assurance Mutuelle n° 456",
    costs_borne_by="la DSDEN de l’Eure",
    budget_line="Chorus-DT 0140-27",
    reference="OM-2026-31",
)
SIGN_IN = letters.SignInSheet(
    **PAPER,
    subject="Première journée des partages de l’innovation",
    slots=SLOTS,
    place="Collège Alphonse-Allais, Val-de-Reuil",
    people=tuple(
        letters.Present(name, school, note)
        for name, school, note in (
            ("Amina Petit", "École Jean-Moulin", ""),
            ("Bruno Lefèvre", "École Louise-Michel", "absence excusée"),
            ("Chloé N’Guessan-Œuvrard", "École des Cerfs-Volants", ""),
        )
    ),
    trainers=("Claire Moreau",),
    hours="6 h",
    reference="26A0270123",
    blank_rows=4,
)
CERTIFICATE = letters.AttendanceCertificate(
    **PAPER,
    name="Amina Petit",
    quality="professeure des écoles, école Jean-Moulin (Val-de-Reuil)",
    subject="Lire et faire lire à deux voix",
    held_on="du 12 janvier au 9 mars 2027",
    hours="9 h, dont 6 h à distance",
    objectives=("conduire une séance de lecture en binômes", "observer ce que les élèves se disent"),
    mode="en présence et à distance",
    hours_of_18="9 h, au titre de la formation continue",
    result="formation suivie en entier",
    place="Val-de-Reuil",
    reference="26A0270123",
    code="7K3M9QXD2VHC8TBN4WZJ5RGF6PYE",
)
AGREEMENT = letters.PlacementAgreement(
    **PAPER,
    parties=(
        letters.Party("L’université", "INSPÉ de Normandie", "sa directrice, Anne Roux"),
        letters.Party("L’autorité académique", "DSDEN de l’Eure", "la directrice académique"),
        letters.Party("L’école", "École Jean-Moulin", "son directeur, Paul Girard"),
        letters.Party("L’étudiante", "Inès Fournier"),
    ),
    student="Inès Fournier",
    course="master MEEF 1, première année, 450 heures",
    subject="Observer puis pratiquer avec l’aide d’une enseignante.",
    skills=("observer une classe", "préparer et conduire une séance", "analyser sa pratique"),
    activities=("observation", "co-intervention", "conduite de séances préparées avec la tutrice"),
    place="l’école Jean-Moulin (Val-de-Reuil), classe de CE1",
    period="du 12 au 23 janvier 2027",
    presence="8 jours, 24 heures par semaine",
    referent="Marc Dubois",
    tutor="Amina Petit",
    support="Un entretien a lieu chaque soir de classe.",
    insurance="Mutuelle étudiante, contrat n° 789.",
    absences="Toute absence est signalée à l’école et à l’INSPÉ.",
    validation="Le stage compte dans l’unité « Pratique professionnelle ».",
    reference="CS-2027-08",
)
COVER_PLAN = letters.CoverPlan(
    sender=SENDER,
    day="mardi 17 novembre 2026",
    reason="Première journée des partages",
    state="proposé à la cellule remplacement",
    rows=(
        letters.Covered(
            "journée", "Amina Petit", "École Jean-Moulin", "CE1, 24 élèves", "Karim Benali", "École Louise-Michel, 4 km"
        ),
        letters.Covered(
            "matin",
            "Bruno Lefèvre",
            "École Louise-Michel",
            "PS-MS, 27 élèves",
            note="aucun titulaire libre à moins de 40 km",
        ),
    ),
    reference="PR-1",
)
OBSERVATION = letters.ObservationReport(
    sender=SENDER,
    observers=("Bruno Lefèvre",),
    observed="Amina Petit",
    day="mardi 17 novembre 2026",
    classroom="CE1, 22 élèves présents, école Jean-Moulin",
    focus="Ce que se disent deux élèves quand l’un se trompe en lisant.",
    facts=(
        letters.Fact("9 h 05", "Deux élèves relisent la consigne à voix basse.", "Circule, ne reprend pas."),
        letters.Fact("9 h 12", "« Attends, regarde la fin du mot »", "Note la phrase au tableau."),
    ),
    keeps="La règle des trois relectures.",
    questions="Comment forme-t-elle les binômes ?",
    analysis="L’aide vient d’abord du pair.",
    next_step="Essayer au CP avant les vacances.",
)
PROJECT = letters.ProjectSheet(
    sender=SENDER,
    project="Lire à deux voix",
    schools=("École Jean-Moulin", "École Louise-Michel"),
    team=("Amina Petit", "Bruno Lefèvre"),
    referent="Claire Moreau",
    finding="Un tiers des élèves lit mot à mot en fin de CP.",
    objectives=("lire plus souvent à voix haute", "apprendre à aider sans dire la réponse"),
    actions=("dix minutes de lecture en binôme chaque jour", "une séance filmée par mois"),
    indicators=(letters.Indicator("Mots lus en une minute", "38", "61"),),
    calendar=(("octobre", "premiers binômes"), ("mai", "seconde mesure")),
    evaluation="Mesure de la fluence, entretiens avec les élèves.",
    school_council="consulté le 3 novembre 2026, avis favorable",
)
REPORT = letters.Report(
    sender=SENDER,
    heading="Bilan de l’année 2026-2027",
    summary="Une année de rencontres.\n\nLe nombre des groupes a doublé.",
    figures=(("312", "enseignants inscrits"), ("48", "films partagés"), ("96 %", "des classes remplacées")),
    sections=(
        letters.Section(
            "Les groupes",
            "Neuf groupes ont travaillé.",
            ("Groupe", "Membres", "Films"),
            (("Lire en GS", "9", "7"), ("Problèmes au CE1", "11", "5")),
        ),
    ),
)
STATEMENT = letters.HoursStatement(
    **PAPER,
    name="Amina Petit",
    quality="professeur des écoles, École Jean-Moulin (Val-de-Reuil)",
    school_year="2026-2027",
    done="6 h sur 14 h, dont 3 h de formation continue",
    quota="14 h, pour une quotité de 75 %",
    validated="3 h",
    formation="3 h sur 14 h, soit 21 %",
    self_paced="3 h sur 14 h, soit 21 % ; au plus 6 h",
    left="Il reste 8 h, dont au moins 4 h de formation continue.",
    derogation="2026-41, recteur de l’académie de Normandie",
    sums=(letters.HoursSum("Formation continue", "3 h", "0 h", "21 %"),),
    lines=(
        letters.HoursLine(
            "12 octobre 2026",
            "Rencontre : Lire en GS",
            "Rencontres de groupe",
            "animation pédagogique, en présence",
            "3 h",
            "validées le 2 novembre 2026",
        ),
    ),
    note="2 h ont été faites dans une autre circonscription, qui en tient le détail.",
    code="7K3M9QXD2VHC8TBN4WZJ5RGF6PYE",
)
ALL = (STATEMENT, CONVOCATION, MISSION_ORDER, SIGN_IN, CERTIFICATE, AGREEMENT, COVER_PLAN, OBSERVATION, PROJECT, REPORT)
