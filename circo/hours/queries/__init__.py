"""All that is read of hours: accounts, entries of one and of a district, one's private log."""

from circo.hours.queries.accounts import (
    account,
    account_and_rules,
    accounts,
    district_on,
    districts_of,
    mean_share,
    postings_with_hours,
    self_paced_minutes,
    self_paced_of,
    self_paced_rules,
    services,
    shares_of,
    year_asked,
    year_holding,
)
from circo.hours.queries.balances import account_lines, people_asked
from circo.hours.queries.entries import entries_of, entry_page, may, moves_open_to, sees_some, waiting_for, years_of
from circo.hours.queries.log import log_of, log_totals, removed_from_log
from circo.hours.queries.replays import APPLY, COUNT, counts_of, districts_validated, lines_of, replays_page, work_on
from circo.hours.queries.statements import derogation_words, lines_seen, people_followed
from circo.hours.queries.team import (
    Ended,
    Filters,
    Row,
    counts_by_state,
    ended_derogations,
    exported,
    followed,
    narrowed,
    schools_of,
    team_rows,
)
