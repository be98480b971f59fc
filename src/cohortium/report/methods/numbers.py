"""How numbers are printed, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from cohortium.report import formats
from cohortium.report.journal_style import PRule, in_force

_P_RULES: Mapping[PRule, tuple[str, float, str]] = {
    "beside-0.05": ("two decimals, and three where they are below", 0.01, " or two would print {0.05}"),
    "below-0.05": ("two decimals, and three where they are below", 0.01, " or two would round them up to {0.05}"),
    "plain": ("two decimals, and three where they are below", 0.01, ""),
    "from-0.1": ("three decimals, and two from", 0.1, " on"),
}


def number_sentences(methods: Collection[str]) -> Iterator[str]:
    """The rules of rounding that the analyses of these methods need."""
    used = set(methods)
    yield "Numbers are rounded half away from zero."
    if used & {"baseline", "response-rates", "adverse-events", "sites"}:
        yield (
            "The percentages of a table of counts have one decimal where one of its columns counts 100 patients or "
            "more, and none otherwise."
        )
    if "sequences" in used:
        yield "Percentages of a sequence have one decimal where one of its groups has 100 patients or more, and none otherwise."
    if "kaplan-meier" in used:
        yield "Survival percentages have one decimal."
    if "cumulative-incidence" in used:
        yield "Cumulative incidences in percent have one decimal."
    if used & {"response-rates", "cmh", "logrank", "cox", "logistic", "gray", "fine-gray", "meta-analysis"}:
        yield _p_values()
    if used & {"cox", "fine-gray", "logistic"}:
        names = ["Hazard ratios"] * bool(used & {"cox", "fine-gray"}) + ["Odds ratios"] * ("logistic" in used)
        ratios = " and ".join(names).capitalize()
        yield f"{ratios} have two decimals below 10, one below 100 and none above; beyond 9999 they are >9999."


def _p_values() -> str:
    """The rule of the style in force, its numbers printed in it."""
    head, limit, tail = _P_RULES[in_force().p_rule]
    rule = f"{head} {formats.p_limit(limit)}{tail.replace('{0.05}', formats.p_limit(0.05))}"
    least, most = formats.p_value(0.0), formats.p_value(1.0)
    return (
        f"{formats.p_letter()}-values have {rule}; a {formats.p_letter()}-value below {least[1:]} is printed as {least}, "
        f"one that would round to 1 as {most}."
    )
