"""What one does with sites and visits."""

from networks.visits.actions.sites import (
    SiteText,
    answer_as_head,
    edit_site,
    move_site,
    open_site,
    widen_site,
)
