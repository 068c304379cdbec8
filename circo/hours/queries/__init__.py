"""All that is read of hours: accounts, entries of one and of a district, one's private log."""

from circo.hours.queries.accounts import account, accounts, district_on, quotas_of, shares_of, year_asked, year_holding
from circo.hours.queries.balances import account_lines
from circo.hours.queries.entries import entries_of, entry_page, may, moves_open_to, sees_some, waiting_for, years_of
from circo.hours.queries.log import log_of, log_totals, removed_from_log
from circo.hours.queries.team import Filters, Row, counts_by_state, exported, followed, narrowed, schools_of, team_rows
