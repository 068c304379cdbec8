"""Taking a path together: sessions with dates, and how far those are who agreed to be followed.

Words: session ← `PathSession`; date ← `SessionDate`; qui accompagne ← `tutor`.
"""
