"""When there is school, and where; when people are taken; what is on somebody's agenda.

French → code: demi-journée → HalfDay · jour de classe → school day · zone de vacances → Zone · jour férié → public
holiday · pré-rentrée, rentrée → school_year_edges · agenda → CalendarEvent.
"""
