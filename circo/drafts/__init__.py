"""What one has begun to type in a form, kept until it is sent.

Words: brouillon ← `FormDraft`; which form of which page it belongs to ← `place`; what a page gives a form, so that what
is typed there may be kept ← `Ticket`; mis de côté ← set aside, from where it can be taken up again.
"""
