"""The study file while it is checked: the parts that can be judged, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cohortium.errors import Problem
from cohortium.study.derive import AnyDerive, RuleSection
from cohortium.study.locate import Lines, Path
from cohortium.study.model import StudyFile
from cohortium.study.printable import visible
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import SITE, Kind, Level, Variable

STUDY_FILE = "study.toml"
SITES_FILE = "sites.toml"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Draft:
    """What the rules look at.

    file        the study file; elements with a fault of their own are left out
    positions   for each list of sections, the positions in the text of the elements that are left
    lines       lines of the text
    dictionary  declared variables by name, identifiers included
    broken      names that have a fault of their own: a reference to one is not a second problem
    complete    False when the dictionary could not be read, so that no name can be judged
    """

    file: StudyFile
    positions: Mapping[Path, tuple[int, ...]]
    lines: Lines
    dictionary: Mapping[str, Variable]
    broken: frozenset[str]
    complete: bool = True

    def problem(self, path: Path, what: str, hint: str = "") -> Problem:
        """A problem at a path of `file`."""
        return problem_at(self.lines, self._in_text(path), what, hint)

    def _in_text(self, path: Path) -> Path:
        for head, positions in self.positions.items():
            length = len(head)
            if path[:length] == head and len(path) > length:
                return (*head, positions[int(path[length])], *path[length + 1 :])
        return path

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """What analyses can use: the dictionary without identifiers, derived variables, `site`."""
        return usable_variables(self.file, self.dictionary.values(), self.line_of)

    def above(self, index: int) -> dict[str, Variable]:
        """What the [[derive]] section of a position can use: the dictionary, the site and what is derived above it."""
        made = {variable.name for derive in self.file.derive[index:] for variable in derived_variables(derive)}
        return {
            name: variable
            for name, variable in self.variables.items()
            if name not in made or name in self.dictionary or name == SITE
        }

    def line_of(self, path: Path) -> int:
        """Line of a path of `file`."""
        return self.lines.of(self._in_text(path))

    def is_excused(self, name: str) -> bool:
        """Whether a name cannot be judged, since what it names has a fault of its own."""
        return name in self.broken

    def mentions_broken(self, expression: str) -> bool:
        """Whether an expression uses a name that cannot be judged."""
        return not self.complete or any(word in self.broken for word in _WORD.findall(expression))

    def check_variable(
        self, path: Path, name: str, kinds: Iterable[Kind], purpose: str, usable: Mapping[str, Variable] | None = None
    ) -> Iterator[Problem]:
        """Problems of one reference to a variable: unknown, identifying, or not of the kinds that fit its purpose."""
        if not self.complete or self.is_excused(name):
            return
        variables = self.variables if usable is None else usable
        variable = variables.get(name)
        if variable is None:
            declared = self.dictionary.get(name)
            if declared is not None and declared.identifier:
                yield self.problem(path, *identifier_fault(name))
            else:
                yield self.problem(path, f"unknown variable {shown(name)}", did_you_mean(name, variables))
        elif variable.kind not in tuple(kinds):
            yield self.problem(path, f"{name} is {KIND_IN_WORDS[variable.kind]}; expected {purpose}")

    def check_reference(self, path: Path, thing: str, name: str, names: Iterable[str]) -> Iterator[Problem]:
        """A problem when an analysis or an endpoint of that name is not declared."""
        options = list(names)
        if name not in options and not self.is_excused(name):
            yield self.problem(path, f"unknown {thing} {shown(name)}; {one_of(options)}", did_you_mean(name, options))


KIND_IN_WORDS: Mapping[Kind, str] = {
    "category": "a category",
    "number": "a number",
    "integer": "a whole number",
    "date": "a date",
    "text": "free text",
}

Rule = Callable[[Draft], Iterator[Problem]]


def identifier_fault(name: str) -> tuple[str, str]:
    """What is said of every use of an identifying variable."""
    what = f"{name} is marked as an identifier in dictionary.csv, so it never leaves intake and cannot be used"
    return what, "use another variable, or clear the column Identifier? if it identifies nobody"


def problem_at(lines: Lines, path: Path, what: str, hint: str = "") -> Problem:
    """A problem with its line and its path as printed: `analysis[3].method`, elements counted from 1."""
    printed = ""
    for part in path:
        printed += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if printed else part
    return Problem(lines.place(path), f"{visible(printed)}: {what}" if printed else what, hint)


def derived_variables(derive: AnyDerive) -> tuple[Variable, ...]:
    """The variables that a [[derive]] section makes."""
    if isinstance(derive, RuleSection):
        return derive.variables()
    if derive.value is None:
        texts = dict.fromkeys(case.level for case in derive.cases)
        return (Variable(derive.name, derive.label, "category", tuple(Level(text, text) for text in texts)),)
    limits = (derive.minimum, derive.maximum, derive.decimals)
    return (Variable(derive.name, derive.label, "number", (), derive.unit, *limits),)


def _as_text(key: Variable) -> Variable:
    return key if key.kind == "date" else replace(key, kind="text", levels=())


def usable_variables(
    file: StudyFile, dictionary: Iterable[Variable], line_of: Callable[[Path], int]
) -> dict[str, Variable]:
    """What analyses can use, by name: the dictionary without identifiers, derived variables, `site`.

    The key stays text whatever the dictionary says, so that leading zeros survive.
    """
    variables = {
        variable.name: _as_text(variable) if variable.name == file.data.key else variable
        for variable in dictionary
        if not variable.identifier
    }
    for index, derive in enumerate(file.derive):
        line = line_of(("derive", index))
        variables |= {variable.name: replace(variable, line=line) for variable in derived_variables(derive)}
    assigned = tuple(Level(site.id, site.name) for site in file.site if not site.unassigned)
    variables[SITE] = Variable(SITE, "Institution", "category", assigned, line=line_of(("site",)))
    return variables
