"""Third places, where groups meet, and their bookings.

French → code: tiers-lieu → ThirdPlace · réservation → Booking · quart d’heure réservé → BookedQuarter.
"""
