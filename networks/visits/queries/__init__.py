"""Reads of the pages of visits."""

from networks.visits.queries.pages import SiteListPage, SitePage, site_list_page, site_page, sites
from networks.visits.queries.reports import circles_of, opened_reports, reports
from networks.visits.queries.sites import (
    IN_SCHOOL,
    district_ids_of,
    heads_of,
    hosting_schools,
    inspects,
    networks_of,
    practices_named,
    search_sites,
    settings_for,
    settings_of,
    sites_of_group,
    stage_of,
)
from networks.visits.queries.slots import (
    Slot,
    ends_at,
    hosts_absent,
    nearest,
    notice_hours,
    slots,
    starts_at,
    visitor_taken,
    visits_left,
)
from networks.visits.queries.visits import (
    activity,
    busy,
    events,
    has_visits,
    school_visits_page,
    todos,
    visit_list_page,
    visit_page,
    visits,
)
