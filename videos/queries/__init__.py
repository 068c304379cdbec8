"""All that the pages of films read, in a constant number of queries."""

from videos.queries.between import between
from videos.queries.blurring import areas, areas_between, blurring_page, blurring_todos, exact, hidable
from videos.queries.captions import (
    captions_missing,
    captions_page,
    editor,
    has_captions,
    own_tracks,
    removed_tracks,
    transcript,
)
from videos.queries.circles import circle, covers
from videos.queries.collections import (
    collection_list_page,
    collection_page,
    collections,
    thing_named,
)
from videos.queries.comparing import comparison_page
from videos.queries.discussions import circle_choices, discussion_page
from videos.queries.downloads import downloads
from videos.queries.ending import protection_todos
from videos.queries.excerpts import excerpt_list_page, excerpts, side_by_side_page
from videos.queries.figures import Figures, figures
from videos.queries.films import film_page, films, own_film, removed_films, replacement, start_of, todos
from videos.queries.grids import grid_list_page, grid_page, grids, grids_to_use
from videos.queries.kinds import (
    BLUR,
    CONSENT_WITHDRAWN,
    COPY,
    FACES,
    FILM_BLURRED,
    FILM_COMMENTED,
    FILM_ENDING,
    FILM_MENTION,
    FILM_READY,
    FILM_REFUSED,
    FILM_REPLY,
    FINISH,
    FOLLOW,
    HEAVY,
    MAKING,
    NOTICES,
    OBSERVATION_ASKED,
    OBSERVATION_SHOWN,
    OF_A_FILM,
    PIECE,
    PREPARE,
    QUICK,
    SOUND,
    SPEECH,
)
from videos.queries.library import LibraryPage, library_page, search
from videos.queries.moments import (
    activity,
    all_moments,
    moments,
    replies,
    restorable_moments,
    restorable_replies,
    state_of_discussion,
)
from videos.queries.observations import (
    invitable,
    observation_todos,
    round_list_page,
    round_page,
    rounds,
)
from videos.queries.opening import circles_of, key_of, label_of
from videos.queries.projects import (
    class_of,
    decisions_for,
    films_of_project,
    is_answered,
    project_list_page,
    project_page,
    projects,
    recorded_of_key,
    recorded_page,
    scans,
    withdrawal_page,
)
from videos.queries.protection import circle_in_words, protection, protection_page
from videos.queries.readers import circles_offered, named, readers, readers_of
from videos.queries.sheets import (
    excerpts_to_show,
    films_to_show,
    search_sheets,
    sheet_list_page,
    sheet_page,
    sheets,
)
from videos.queries.uploads import deposit_page, open_uploads, same_film, stored_bytes
from videos.queries.watching import chapters, watching
