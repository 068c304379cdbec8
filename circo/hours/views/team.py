"""The hours of a district: the queue of those who sign, and the table for the record."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, registries
from circo.access import Permission, requires
from circo.downloads import download
from circo.errors import Refusal
from circo.hours import actions, queries, rules
from circo.hours.forms import MoveForm
from circo.hours.queries import Ended, Filters
from circo.hours.rules import Mode, Move, State
from circo.imports import exporting
from circo.models import SchoolYear
from circo.moves import moves_from
from circo.queries import Filter
from circo.rules import number_in

SESSION = "hours-undo"
WORDS_MAX = 100
TABS = (
    ("PROPOSED", "À confirmer"),
    ("CONFIRMED", "À valider"),
    ("VALIDATED", "Validées"),
    ("REFUSED", "Refusées"),
    ("", "Toutes"),
)
SHAPES = (("ligne", "Ligne par ligne"), ("personne", "Par personne"), ("evenement", "Par événement"))


def filters_asked(asked: QueryDict) -> Filters:
    state = asked.get("etat", State.PROPOSED.value)
    return Filters(
        state=State(state) if state in set(State) else None,
        by=asked.get("par", "") if asked.get("par") in dict(SHAPES) else SHAPES[0][0],
        school=number_in(asked.get("ecole")),
        mode=Mode(asked["forme"]) if asked.get("forme") in set(Mode) else None,
        words=" ".join(asked.get("q", "").replace("\0", "").split())[:WORDS_MAX],
        gathered={one.name: asked.get(one.name, "") for one in registries.gatherings()},
    )


def _query(asked: Filters, year: SchoolYear | None, **other: str) -> str:
    """The words of the address of the same page, some of them changed."""
    words = QueryDict(mutable=True)
    words["etat"] = asked.state.value if asked.state else ""
    words["par"] = asked.by
    words["ecole"] = str(asked.school) if asked.school else ""
    words["forme"] = asked.mode.value if asked.mode else ""
    words["q"] = asked.words
    words["annee"] = str(year.first_day.year) if year else ""
    words.update(asked.gathered)
    for name, value in other.items():
        words[name] = value
    for name in [name for name, value in words.items() if not value and name != "etat"]:
        del words[name]  # « etat » stays: left out, it means what waits to be confirmed
    return words.urlencode()


@requires(Permission.VIEW_HOURS)
@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    return _list(request, request.GET, MoveForm())


def _list(request: HttpRequest, words: QueryDict, form: MoveForm, status: int = 200) -> HttpResponse:
    today, asked = timezone.localdate(), filters_asked(words)
    year = queries.year_asked(words.get("annee", ""), today)
    if year is None:
        return render(request, "hours/entry_list.html", {"year": None})
    rows_asked = queries.narrowed(request.user, year, asked)
    counts = queries.counts_by_state(rows_asked)
    page, rows = queries.team_rows(request.user, year, asked, words.get("page", ""))
    possible = moves_from(rules.MOVES, asked.state) if asked.state else []
    moves = [move for move in possible if queries.may(request.user, move)]
    context = {
        "year": year,
        "asked": asked,
        "query": _query(asked, year),
        "tabs": _tabs(asked, year, counts),
        "shapes": [
            (label, f"{request.path}?{_query(asked, year, par=value)}", value == asked.by) for value, label in SHAPES
        ],
        "filters": _choices(request, asked),
        "page": page,
        "rows": rows,
        "form": form,
        "ticked": form.data.getlist("entries") if form.is_bound else [],
        "moves": [(move.value, rules.MOVES[move].label) for move in moves if move is not Move.REFUSE],
        "may_refuse": Move.REFUSE in moves,
        "signs": bool(moves) and any(row.ids for row in rows),
        "undo": _undo(request, words),
        "ended": _ended(request, year),
        "may_replay": queries.may(request.user, Move.VALIDATE),
    }
    return htmx.page(request, "hours/entry_list.html", "entries", context, status=status)


def _ended(request: HttpRequest, year: SchoolYear) -> list[tuple[Ended, str]]:
    """The derogations that are over, each with the address of the lines that it founded."""
    lines = _query(Filters(state=None, mode=Mode.SELF_PACED), year)
    url = f"{reverse('hours:entry_list')}?{lines}"
    return [(one, url) for one in queries.ended_derogations(request.user, year, timezone.localdate())]


def _tabs(asked: Filters, year: SchoolYear, counts: dict[str, int]) -> list[tuple[str, str, bool]]:
    tabs, total = [], sum(counts.values())
    for state, label in TABS:
        url = f"{reverse('hours:entry_list')}?{_query(asked, year, etat=state)}"
        count = counts.get(state, 0) if state else total
        tabs.append((f"{label} ({count})", url, (asked.state or "") == state))
    return tabs


def _choices(request: HttpRequest, asked: Filters) -> list[Filter]:
    schools = [(str(school.pk), str(school)) for school in queries.schools_of(request.user)]
    modes = [(mode.value, label.capitalize()) for mode, label in rules.MODE_LABELS.items()]
    found = [
        Filter("ecole", "École", schools, str(asked.school or ""), none="Toutes"),
        Filter("forme", "Forme", modes, asked.mode or "", none="Toutes"),
    ]
    for one in registries.gatherings():
        found.append(
            Filter(one.name, one.title, list(one.choices(request.user)), asked.gathered[one.name], none="Tous")
        )
    return found


# --- Moves ------------------------------------------------------------------------------------------------------------
@requires(Permission.CONFIRM_HOURS)
@require_POST
def entry_move(request: HttpRequest) -> HttpResponse:
    back = QueryDict(request.POST.get("filtre", "")[:1000])
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _list(request, back, form, status=422)
    move = form.cleaned_data["move"]
    if not queries.may(request.user, move) or not queries.sees_some(request.user, form.cleaned_data["entries"]):
        raise Http404
    try:
        moved = actions.move(
            ids=form.cleaned_data["entries"], move=move, by=request.user, reason=form.cleaned_data["reason"]
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _list(request, back, form, status=409)
    if moved.left:
        left = "Une ligne a changé" if moved.left == 1 else f"{moved.left} lignes ont changé"
        messages.warning(request, f"{left} entre-temps, et n’en fait pas partie.")
    return redirect(f"{reverse('hours:entry_list')}?{_remember(request, moved, move, back)}")


def _remember(request: HttpRequest, moved: actions.Moved, move: Move, back: QueryDict) -> str:
    """Keep in the session what was moved, so that it can be undone; return the address's words that lead back."""
    words = back.copy()
    words.pop("page", None)
    back_move = rules.MOVES[move].undone_by
    words["fait"] = secrets.token_hex(4)
    request.session[SESSION] = {
        "mark": words["fait"],
        "move": back_move.value if back_move else "",
        "ids": moved.ids,
        "text": f"{rules.MOVES[move].said}\u00a0: {rules.in_words(sum(entry.minutes for entry in moved.entries))}.",
    }
    return words.urlencode()


