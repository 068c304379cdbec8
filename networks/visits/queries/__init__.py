"""Reads of the pages of visits."""

from networks.visits.queries.pages import SiteListPage, SitePage, site_list_page, site_page, sites
from networks.visits.queries.sites import (
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
