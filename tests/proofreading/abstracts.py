"""Generated abstracts whose numbers are computed from one made-up study each, and errors planted in them.

Every abstract is written from one of several models of prose; without a planted error all its numbers fit together.
"""

import math
import random
from dataclasses import dataclass

from scipy.stats import binomtest, chi2, chi2_contingency, norm


@dataclass(frozen=True)
class Abstract:
    """A text and the rule that must remark its planted error; an empty rule where nothing is planted."""

    text: str
    rule: str


def corpus(n, seed):
    """Half of the abstracts have one error each, of every kind in turn."""
    draws = random.Random(seed)  # noqa: S311 - no secret depends on it
    return [_abstract(draws, _KINDS[(i // 2) % len(_KINDS)] if i % 2 else "") for i in range(n)]


def half_up(value, decimals):
    scale = 10**decimals
    return f"{math.floor(value * scale + 0.5 + 1e-9) / scale:.{decimals}f}"


def p_text(p):
    if p < 0.001:
        return "p < 0.001"
    return f"p = {half_up(p, 3)}" if p < 0.1 else f"p = {half_up(p, 2)}"


def _abstract(draws, planted):
    a, b = draws.randint(40, 230), draws.randint(40, 230)
    x, y = round(a * draws.uniform(0.3, 0.6)), round(b * draws.uniform(0.5, 0.8))
    c = draws.randint(20, 90)
    d = a + b - c if c < a + b else 1
    n = a + b
    share = [100 * x / a, 100 * y / b]
    table = [[x, a - x], [y, b - y]]
    test = draws.choice(["Pearson", "Yates"])
    p = chi2_contingency(table, correction=test == "Yates").pvalue
    hr, se = math.exp(draws.uniform(-0.7, 0.9)), draws.uniform(0.08, 0.3)
    low, high = math.exp(math.log(hr) - 1.96 * se), math.exp(math.log(hr) + 1.96 * se)
    p_hr = 2 * norm.sf(abs(math.log(hr)) / se)
    statistic, df = draws.uniform(1, 18), draws.randint(1, 4)
    p_statistic = chi2.sf(float(half_up(statistic, 2)), df)
    limits = binomtest(x, a).proportion_ci(0.95, "exact")
    words = {
        "n": n, "a": a, "b": b, "x": x, "y": y, "c": c, "d": d,
        "pa": half_up(100 * a / n, 0), "pb": half_up(100 * b / n, 0), "bare_list": "",
        "sx": half_up(share[0], 1), "sy": half_up(share[1], 1), "sc": half_up(100 * c / n, 1), "p": p_text(p),
        "hr": half_up(hr, 2), "low": half_up(low, 2), "high": half_up(high, 2), "p_hr": p_text(p_hr),
        "chi": half_up(statistic, 2), "df": df, "p_chi": p_text(p_statistic),
        "lx": half_up(100 * limits.low, 1), "hx": half_up(100 * limits.high, 1),
        "mpfs": half_up(draws.uniform(2, 12), 1), "mos": half_up(draws.uniform(12, 30), 1),
        "sites": draws.randint(5, 20), "age": draws.randint(60, 71), "year": draws.randint(2019, 2024),
        "s12": half_up(draws.uniform(20, 60), 1), "s12b": half_up(draws.uniform(20, 60), 1),
    }  # fmt: skip
    rule = _plant(draws, words, planted) if planted else ""
    model = draws.choice([m for m in _MODELS if all(f"{{{key}}}" in m for key in _NEEDS.get(planted, ()))])
    return Abstract(model.format(**words), rule)


def _plant(draws, words, planted):
    """Change one number so that it no longer fits, by more than rounding or the choice of a test could explain."""
    n, a = words["n"], words["a"]
    if planted == "share":
        words["sx"] = half_up(float(words["sx"]) + draws.choice([-7.0, -1.3, 0.4, 2.0, 9.0]), 1)
        return "percentage-of-count"
    if planted == "sum":
        words["n"] = n + draws.choice([-3, -1, 1, 2])
        return "sum-of-groups"
    if planted == "p-count":
        p = float(words["p"].split()[-1])
        words["p"] = f"p = {0.4 if p < 0.1 else 0.004}"
        return "p-value-of-counts"
    if planted == "p-chi":
        words["p_chi"] = "p = 0.62" if words["p_chi"] < "p = 0.3" else "p = 0.012"
        return "p-value-of-statistic"
    if planted == "outside":
        words["hr"] = half_up(float(words["high"]) + draws.choice([0.05, 0.4]), 2)
        return "interval-without-estimate"
    if planted == "order":
        words["low"], words["high"] = words["high"], words["low"]
        return "interval-order"
    if planted == "p-hr":
        words["p_hr"] = (
            "p = 0.51" if words["p_hr"].startswith("p <") or float(words["p_hr"].split()[-1]) < 0.1 else "p < 0.001"
        )
        return "p-value-of-interval"
    if planted == "zero":
        words["p_chi"] = "p = 0.000"
        return "p-value-form"
    if planted == "grim":
        words["sx"] = next(text for text in _tenths(draws) if _no_count(text, a))
        return "impossible-percentage"
    if planted == "above":
        words["x"] = a + draws.randint(1, 9)
        return "count-above-denominator"
    if planted == "limits":
        words["hx"] = half_up(min(float(words["hx"]) + 6, 99.9), 1)
        return "interval-of-count"
    raise ValueError(planted)


def _tenths(draws):
    while True:
        yield f"{draws.uniform(20, 80):.1f}"


def _no_count(text, n):
    return all(half_up(100 * k / n, 1) != text for k in range(n + 1)) and n < 500


_KINDS = ("share", "sum", "p-count", "p-chi", "outside", "order", "p-hr", "zero", "grim", "above", "limits")
_NEEDS = {
    "share": ("x", "sx"), "sum": ("pa", "n"), "p-count": ("p",), "p-chi": ("p_chi",), "outside": ("hr",),
    "order": ("hr",), "p-hr": ("p_hr",), "zero": ("p_chi",), "grim": ("bare_list",), "above": ("x", "sx"), "limits": ("lx",),
}  # fmt: skip
_MODELS = (
    ("We reviewed the records of {n} patients treated at {sites} centers through {year}; {a} ({pa}%) had extramedullary disease "
    "and {b} ({pb}%) did not. Responses were seen in {x}/{a} ({sx}%) v {y}/{b} ({sy}%), {p}. Median progression-free survival was "
    "{mpfs} months and median overall survival {mos} months; 12-month survival was {s12}% and {s12b}%. The hazard ratio was "
    "{hr} (95% CI, {low} to {high}; {p_hr})."),
    ("Methods: Retrospective cohort of {n} patients ({sites} hospitals). Results: The median age was {age} years. Of {n} patients, "
    "{c} ({sc}%) had high-risk cytogenetics. {x} of {a} patients ({sx}%; 95% CI, {lx}\N{EN DASH}{hx}) and {y} of {b} patients "
    "({sy}%) responded ({p}). Stage was associated with response (\u03c72({df}) = {chi}, {p_chi}). In multivariable Cox regression, "
    "exposure was associated with progression (HR {hr}, 95% CI {low}-{high}, {p_hr})."),
    ("Among {n} patients, {a} ({pa}%) were exposed and {b} ({pb}%) were not. The overall response rate was {sx}% ({x}/{a}) versus "
    "{sy}% ({y}/{b}; {p}).\n\nProgression-free survival at 12 months was {s12}% and {s12b}%. OR for infection {hr} (95% CI: "
    "{low}, {high}; {p_hr}); the test for heterogeneity gave chi-square = {chi}, df = {df}, {p_chi}."),
    ("A total of {n} patients were included. Response was {sx}% [{x}/{a}] in the first and {sy}% [{y}/{b}] in the second group. "
    "Hazard ratio {hr} [95% CI {low} to {high}], {p_hr}.\n\nCytopenia was related to prior lines (\u03c7\u00b2 = {chi}, {df} df, {p_chi})."),
    ("In {n} patients ({a} [{pa}%] exposed, {b} [{pb}%] not), {x}/{a} ({sx}%) and {y}/{b} ({sy}%) responded ({p}). Exposure was "
    "associated with death (adjusted hazard ratio [aHR] = {hr} [95% CI = {low}\N{EN DASH}{high}]; {p_hr}), and stage with response "
    "(chi-square = {chi}, df = {df}, {p_chi})."),
    ("Median follow-up was {mos} months (interquartile range, 6.1 to 31.4). Median progression-free survival was {mpfs} months (95% "
    "CI, 1.8 to NR) and median age {age} years (range, 31 to 88). Of {n} patients, {a} ({pa}%) were exposed and {b} ({pb}%) were "
    "not; {x} of {a} ({sx}%; 95% CI, {lx} to {hx}) v {y} of {b} ({sy}%) responded, {p}. HR, {hr} (95% CI, {low} to {high}); {p_hr}."),
    ("| Characteristic | All patients (N = {n}) | Exposed (N = {a}) | Not exposed (N = {b}) | p |\n| :--- | ---: | ---: | ---: | ---: |\n"
    "| Median age (range), years | {age} (31 to 88) | {age} (35 to 88) | {age} (31 to 86) | 0.62 |\n"
    "| Response, n/N (%) | | {x}/{a} ({sx}%) | {y}/{b} ({sy}%) | |\n"
    "| Hazard ratio (95% CI) | | {hr} (95% CI, {low} to {high}) | reference | |\n\nStage: \u03c72({df}) = {chi}, {p_chi}."),
)  # fmt: skip
_GRIM_MODELS = (
    ("Patients with (n = {a}) and without (n = {b}) plasmacytoma were compared at {sites} centers. The overall response rate was "
    "{sx}% and {sy}%, respectively. {bare_list}HR {hr} (95% CI, {low} to {high}; {p_hr})."),
)  # fmt: skip
_MODELS = (*_MODELS, *_GRIM_MODELS)
