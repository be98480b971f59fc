"""The study as the rest of the program sees it: frozen and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cohortium.study.analyses import Analysis
from cohortium.study.endpoints import Endpoint, Made, made_of
from cohortium.study.model import StudyFile
from cohortium.study.propensity import Propensity
from cohortium.study.suggest import did_you_mean
from cohortium.study.variables import Variable


@dataclass(frozen=True, slots=True)
class Study:
    """A study whose file and dictionary have passed every check.

    file        the study file
    directory   the study directory
    hash        SHA-256 of the bytes of `inputs`, one after the other, in hexadecimal
    dictionary  variables as declared in dictionary.csv, identifiers included
    variables   what analyses can use, by name: the dictionary without identifiers, derived variables, `site`
    inputs      files that declare the study: study.toml, dictionary.csv and sites.toml where there is one
    """

    file: StudyFile
    directory: Path
    hash: str
    dictionary: tuple[Variable, ...]
    variables: Mapping[str, Variable]
    inputs: tuple[str, ...] = ("study.toml", "dictionary.csv")

    def variable(self, name: str) -> Variable:
        """The variable of that name; LookupError when there is none."""
        if name not in self.variables:
            raise LookupError(_unknown("variable", name, self.variables))
        return self.variables[name]

    def label_of(self, variable: str, code: str) -> str:
        """The printed label of a category's code; LookupError when it is not declared."""
        for level in self.variable(variable).levels:
            if level.code == code:
                return level.label
        # The code may come from a site's file, so the message must not repeat it.
        raise LookupError(f"a code of {variable} is not among its declared levels")

    def analysis(self, name: str) -> Analysis:
        """The analysis of that name; LookupError when there is none."""
        for analysis in self.file.analysis:
            if analysis.name == name:
                return analysis
        raise LookupError(_unknown("analysis", name, [analysis.name for analysis in self.file.analysis]))

    def propensity(self, name: str) -> Propensity:
        """The propensity score of that name; LookupError when there is none."""
        for section in self.file.propensity:
            if section.name == name:
                return section
        raise LookupError(_unknown("propensity score", name, [section.name for section in self.file.propensity]))

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint of that name; LookupError when there is none."""
        for endpoint in self.file.endpoint:
            if endpoint.name == name:
                return endpoint
        raise LookupError(_unknown("endpoint", name, [endpoint.name for endpoint in self.file.endpoint]))

    def made(self, name: str) -> Made:
        """What the endpoint of that name comes down to; LookupError when there is none."""
        return made_of(self.endpoint(name), {endpoint.name: endpoint for endpoint in self.file.endpoint})


def _unknown(thing: str, name: str, options: Mapping[str, object] | list[str]) -> str:
    return f"the study has no {thing} '{name}' {did_you_mean(name, options)}".rstrip()
