"""`cohortium simulate`: a simulated consortium as a study directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cohortium.simulation.simulate import Simulated

DEFAULT_SEED = 3


def simulate(
    directory: Annotated[Path, typer.Argument(help="Directory to make; it must not exist or be empty.")],
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Seed; the same seed gives the same files.")
    ] = DEFAULT_SEED,
    patients: Annotated[
        int | None, typer.Option("--patients", min=30, max=100_000, help="Patients; those of the design when left out.")
    ] = None,
    n_sites: Annotated[
        int | None, typer.Option("--sites", min=1, max=200, help="Sites that contribute them; those of the design.")
    ] = None,
    design: Annotated[
        Path | None,
        typer.Option("--design", help="TOML file with groups, targets and sites; the reference consortium."),
    ] = None,
    defects: Annotated[
        str,
        typer.Option(
            "--defects", help="Faults to plant at each site: a number, or kinds such as `wrong-code,no-such-day`."
        ),
    ] = "0",
    data_only: Annotated[
        bool, typer.Option("--data-only", help="Write only the sites' files and the answer key, no study file.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")] = False,
) -> None:
    """Simulate a consortium: sites with their own habits, laboratory values that give responses, and an answer key.

    Everything is marked as simulated. Without --design it is the teclistamab reference consortium: 385 patients at 13
    sites, and two sites without an ethics decision in force.

    Examples:

    cohortium simulate my-consortium

    cohortium simulate small --patients 60 --sites 3 --seed 7

    cohortium simulate faulty --defects 3

    cohortium simulate mine --design my-consortium/answer-key/simulated-design.toml --dry-run
    """
    from cohortium.cli.progress import progress_bar
    from cohortium.simulation.defects.wanted import wanted_defects
    from cohortium.simulation.design.read import read_design
    from cohortium.simulation.design.reference import REFERENCE
    from cohortium.simulation.design.scale import scaled
    from cohortium.simulation.simulate import n_steps
    from cohortium.simulation.simulate import simulate as make
    from cohortium.study.new_directory import check_is_free, fill_new_directory

    wanted = wanted_defects(defects)
    chosen = scaled(REFERENCE if design is None else read_design(design), patients, n_sites)
    check_is_free(directory)
    with progress_bar() as bar:
        bar.stage("calibrating", n_steps(chosen))
        made = make(chosen, seed, wanted, data_only=data_only, tell=bar.step)
    if not dry_run:
        fill_new_directory(directory, made.files, "the simulated study")
    print("\n".join(_summary(made, directory, written=not dry_run)))
    if not dry_run and not data_only:
        print(f"Next: cohortium run {directory}")


def _summary(made: Simulated, directory: Path, *, written: bool) -> list[str]:
    from cohortium.simulation.write.answers import target_rows

    inside = sum(not chart.realized.plan.seat.is_extra for chart in made.charts)
    n_bytes = sum(len(content) for content in made.files.values())
    missed = [row for row in target_rows(made.design, made.charts) if row[-1] == "no"]
    verb = "wrote" if written else "would write"
    lines = [
        f"{directory}: {verb} {len(made.files)} files, {n_bytes / 1e6:.1f} MB; simulated, seed {made.seed}",
        (
            f"{inside} patients at {sum(not site.is_extra for site in made.design.site)} sites; "
            f"{len(made.charts) - inside} at sites without an ethics decision in force; {len(made.planted)} planted faults"
        ),
    ]
    lines += [f"not met: {row[0]}, {row[1]}: target {row[2]}, reached {row[3]}" for row in missed]
    return lines
