"""Placements as letters: agreements, calendars, sheets to sign, reviews, the balance of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circo import french
from circo.documents.letters import Party, PlacementAgreement, Present, Report, Section, SignInSheet
from circo.documents.rules import Slot, day
from circo.errors import Refusal
from networks.visits.rules import HOURS
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.models import (
    AgreementSignature,
    PartnerAgreement,
    Placement,
    PlacementDay,
    PlacementReview,
    PlacementTerms,
)
from partnerships.papers import queries, rules
from partnerships.papers.rules import Balance
from partnerships.placements.queries import pages

CALENDAR_HEADER = ("Quand", "Pour", "Qui", "Adulte référent")


# --- The agreement of each student ------------------------------------------------------------------------------------
def agreements(placements: Sequence[Placement], *, rank: int | None = None) -> list[PlacementAgreement]:
    """One agreement for each student of these placements who still has a half-day; `rank`: for that one alone.

    Raises: Refusal if the text of a course is not written yet, or if nobody has a half-day.
    """
    programmes = {one.cohort.programme_id: one.cohort.programme for one in placements}
    terms = {one.programme_id: one for one in PlacementTerms.objects.filter(programme__in=programmes)}
    if missing := sorted({str(programmes[pk]) for pk in programmes.keys() - terms.keys()}):
        raise Refusal(f"Écrivez d’abord ce que disent les conventions de la formation {', '.join(missing)}.")
    days = queries.days_of(placements)
    going = [(one, of) for one in placements for of in one.students.all() if rank in (None, of.rank)]
    found = [
        _agreement(one, str(of.student.person), rows, terms)
        for one, of in going
        if (rows := [row for row in days[one.pk] if row.student_id == of.student_id])
    ]
    if going and not found:
        raise Refusal(f"Le stage {french.of(going[0][1].student.person)} n’a plus de demi-journée.")
    return found


def _agreement(
    placement: Placement, who: str, rows: Sequence[PlacementDay], of_courses: Mapping[int, PlacementTerms]
) -> PlacementAgreement:
    terms, cohort, offer = of_courses[placement.cohort.programme_id], placement.cohort, placement.offer
    kinds = [DayKind(row.kind) for row in rows]
    held = [row for row in rows if row.kind == DayKind.RESPONSIBILITY]
    adults = sorted({str(row.adult) for row in held if row.adult})
    basis = "; ".join(sorted({row.basis for row in held if row.basis}))
    if held:
        named = ", ".join(adults) or "…"
        basis = f"{basis or 'À préciser avant la publication'}. Adulte référent sur place\u00a0: {named}."
    return PlacementAgreement(
        parties=(
            Party("L’établissement d’enseignement", str(cohort.institution), terms.represented_by),
            Party("L’employeur de l’école d’accueil", f"DSDEN, {offer.school.district.departement}"),
            Party("L’école d’accueil", str(offer.school)),
            Party("L’étudiant ou l’étudiante", who),
        ),
        student=who,
        course=f"{cohort.programme}, {terms.yearly_hours}\u00a0heures",
        subject=f"Stage de pratique dans une classe de {offer.levels_words or 'l’école'}.",
        skills=tuple(filter(None, (line.strip() for line in terms.skills.splitlines()))),
        activities=tuple(words for kind, words in rules.ACTIVITIES.items() if kind in kinds),
        place=f"{offer.school}, classe {french.of(offer.person)}",
        period=rules.period([row.day for row in rows]),
        presence=rules.presence(kinds),
        referent=str(placement.tutor or terms.referent),
        tutor=str(offer.person),
        support=terms.support,
        gratification=terms.gratification,
        social_protection=terms.social_protection,
        insurance=terms.insurance,
        absences=terms.absences,
        validation=terms.validation,
        legal_basis=basis,
        reference=f"{cohort.school_year}-{placement.pk}",
    )


# --- Calendars --------------------------------------------------------------------------------------------------------
def calendar(heading: str, parts: Sequence[tuple[str, Sequence[Placement]]]) -> Report:
    """A calendar of placements, one table a class; `parts` go under their own words."""
    days = queries.days_of([one for _, some in parts for one in some])
    return Report(
        heading=heading,
        sections=tuple(
            _calendar_of(f"{title}\u00a0: {one.offer}", days[one.pk]) for title, some in parts for one in some
        )
        or (Section("Aucun stage", "Rien n’est prévu pour l’instant."),),
    )


def _calendar_of(title: str, days: Sequence[PlacementDay]) -> Section:
    """The half-days of one class; who answers there, where somebody is named."""
    columns = len(CALENDAR_HEADER) if any(row.adult_id for row in days) else len(CALENDAR_HEADER) - 1
    rows = tuple(row[:columns] for row in _calendar_rows(days))
    return Section(title, header=CALENDAR_HEADER[:columns], rows=rows)


def _calendar_rows(rows: Sequence[PlacementDay]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            rules.moment(half_day),
            KIND_LABELS[DayKind(some[0].kind)],
            ", ".join(str(one.person) for one in some),
            str(some[0].adult or ""),
        )
        for half_day, some in pages.by_half_day(rows).items()
    )


# --- Sheets to sign ---------------------------------------------------------------------------------------------------
def sheets(placement: Placement) -> list[SignInSheet]:
    """One sheet of signatures a week. Raises: Refusal if no half-day stands."""
    rows = queries.days_of([placement])[placement.pk]
    if not rows:
        raise Refusal("Ce stage n’a plus de demi-journée.")
    people = tuple(Present(str(one.student.person)) for one in placement.students.all())
    return [
        SignInSheet(
            subject=f"Stage, {placement.cohort}, {placement.cohort.institution}",
            slots=tuple(Slot(one.day, *HOURS[one.half]) for one in week),
            place=str(placement.offer.school),
            people=people,
            trainers=(str(placement.offer.person),),
        )
        for week in rules.weeks(row.half_day for row in rows)
    ]


# --- Reviews ----------------------------------------------------------------------------------------------------------
def review(placement: Placement, given: Sequence[PlacementReview]) -> Report:
    """The reviews of a placement that were given; a form to fill by hand where there are none."""
    if not given:
        room = "\n" * 8
        sections = [Section("Ce qui est acquis", room), Section("Ce qui reste à travailler", room)]
        sections.append(Section("Date et signatures", room))
    else:
        sections = [Section(f"{one.of.student.person}, par {one.author}", _said(one)) for one in given]
    return Report(
        heading="Bilan de stage",
        summary=f"{placement.names}, chez {placement.offer.person}, {placement.offer.school}",
        sections=tuple(sections),
    )


def _said(one: PlacementReview) -> str:
    left = f"\n\nCe qui reste à travailler\u00a0: {one.next_steps}" if one.next_steps else ""
    return f"{one.strengths}{left}"


# --- The balance of a year, and the yearly agreement ------------------------------------------------------------------
def balance(year: str, found: Sequence[Balance]) -> Report:
    """The balance of a year of placements."""
    sections = tuple(
        Section(
            one.name,
            header=("Quoi", "Combien"),
            rows=tuple((words, str(figure)) for words, figure in one.pairs),
        )
        for one in found
    )
    return Report(
        heading=f"Bilan des stages, {year}",
        summary="Les demi-journées sont celles des étudiants, par sorte.",
        sections=sections or (Section("Aucun stage", "Rien cette année."),),
    )


def yearly_agreement(agreement: PartnerAgreement, signatures: Sequence[AgreementSignature]) -> Report:
    """The agreement of a year between an institution and a département, to sign on paper."""
    rows = tuple(
        (one.capacity, one.name, f"Signé le {day(one.signed_on)}" if one.signed_on else "") for one in signatures
    )
    sections = [Section("Ce qui est convenu", agreement.terms)]
    if rows:
        sections.append(Section("Signatures", header=("Qualité", "Nom", "Date et signature"), rows=rows))
    reference = f"Réf. {agreement.reference}\n" if agreement.reference else ""
    return Report(
        heading=f"Convention de partenariat {agreement.school_year}",
        summary=f"{reference}{agreement.institution} et {agreement.departement}\n"
        f"{rules.period([agreement.starts_on, agreement.ends_on]).capitalize()}, {agreement.get_state_display()}",
        sections=tuple(sections),
    )
