"""Sharing days, the brigade that takes the classes meanwhile, and the festival.

Words: SharingDay ← journée des partages · DayRules ← réglages des journées · Convocation ← convocation · Presence ←
émargement · Half ← demi-journée · Slot ← moment du programme · Workshop ← atelier · guest ← personne invitée ·
Substitute ← titulaire remplaçant · Unavailability ← indisponibilité · CoverNeed ← besoin, classe à prendre ·
CoverPlan ← plan de remplacement · CoverAssignment, mission ← remplacement · CoverRepair ← réparation ·
CoverTrial ← essai · Festival ← Fête de l’apprendre · Animation ← stand ou atelier de la fête · AnimationSession ←
séance.
"""
