"""What one does with sites, visits and their reports."""

from networks.visits.actions.bookings import (
    accept_offer,
    agree_focus,
    ask_visit,
    cancel_visit,
    confirm_visit,
    decline_visit,
    may_visit,
    thank,
    write_focus,
)
from networks.visits.actions.reports import (
    ReportText,
    Stale,
    answer_report,
    give_report,
    open_report,
    write_report,
)
from networks.visits.actions.sites import (
    SiteText,
    answer_as_head,
    edit_site,
    move_site,
    open_site,
    widen_site,
)
