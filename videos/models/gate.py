"""The gate of films as SQL that a process writes once a day, then only fills with who asks.

Building this condition from its rule costs Django some ten milliseconds, at each request and for each piece of a film;
the database answers in less than one. What it says stays in `sharing` alone: here it is called with somebody who
stands for the person, and the text that comes out is kept, one for each shape of reach (« teaches in one district »).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Expression, F, UUIDField

from circo.access import Reach
from videos.models import sharing

if TYPE_CHECKING:
    from circo.access import Anyone

FILM = "{film}"  # in the text kept: the column of the film that is asked about
STAND_IN = -2_000_000_000  # and below: ids that no row has, in the place of those that are filled in
SHAPES_MOST = 500

_written: dict[Any, tuple[str, tuple[Any, ...]]] = {}


@dataclass(frozen=True)
class _Somebody:
    """Whoever stands for the person while the SQL is written."""

    pk: int
    of: Reach
    is_authenticated: bool = True
    is_active: bool = True

    def reach(self) -> Reach:
        return self.of


class _ThatFilm(Expression):
    """The film that is asked about, in the text kept."""

    output_field = UUIDField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return FILM, ()


class Gate(Expression):
    """True for a film that is shown to others, if the person is in its circle today: `sharing`, already in SQL."""

    output_field = BooleanField()

    def __init__(self, person: Anyone, today: date) -> None:
        super().__init__()
        self.film: Any = F("pk")
        self.today = today
        self.somebody, self.given = _stand_in(person)

    def get_source_expressions(self) -> list[Any]:
        return [self.film]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.film,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        film, _ = compiler.compile(self.film)
        sql, params = self._text(connection)
        # The type that the database's adapter gave to an id is kept.
        filled = tuple(type(one)(self.given[one]) if one in self.given else one for one in params)
        return sql.replace(FILM, film), filled

    def _text(self, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key = (connection.alias, self.today, self.somebody)
        if key not in _written:
            if len(_written) >= SHAPES_MOST:  # those of former days among them
                _written.clear()
            _written[key] = self._write(connection)
        return _written[key]

    def _write(self, connection: Any) -> tuple[str, tuple[Any, ...]]:
        films = self.film.target.model._base_manager  # the model itself imports this module
        rule = sharing.in_circle_of(self.somebody) & sharing.complete_record(self.today)
        query = films.filter(rule, pk=_ThatFilm()).query.exists()
        # Names that no query around it uses, or theirs would hide the film that is asked about.
        query.change_aliases({alias: f"gate_{alias}" for alias in query.alias_map})
        sql, params = query.get_compiler(connection=connection).as_sql()
        return f"EXISTS({sql})", tuple(params)


def _stand_in(person: Anyone) -> tuple[_Somebody, Mapping[int, int]]:
    """Return somebody of the same shape whose ids are stand-ins, and what each of these stands for."""
    stands: dict[tuple[str, int], int] = {}

    def stand_in(kind: str, pk: int) -> int:
        return stands.setdefault((kind, pk), STAND_IN - len(stands))

    def one(kind: str, pk: int | None) -> int | None:
        return None if pk is None else stand_in(kind, pk)

    pk = stand_in("person", person.pk or 0)
    grounds = tuple(
        replace(
            ground,
            district_ids=frozenset(stand_in("district", found) for found in sorted(ground.district_ids)),
            departement_id=one("departement", ground.departement_id),
            institution_id=one("institution", ground.institution_id),
        )
        for ground in person.reach().grounds
    )
    somebody = _Somebody(pk, replace(person.reach(), grounds=grounds))
    return somebody, {stand: pk for (_, pk), stand in stands.items()}
