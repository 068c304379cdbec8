"""Salons: the rooms where a group, a network, a district or a theme talks, live and for later.

French → code: salon → Salon (kept) · message → Post · fil, réponse → `parent`, `answers` · citation → Quote ·
signalement → PostReport · masquer → hide · épingler → pin · lu jusqu’à → SalonReading.
"""
