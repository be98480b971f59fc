"""How numbers are printed, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator


def number_sentences(methods: Collection[str]) -> Iterator[str]:
    """The rules of rounding that the analyses of these methods need."""
    used = set(methods)
    yield "Numbers are rounded half away from zero."
    if used & {"baseline", "response-rates", "adverse-events", "sites"}:
        yield (
            "The percentages of a table of counts have one decimal where one of its columns counts 100 patients or "
            "more, and none otherwise."
        )
    if "kaplan-meier" in used:
        yield "Survival percentages have one decimal."
    if "cumulative-incidence" in used:
        yield "Cumulative incidences in percent have one decimal."
    if used & {"response-rates", "cmh", "logrank", "cox", "logistic", "gray", "fine-gray", "meta-analysis"}:
        yield (
            "p-values have two decimals, and three where they are below 0.01 or two would print 0.05; "
            "a p-value below 0.001 is printed as <0.001, one that would round to 1 as >0.99."
        )
    if used & {"cox", "fine-gray", "logistic"}:
        names = ["Hazard ratios"] * bool(used & {"cox", "fine-gray"}) + ["Odds ratios"] * ("logistic" in used)
        ratios = " and ".join(names).capitalize()
        yield f"{ratios} have two decimals below 10, one below 100 and none above; beyond 9999 they are >9999."
