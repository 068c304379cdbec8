"""What people do with films: send, describe, comment, answer, remove."""

from videos.actions.blurring import (
    apply_blur,
    approve_blur,
    change_voices,
    choose_again,
    choose_all,
    choose_areas,
    draw_area,
    give_up_blurring,
    redraw_area,
    search_faces,
)
from videos.actions.captions import (
    Outdated,
    ask_captions,
    import_captions,
    remove_captions,
    restore_captions,
    save_captions,
    shift_captions,
    show_captions,
    start_captions,
    undo_captions,
)
from videos.actions.collections import (
    collect,
    create_collection,
    describe_collection,
    move_item,
    remove_collection,
    remove_item,
    restore_collection,
    restore_item,
)
from videos.actions.consents import agree, decline, decline_by_link, keep_paper, mark_absent, unmark_absent
from videos.actions.deposits import deposit, drop_upload, keep_file, receive, receive_index, start_upload
from videos.actions.excerpts import change_excerpt, make_excerpt, remove_excerpt, restore_excerpt
from videos.actions.films import (
    allow_download,
    describe_film,
    erase_film,
    remove_film,
    restore_film,
    retry_film,
    withdraw_film,
)
from videos.actions.grid_versions import copy_grid, new_version, remove_grid, restore_grid
from videos.actions.grids import (
    add_criterion,
    change_criterion,
    create_grid,
    describe_grid,
    move_criterion,
    remove_criterion,
    restore_criterion,
)
from videos.actions.moments import comment, edit_moment, remove_moment, restore_moment, settle_moment
from videos.actions.observations import (
    close_round,
    finish,
    invite,
    note,
    open_round,
    remove_entry,
    remove_round,
    reopen,
    restore_entry,
    restore_round,
)
from videos.actions.projects import (
    add_adults,
    add_pupils,
    change_project,
    create_project,
    declare_whole,
    delete_project,
    inform,
    remove_recorded,
)
from videos.actions.protecting import share
from videos.actions.replacing import replace_film
from videos.actions.replies import edit_reply, remove_reply, reply, restore_reply
from videos.actions.sheets import (
    SheetText,
    attach,
    remove_document,
    remove_sheet,
    restore_document,
    restore_sheet,
    write_sheet,
)
from videos.actions.watching import keep_position, set_chapters
