"""An independent reading of seats and of their proof, before they are kept: it shares no code with what found them."""

from collections.abc import Iterable

import numpy as np

from events.programme.assigning.problem import Asked, Assigned, Offer

WORTH = np.array([0, 9, 8, 5])  # of a seat, by the rank of the wish; nothing without a wish


def faults_of(people: Iterable[Asked], offers: Iterable[Offer], found: Assigned) -> set[str]:
    """Name what is wrong: a seat that may not be, a value that is not that of the seats, prices that prove nothing."""
    people, offers = sorted(people, key=lambda one: one.person), sorted(one for one in offers if one.seats > 0)
    row, at = {p.person: n for n, p in enumerate(people)}, {o.session: n for n, o in enumerate(offers)}
    slot, workshop, caps = (np.array([getattr(o, name) for o in offers], int) for name in ("slot", "workshop", "seats"))
    slot_at, workshop_at = (np.unique(one, return_inverse=True)[1] for one in (slot, workshop))
    may, chosen, rank = (np.zeros((len(people), len(offers)), int) for _ in range(3))
    for n, p in enumerate(people):
        may[n] = np.isin(slot, [*p.wishes]) & ~np.isin(workshop, [*p.attends])
        for wished in p.wishes.values():
            rank[n, [at[one] for one in wished if one in at]] = [k for k, one in enumerate(wished, 1) if one in at]
    for (person, when), session in found.seats.items():
        if person not in row or session not in at or slot[at[session]] != when:
            return {"seat"}
        chosen[row[person], at[session]] = 1
    sits = np.array([chosen[:, workshop == one].sum(axis=1).max(initial=0) for one in set(workshop)])
    faults = {"seat"} if (chosen > may).any() or (chosen.sum(axis=0) > caps).any() or (sits > 1).any() else set()
    first, luck = may * (rank == 1), np.array([2 if p.was_unlucky else 1 for p in people], int)
    gives = {"places": (may, 0 * luck), "premiers vœux": (0 * may, luck), "rangs": (WORTH[rank], 0 * luck)}
    happy = (chosen * first).any(axis=1)
    values = [int((of_seats * chosen).sum() + of_people[happy].sum()) for of_seats, of_people in gives.values()]
    proofs, is_best = found.proofs, all(p.value == p.bound for p in found.proofs) and len(found.proofs) == len(gives)
    said, true = [(p.name, p.value) for p in proofs], [*zip(gives, values, strict=True)][: len(proofs)]
    faults |= {"value"} if said != true or found.is_proved != is_best else set()

    # Prices: no seat and no happy person of the face gives more than its rows cost; only full rows may cost below 0.
    face, glad, is_full = may > 0, first.any(axis=1), [np.False_] * 5
    for proof, c in ((one, one.prices) for one in proofs if one.prices):
        of_seats, of_people = gives[proof.name]
        cost = c.moments[:, slot_at] + c.sessions + c.workshops[:, workshop_at] - c.firsts[:, None] * first
        cost, own = cost - c.scale * of_seats, c.firsts + c.once - c.scale * of_people
        rows = (c.moments, c.sessions, c.workshops, c.firsts, c.once)
        total = c.moments.sum() + c.sessions @ caps + c.workshops.sum() + c.once.sum()
        is_dear = any(((one < 0) & ~full).any() for one, full in zip(rows, is_full, strict=True))
        if is_dear or (cost[face] < 0).any() or (own[glad] < 0).any() or total != c.scale * proof.bound:
            faults |= {"price"}
        face, glad = face & (cost == 0), glad & (own == 0)
        is_full = [full | (one != 0) for one, full in zip(rows, is_full, strict=True)]
    return faults
