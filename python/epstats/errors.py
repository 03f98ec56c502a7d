"""What can go wrong, as exceptions with structure.

Everything that Ep-Stats raises is an :class:`EpStatsError`, and a builtin exception beside it, so that code that catches
``ValueError``, ``KeyError`` or pyparsing's ``ParseException`` goes on to catch it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class _NoParseException(Exception):
    """Stands where pyparsing's exception would, had it been installed."""


if TYPE_CHECKING:
    _ParseException = _NoParseException
else:
    try:
        from pyparsing import ParseException as _ParseException
    except ImportError:
        _ParseException = _NoParseException

__all__ = [
    "DefinitionError",
    "EpStatsError",
    "EpStatsWarning",
    "FormulaError",
    "MissingColumnError",
    "Problem",
    "SourceError",
]


class Problem(NamedTuple):
    """One thing that is wrong with a definition or a formula."""

    severity: str
    """``error``, or ``warning`` for what can be evaluated all the same."""
    code: str
    """Stable word for the kind of problem, such as ``unknown-aggregation``."""
    message: str
    """One sentence: lower case, no final dot."""
    path: Sequence[str | int]
    """Names of fields and places in lists; empty for a formula on its own."""
    formula: str | None
    """The text of the formula, where the problem is inside one."""
    span: tuple[int, int] | None
    """Place in the formula, in characters, the end excluded."""
    expected: str | None
    """What was expected there."""
    found: str | None
    """What was found there."""
    help: str | None
    """At most one suggestion."""
    text: str
    """All of it for people, with the place underlined."""


class EpStatsError(Exception):
    """Anything that Ep-Stats refuses."""


class FormulaError(EpStatsError, _ParseException, ValueError):
    """A formula cannot be read.

    The attributes are those of the first problem; ``problems`` has all of them.
    """

    formula: str
    problems: Sequence[Problem]

    def __init__(self, formula: str, problems: Sequence[Problem] = ()) -> None:
        self.formula = formula
        self.problems = tuple(problems)
        # What pyparsing's exceptions have; harmless where it is not installed.
        self.pstr = formula
        self.loc = self.span[0]
        self.msg = self.message
        self.parser_element = None
        self.args = (formula, self.problems)

    @property
    def code(self) -> str:
        """Stable word for the kind of problem."""
        return self.problems[0].code if self.problems else "wrong-formula"

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        return self.problems[0].message if self.problems else "the formula is wrong"

    @property
    def span(self) -> tuple[int, int]:
        """Where, in characters, the end excluded."""
        return (self.problems[0].span if self.problems else None) or (0, len(self.formula))

    @property
    def expected(self) -> str | None:
        """What was expected there."""
        return self.problems[0].expected if self.problems else None

    @property
    def found(self) -> str | None:
        """What was found there."""
        return self.problems[0].found if self.problems else None

    def __str__(self) -> str:
        return "\n".join(problem.text for problem in self.problems) or f"cannot parse `{self.formula}`"

    def __repr__(self) -> str:
        return f"FormulaError({self.formula!r}, {self.message!r})"

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, Sequence[Problem]]]:
        return (type(self), (self.formula, self.problems))


class DefinitionError(EpStatsError, ValueError):
    """An experiment cannot be evaluated as it is described; ``problems`` has everything that is wrong with it."""

    problems: Sequence[Problem]

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class SourceError(EpStatsError, RuntimeError):
    """Data refuse: a file is gone, a column has the wrong type, a number is infinite."""

    code: str
    """Stable word for the kind of refusal, such as ``wrong-column-type``."""
    message: str
    """One sentence."""
    help: str | None
    """What to do about it."""
    source: str
    """Name of the source; ``frame`` for a frame."""

    def __init__(self, code: str, message: str, help: str | None = None, source: str = "frame") -> None:
        super().__init__(code, message, help, source)
        self.code, self.message, self.help, self.source = code, message, help, source

    def __str__(self) -> str:
        return f"{self.message}; {self.help}" if self.help else self.message


class MissingColumnError(SourceError, KeyError):
    """Data lack a column."""


def source_error(code: str, message: str, help: str | None, source: str) -> SourceError:
    """The exception for a refusal of that kind."""
    kind = MissingColumnError if code == "missing-column" else SourceError
    return kind(code, message, help, source)


class EpStatsWarning(UserWarning):
    """Something about data or method that a reader of the numbers should know; ``code`` says what kind."""

    code: str

    def __init__(self, message: str, code: str = "warning") -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[EpStatsWarning], tuple[str, str]]:
        return (type(self), (str(self), self.code))
