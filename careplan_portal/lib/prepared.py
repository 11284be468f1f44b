"""Querysets whose SQL is made once a process, and planned once a connection, and then run with other values.

Django writes the SQL of a queryset anew each time and PostgreSQL plans it anew, both of which cost more than running it
(docs/adr/0026). A query that a main page asks at every visit is stated once, with the ordinary words of Django, and
called with its values::

    _by_number = prepared(lambda number: Office.objects.select_related("municipality").filter(business_number=number))

    _by_number.first("3170400156")

Values stand for whole values (dates, numbers, texts; a list with ``__any``, which is ``__in`` for a place to fill).
Which filters there are cannot depend on them, and None never means IS NULL.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    QuerySet,
    ValuesListIterable,
    get_related_populators,
)

Row = TypeVar("Row")


class Slot(models.Expression):
    """Where a value goes."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class EqualsAny(models.Lookup):
    """``office_id__any=ids``: the value is one of a list."""

    lookup_name = "any"
    prepare_rhs = False  # a list is no value of the field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY {right}", [*left_params, *right_params]


class Prepared(Generic[Row]):
    """What ``prepared`` returns. Raises TypeError at the first call for querysets that it cannot keep: those with
    prefetches or with rows as dictionaries, and when the number of values is another than was stated."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.count = len(inspect.signature(build).parameters)

    def all(self, *values: Any) -> list[Row]:
        """Every row for these values."""
        return self._every.rows(self._checked(values))

    def first(self, *values: Any) -> Row | None:
        """The first row in the queryset's own order, by primary key where it has none; None without one."""
        rows = self._first.rows(self._checked(values))
        return rows[0] if rows else None

    def exists(self, *values: Any) -> bool:
        """Whether there is a row."""
        return bool(self._one.rows(self._checked(values)))

    def _checked(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(values) != self.count:
            raise TypeError(f"{len(values)} values for a query of {self.count}")
        return values

    def queryset(self) -> QuerySet[Any, Row]:
        return self.build(*(Slot(index) for index in range(self.count)))

    @cached_property
    def _every(self) -> _Statement[Row]:
        return _Statement(self.queryset())

    @cached_property
    def _first(self) -> _Statement[Row]:
        found = self.queryset()
        return _Statement((found if found.ordered else found.order_by("pk"))[:1])

    @cached_property
    def _one(self) -> _Statement[Any]:
        found = self.queryset()
        return _Statement((found if found.query.is_sliced else found.order_by()).values_list("pk", flat=True)[:1])


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """State a query once: ``build`` takes as many values as the query has, each used as a filter's right side."""
    return Prepared(build)


class ServerStatement:
    """One statement that PostgreSQL plans once a connection (``PREPARE``) and then runs with the given values.

    ``sql`` has a ``%s`` for each of ``params``, which are constants and ``Slot(index)`` where a value goes; a value that
    goes nowhere (``exists`` leaves columns out) is not handed over.
    """

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        self.sql, self.params = sql, params
        self.name = f"portal_{next(_numbers)}"
        self.used = sorted({one.index for one in params if isinstance(one, Slot)})
        self.call = f"EXECUTE {self.name}" + (f"({', '.join(['%s'] * len(self.used))})" if self.used else "")

    def rows(self, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows for these values, one for each place. Statements of Django count and log it as one query."""
        with connection.cursor() as cursor:
            self._prepare()
            cursor.execute(self.call, [values[index] for index in self.used])
            return list(cursor.fetchall())

    def _prepare(self) -> None:
        session: Any = connection.connection
        known = _prepared_in.setdefault(session, set())
        if self.name not in known:
            # On the driver's own cursor: it belongs to the connection, not to what a page asks.
            with connection.wrap_database_errors, session.cursor() as cursor:
                places = [self._place(cursor, one) for one in self.params]
                cursor.execute(f"PREPARE {self.name} AS {self.sql % tuple(places)}")
            known.add(self.name)

    def _place(self, cursor: Any, one: Any) -> str:
        if isinstance(one, Slot):
            return f"${self.used.index(one.index) + 1}"
        return str(cursor.mogrify("%s", [one]).decode())


_numbers = count()
# What each connection knows; a closed one takes its statements with it.
_prepared_in: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class _Statement(Generic[Row]):
    """The SQL of one queryset, and how its rows are read: what Django's own iterables do, without the writing."""

    def __init__(self, queryset: QuerySet[Any, Row]) -> None:
        # Which rows and prefetches a queryset makes is told nowhere else.
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
            raise TypeError("prefetches cannot be prepared")
        kind = queryset._iterable_class  # noqa: SLF001
        if kind not in (ModelIterable, ValuesListIterable, FlatValuesListIterable):
            raise TypeError(f"{kind.__name__} cannot be prepared")
        self.compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = self.compiler.as_sql()
        self.server = ServerStatement(sql, params)
        columns = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        self.read: Callable[[Sequence[Any]], Any] = tuple
        if kind is FlatValuesListIterable:
            self.read = _only
        elif kind is ModelIterable:
            self.read = _reader(self.compiler)

    def rows(self, values: tuple[Any, ...]) -> list[Row]:
        found = self.server.rows(values)
        if self.converters:
            found = list(self.compiler.apply_converters(found, self.converters))
        return cast("list[Row]", [self.read(row) for row in found])


def _only(row: Sequence[Any]) -> Any:
    return row[0]


def _reader(compiler: Any) -> Callable[[Sequence[Any]], models.Model]:
    """How a row becomes an instance with what it joins and what was annotated."""
    info, annotations = compiler.klass_info, dict(compiler.annotation_col_map or {})
    model, fields = info["model"], info["select_fields"]
    begin, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[begin:end]]
    populators = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def read(row: Sequence[Any]) -> models.Model:
        made = model.from_db(DEFAULT_DB_ALIAS, names, row[begin:end])
        for populator in populators:
            populator.populate(row, made)
        for name, place in annotations.items():
            setattr(made, name, row[place])
        return cast("models.Model", made)

    return read


class PreparedInsert:
    """Writes a new row of a model; like ``save(force_insert=True)`` but planned once a connection and without signals,
    for rows that nothing else is done with."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def write(self, row: models.Model) -> None:
        """Insert ``row``, which gets its primary key. Raises what the database raises."""
        values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self._fields]
        row.pk = self._statement.rows(values)[0][0]
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - the documented way to say it is saved

    @cached_property
    def _fields(self) -> list[Any]:
        return [field for field in self.model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001

    @cached_property
    def _statement(self) -> ServerStatement:
        quote: Any = connection.ops.quote_name
        meta: Any = self.model._meta  # noqa: SLF001
        columns = ", ".join(quote(field.column) for field in self._fields)
        places = ", ".join(["%s"] * len(self._fields))
        sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({places}) RETURNING {quote(meta.pk.column)}"  # noqa: S608 - names of ours
        return ServerStatement(sql, [Slot(index) for index in range(len(self._fields))])
