"""What goes to the sites and comes back in a round of the chain.

The first round looks: values known, their distribution, events by time. Every other round holds all parameters drawn so
far, so that a site can make its imputed values again from nothing, and asks for the sums of one variable's model.
"""

from __future__ import annotations

from cohortium.errors import WireError
from cohortium.estimators.combined.naming import owned
from cohortium.estimators.contract import Factor
from cohortium.estimators.imputation.columns import layout_of
from cohortium.estimators.imputation.hazard import hazard_shapes
from cohortium.estimators.imputation.spec import ImputationSpec
from cohortium.totals import Params, Shape, Shapes

LOOK, FIT = 0, 1


def sequence(spec: ImputationSpec, missing: list[bool]) -> list[tuple[int, int]]:
    """The visits in order: iteration (from 1) and variable, of the variables of which a value is missing."""
    chosen = [position for position, some in enumerate(missing) if some]
    return [(iteration, position) for iteration in range(1, spec.iterations + 1) for position in chosen]


def found_shapes(spec: ImputationSpec) -> dict[str, Shape]:
    """Declared shape of everything that makes the imputed values.

    visits      how many variables have been drawn, counted over iterations
    missing     1 for variables of which a value is missing
    hazard:k    of outcome k, cumulative hazard by cause and time
    start:x     mean and deviation of a number, or the share of each level, from which the first values are drawn
    draws:x     by iteration and imputation: coefficients and deviation of a number, or coefficients by level
    """
    layout = layout_of(spec)
    out = {"visits": Shape("int", ()), "missing": Shape("int", (len(spec.variables),))}
    for number, outcome in enumerate(spec.outcomes):
        out[f"hazard:{number}"] = Shape("float", (outcome.n_causes, outcome.grid.size))
    for position, known in enumerate(spec.variables):
        p = layout.others(position).size
        is_factor = isinstance(known, Factor)
        out[f"start:{known.name}"] = Shape("float", (len(known) if is_factor else 2,))
        drawn = (len(known), p) if is_factor else (p + 1,)
        out[f"draws:{known.name}"] = Shape("float", (spec.iterations, spec.m, *drawn))
    return out


def asks(spec: ImputationSpec, params: Params) -> Shapes:
    """Declared parameters of a round.

    Raises
        WireError: there is no such round.
    """
    phase = params.get("phase")
    if phase is None or phase.shape != () or phase.dtype.kind != "i" or int(phase) not in (LOOK, FIT):
        raise WireError("the imputation has no such round")
    out = {"phase": Shape("int", ())}
    if int(phase) == LOOK:
        return out
    turn = params.get("turn")
    if turn is None or turn.shape != () or turn.dtype.kind != "i" or not 0 <= int(turn) < len(spec.variables):
        raise WireError("the imputation has no such variable")
    out |= {"turn": Shape("int", ()), **found_shapes(spec)}
    known = spec.variables[int(turn)]
    if isinstance(known, Factor):
        out["beta"] = Shape("float", (spec.m, len(known), layout_of(spec).others(int(turn)).size))
    return out


def shapes(spec: ImputationSpec, params: Params) -> Shapes:
    """Declared shape of the totals of a round."""
    layout = layout_of(spec)
    if int(params["phase"]) == LOOK:
        out = {"n": Shape("int", ()), "left_out": Shape("int", ()), "known": Shape("int", (len(spec.variables),))}
        for known in spec.variables:
            kind, size = ("int", len(known)) if isinstance(known, Factor) else ("float", 2)
            out[f"start:{known.name}"] = Shape(kind, (size,))
        for number, outcome in enumerate(spec.outcomes):
            out |= owned(f"outcome{number}", hazard_shapes(outcome))
        return out
    turn = int(params["turn"])
    known = spec.variables[turn]
    if not isinstance(known, Factor):
        return {"gram": Shape("float", (spec.m, layout.n_columns, layout.n_columns))}
    p, n_levels = layout.others(turn).size, len(known)
    return {
        "log_likelihood": Shape("float", (spec.m,)),
        "score": Shape("float", (spec.m, n_levels, p)),
        "information": Shape("float", (spec.m, n_levels * p, n_levels * p)),
        "total": Shape("float", (spec.m, p)),
        "square": Shape("float", (spec.m, p)),
    }


def size(spec: ImputationSpec) -> int:
    """Numbers in the largest totals."""
    layout = layout_of(spec)
    sizes = [sum(outcome.grid.size * (outcome.n_causes + 2) for outcome in spec.outcomes)]
    for position, known in enumerate(spec.variables):
        p = layout.others(position).size
        width = len(known) * p if isinstance(known, Factor) else layout.n_columns
        sizes.append(spec.m * width * (width + 4))
    return max(sizes)