def _undo(request: HttpRequest, words: QueryDict) -> dict | None:
    """What was just done, if it is what this page was led to by."""
    done = request.session.get(SESSION)
    return done if done and words.get("fait") == done["mark"] else None


@requires(Permission.CONFIRM_HOURS)
@require_POST
def entry_undo(request: HttpRequest) -> HttpResponse:
    done = request.session.get(SESSION)
    if not done or not done["move"]:
        messages.error(request, "Il n’y a plus rien à annuler.")
        return redirect("hours:entry_list")
    actions.move(ids=done["ids"], move=Move(done["move"]), by=request.user)
    del request.session[SESSION]
    messages.success(request, "C’est annulé.")
    return redirect("hours:entry_list")


# --- The table --------------------------------------------------------------------------------------------------------
@requires(Permission.VIEW_HOURS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    year = queries.year_asked(request.GET.get("annee", ""), timezone.localdate())
    if year is None:
        raise Http404
    table = exporting.to_csv(queries.exported(request.user, year, filters_asked(request.GET)))
    return download(table, f"heures-{year}.csv")


@requires(Permission.VIEW_HOURS)
@require_safe
def accounts_export(request: HttpRequest) -> HttpResponse:
    year = queries.year_asked(request.GET.get("annee", ""), timezone.localdate())
    if year is None:
        raise Http404
    table = exporting.to_csv(queries.account_lines(request.user, year, filters_asked(request.GET)))
    return download(table, f"comptes-{year}.csv")
