"""The verbs of the yearly cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from circo import dates
from circo.access import Permission
from circo.errors import Refusal
from circo.models import District, Person, School, SchoolYear
from networks.cycle import opening as opening_machine
from networks.cycle import telling
from networks.cycle.queries import can_take_back, opening_of, plan, proposed_for
from networks.cycle.rules import DECIDED_AT_ONCE_MOST, Answer, is_open, verbs_from
from networks.groups import rules as group_rules
from networks.groups.rules import COUNTED, Stage, Standing, Verb
from networks.models import Decision, Membership, RelayCommitment, Wish, WishCampaign, YearOpening

NOT_YOURS = "C’est à l’inspecteur ou à l’inspectrice de la circonscription de le décider."
ALREADY_OPEN = "La nouvelle année est déjà ouverte."


class Overtaken(Refusal):
    """Another answer was kept meanwhile, in another tab or on another device. `wish` is the one that stands."""

    def __init__(self, wish: Wish):
        super().__init__(
            "Entre-temps, une autre réponse a été enregistrée pour vous\u00a0: "
            f"«\u00a0{wish.get_answer_display()}\u00a0». "
            "Rien de ce que vous venez d’écrire n’est perdu\u00a0: relisez, puis envoyez-le pour remplacer l’autre."
        )
        self.wish = wish


def _ask_inspector(district_id: int, by: Person) -> None:
    if district_id not in by.reach().district_ids_for(Permission.DECIDE_GROUPS):
        raise Refusal(NOT_YOURS)


def _locked(campaign: WishCampaign) -> WishCampaign:
    rows = WishCampaign.objects.select_for_update(of=("self",)).select_related("district", "school_year")
    return rows.get(pk=campaign.pk)


# --- Wishes -------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_wishes(*, district: District, school_year: SchoolYear, closes_on: date, by: Person) -> WishCampaign:
    """Ask every member of a district what they wish for next year. Asking twice returns the same.

    Raises: Refusal if one does not decide there, or if the closing day lies outside of the school year.
    """
    _ask_inspector(district.pk, by)
    _check_closing(school_year, closes_on, earliest=timezone.localdate())
    campaign, made = WishCampaign.objects.get_or_create(
        district=district, school_year=school_year, defaults={"closes_on": closes_on, "opened_by": by}
    )
    if made:
        telling.tell_that_wishes_open(campaign)
    return campaign


@transaction.atomic
def move_closing(*, campaign: WishCampaign, closes_on: date, by: Person) -> WishCampaign:
    """Give another last day to answer; yesterday closes at once, and another day opens again.

    Raises: Refusal if one does not decide there, if the day lies outside of the school year, or once it is opened.
    """
    campaign = _locked(campaign)
    _ask_inspector(campaign.district_id, by)
    _check_closing(campaign.school_year, closes_on, earliest=timezone.localdate() - timedelta(days=1))
    if opening_of(campaign):
        raise Refusal(ALREADY_OPEN)
    campaign.closes_on = closes_on
    campaign.save(update_fields=["closes_on"])
    return campaign


def _check_closing(school_year: SchoolYear, closes_on: date, *, earliest: date) -> None:
    if closes_on < earliest:
        raise Refusal("Le dernier jour pour répondre est déjà passé\u00a0: choisissez aujourd’hui ou plus tard.")
    if not school_year.first_day <= closes_on <= school_year.last_day:
        raise Refusal("Le dernier jour pour répondre est dans l’année scolaire des vœux.")


@transaction.atomic
def answer(*, membership: Membership, answer: Answer, word: str, version: int, by: Person) -> Wish:
    """Keep what a member wishes; `version` is the answer that the form was made from, 0 for none.

    Raises: Overtaken if another answer was kept since; Refusal after the closing, or for another than oneself.
    """
    row = Membership.objects.select_for_update(of=("self",)).select_related("group__network").get(pk=membership.pk)
    if row.person_id != by.pk:
        raise Refusal("Chacun répond pour soi.")
    if row.standing not in COUNTED:
        raise Refusal("Ce vœu est demandé aux membres du groupe.")
    district_id = row.group.network.district_id
    campaign = WishCampaign.objects.filter(district=district_id, school_year=row.school_year_id).first()
    if campaign is None:
        raise Refusal("Les vœux ne sont pas encore ouverts.")
    today = timezone.localdate()
    if not is_open(campaign.closes_on, today):
        day = dates.day_in_words(campaign.closes_on, today)
        raise Refusal(
            f"Les vœux étaient ouverts jusqu’au {day}. Votre texte est gardé ci-dessous\u00a0: "
            "copiez-le pour l’envoyer à votre équipe, qui peut encore en tenir compte."
        )
    kept = Wish.objects.filter(membership=row).first()
    if (kept.version if kept else 0) != version:
        if kept is None:
            raise Refusal("Ce formulaire est d’une autre année\u00a0: rechargez la page.")
        raise Overtaken(kept)
    kept = kept or Wish(membership=row, version=0)
    kept.answer, kept.word, kept.answered_at = answer.value, word.strip(), timezone.now()
    kept.version += 1
    kept.save()
    return kept


@transaction.atomic
def remind(*, campaign: WishCampaign, by: Person) -> int:
    """Tell again, once a day at the most, those who have not answered; return how many are told.

    Raises: Refusal if one does not decide there, after the closing, or a second time in a day.
    """
    campaign, today = _locked(campaign), timezone.localdate()
    _ask_inspector(campaign.district_id, by)
    if not is_open(campaign.closes_on, today):
        raise Refusal("Les vœux sont clos\u00a0: personne ne peut plus répondre.")
    if campaign.reminded_on == today:
        raise Refusal("Un rappel est déjà parti aujourd’hui. Le prochain pourra partir demain.")
    campaign.reminded_on = today
    campaign.save(update_fields=["reminded_on"])
    return telling.remind(campaign, today)


# --- Decisions ----------------------------------------------------------------------------------------------------
@transaction.atomic
def decide(
    *, campaign: WishCampaign, memberships: Sequence[int], verb: Verb, by: Person, companion: Person | None = None
) -> int:
    """Decide the same for these memberships, all or none; return how many. `companion` is for coming second years.

    Once the new year is open, a late decision is carried out at once.
    Raises: Refusal if one does not decide there, or names whom the decision is not possible for.
    """
    campaign = _locked(campaign)
    _ask_inspector(campaign.district_id, by)
    if not memberships:
        raise Refusal("Choisissez au moins une personne.")
    if len(memberships) > DECIDED_AT_ONCE_MOST:
        raise Refusal(f"Décidez pour {DECIDED_AT_ONCE_MOST} personnes à la fois, au plus.")
    rows = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(pk__in=memberships, group__network__district=campaign.district_id, school_year=campaign.school_year_id)
        .exclude(person=by)
        .select_related("person", "group")
        .order_by("pk")
    )
    _refuse_impossible(rows, set(memberships), verb)
    second = {row.pk for row in rows if _leads_to(row, verb) == Stage.SECOND_YEAR}
    Decision.objects.bulk_create(
        [
            Decision(
                membership=row,
                verb=verb.value,
                accompanied_by=companion if row.pk in second and companion != row.person else None,
                decided_by=by,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["membership"],
        update_fields=["verb", "accompanied_by", "decided_by", "decided_at"],
    )
    if opening := opening_of(campaign):
        late = plan.carried(campaign).filter(pk__in=[row.pk for row in rows])
        opening_machine.carry(opening, plan.lines(campaign, late), by=by)
    return len(rows)


@transaction.atomic
def decide_as_wished(
    *, campaign: WishCampaign, memberships: Sequence[int], by: Person, companion: Person | None = None
) -> int:
    """Decide for each of these memberships what its wish leads to; who has not answered is left as it was.

    Raises: Refusal as `decide` does, or if nobody of them has answered.
    """
    chosen = proposed_for(campaign, memberships)
    if not chosen:
        raise Refusal("Aucune des personnes choisies n’a répondu\u00a0: choisissez une décision pour elles.")
    return sum(
        decide(campaign=campaign, memberships=ids, verb=verb, by=by, companion=companion)
        for verb, ids in chosen.items()
    )


def _leads_to(row: Membership, verb: Verb) -> str:
    return group_rules.the_move(verb, row.state).target.stage


def _refuse_impossible(rows: Sequence[Membership], asked: set[int], verb: Verb) -> None:
    if {row.pk for row in rows} != asked:
        raise Refusal("Une des personnes choisies n’est plus de cette liste\u00a0: rechargez la page.")
    barred = [row for row in rows if verb not in verbs_from(row.state)]
    if barred:
        names = ", ".join(str(row.person) for row in barred[:5])
        more = f" et {len(barred) - 5} autres" if len(barred) > 5 else ""
        raise Refusal(f"{group_rules.ACTS[verb].refusal} Ce n’est pas possible pour\u00a0: {names}{more}.")


@transaction.atomic
def undecide(*, campaign: WishCampaign, membership: Membership, by: Person) -> None:
    """Take a decision back, while the new year is not open.

    Raises: Refusal if one does not decide there, or once it is open.
    """
    campaign = _locked(campaign)
    _ask_inspector(campaign.district_id, by)
    if opening_of(campaign):
        raise Refusal(ALREADY_OPEN)
    asked = {"group__network__district": campaign.district_id, "school_year": campaign.school_year_id}
    rows = Decision.objects.filter(membership=membership)
    rows.filter(**{f"membership__{name}": value for name, value in asked.items()}).delete()


@transaction.atomic
def commit(*, membership: Membership, territory: str, schools: Sequence[School], by: Person) -> RelayCommitment:
    """Write the territory of a relay, by the relay.

    Raises: Refusal for another than oneself, or who is not a relay.
    """
    row = Membership.objects.select_for_update(of=("self",)).select_related("group__network").get(pk=membership.pk)
    if row.person_id != by.pk:
        raise Refusal("C’est au relais de s’engager.")
    if row.stage != Stage.RELAY or row.standing != Standing.ACTIVE:
        raise Refusal("L’engagement se prend comme relais, en troisième année.")
    if any(school.district_id != row.group.network.district_id for school in schools):
        raise Refusal("Choisissez des écoles de votre circonscription.")
    made, _ = RelayCommitment.objects.update_or_create(membership=row, defaults={"territory": territory.strip()})
    made.schools.set(schools)
    return made


# --- The new year -------------------------------------------------------------------------------------------------
@transaction.atomic
def open_year(*, campaign: WishCampaign, by: Person) -> YearOpening:
    """Open the school year that follows, once however often it is asked.

    Raises: Refusal if one does not decide there, or while wishes are still taken.
    """
    campaign = _locked(campaign)
    _ask_inspector(campaign.district_id, by)
    if known := opening_of(campaign):
        return known
    if is_open(campaign.closes_on, timezone.localdate()):
        raise Refusal("Les vœux sont encore ouverts\u00a0: la nouvelle année s’ouvre une fois qu’ils sont clos.")
    first, last = plan.next_year_bounds(campaign.school_year)
    to_year = plan.next_year(campaign.school_year)
    if to_year is None:
        to_year, _ = SchoolYear.objects.get_or_create(first_day=first, defaults={"last_day": last})
    opening = YearOpening.objects.create(
        district=campaign.district, from_year=campaign.school_year, to_year=to_year, opened_by=by
    )
    rows = plan.carried(campaign).select_for_update(of=("self",))
    opening_machine.carry(opening, plan.lines(campaign, rows), by=by)
    return opening


@transaction.atomic
def take_back(*, opening: YearOpening, by: Person) -> YearOpening:
    """Take the opening of a year back, as long as nothing happened in it. Taking it back twice changes nothing.

    Raises: Refusal if one does not decide there, or after the first event of the new year.
    """
    rows = YearOpening.objects.select_for_update(of=("self",)).select_related("district", "from_year", "to_year")
    opening = rows.get(pk=opening.pk)
    _ask_inspector(opening.district_id, by)
    if opening.undone_at:
        return opening
    if not can_take_back(opening):
        raise Refusal("Il s’est déjà passé quelque chose dans la nouvelle année\u00a0: son ouverture ne s’annule plus.")
    opening_machine.take_back(opening, by=by)
    opening.undone_at, opening.undone_by = timezone.now(), by
    opening.save(update_fields=["undone_at", "undone_by"])
    return opening
