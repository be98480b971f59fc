"""The command line: the only place where everything is composed.

commands.py   what can be typed; nothing heavy is imported until a command runs
run.py        the main job from study directory to results
opening.py    sites in this process or in several, behind one interface
plan.py       what a run would do
outputs.py    the results directory: written aside, then put in place whole
manifest.py   hashes of inputs and outputs, versions
listing.py    queries, plans and summaries as text and JSON
progress.py   a progress bar on a terminal, nothing in a pipe
"""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from cohortium.cli.commands import run_app

    run_app()
