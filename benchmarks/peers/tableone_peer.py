"""tableone, from a pandas frame: the same variables, groups, quartiles and kinds of test."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd
from measure import Fit, main
from tableone import TableOne

from cohorts import Cohort


def prepare(cohort: Cohort, method: str) -> Fit | None:
    """The baseline table on a frame that is built here."""
    if method != "baseline":
        return None
    counted = cohort.names[: len(cohort.names) // 2]
    frame = pd.DataFrame(cohort.covariates, columns=cohort.names)
    frame[counted] = frame[counted].astype(int).astype(str)
    frame["group"] = cohort.event.astype(int).astype(str)

    def baseline() -> dict[str, object]:
        """Kruskal and Wallis' test stands for Wilcoxon's; tables of 2 x 2 have Yates' correction, which cannot be off."""
        numbers = [name for name in cohort.names if name not in counted]
        table = TableOne(
            frame, columns=cohort.names, categorical=counted, nonnormal=numbers, groupby="group", pval=True
        )
        return {"p_values": [float(value) for value in table.htest_table["P-Value"].loc[cohort.names]]}

    return baseline


if __name__ == "__main__":
    main(version("tableone"), prepare)
