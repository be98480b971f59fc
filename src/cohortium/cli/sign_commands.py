"""`lock`, `release`, `sign` and `signatures`: what can be typed; nothing heavy is imported until a command runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cohortium.errors import RefusedRequestError, UsageError

if TYPE_CHECKING:
    from cohortium.governance.signoff.perform import Request
    from cohortium.study.study import Study

app = typer.Typer(rich_markup_mode=None)

StudyDirectory = Annotated[Path, typer.Argument(help="Study directory with study.toml and signers.toml.")]
Site = Annotated[str, typer.Argument(help="Id of the site.")]
Actor = Annotated[str, typer.Option("--as", help="Your id in signers.toml; nobody acts for another.")]
Why = Annotated[str, typer.Option("--why", help="Your reason, one line, without anything about a patient.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the decision with its reason and record nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")]


@app.command()
def lock(
    study_directory: StudyDirectory,
    site: Site,
    actor: Actor,
    why: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Lock a site's data: record, as data manager, that they are final.

    The hash of the site's file, of the study file and of the dictionary are recorded. From then on every changed byte
    shows. Data with queries that must be settled, or whose use no ethics decision covers today, cannot be locked.

    Example:

    cohortium lock my-study site-01 --as rivera --why "All queries are answered"
    """
    from cohortium.governance.signoff.perform import Request
    from cohortium.study.load import load_study

    study = load_study(study_directory)
    request = Request(actor, "lock", f"site:{site}", why, _not_final(study, site))
    _act(study, request, dry_run, as_json)


@app.command()
def release(
    study_directory: StudyDirectory,
    site: Site,
    actor: Actor,
    why: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Release the lock of a site's data, so that they can be corrected; its signatures become void.

    Example:

    cohortium release my-study site-01 --as rivera --why "Two dates of death were entered late"
    """
    from cohortium.governance.signoff.perform import Request
    from cohortium.study.load import load_study

    _act(load_study(study_directory), Request(actor, "release", f"site:{site}", why), dry_run, as_json)


@app.command()
def sign(
    study_directory: StudyDirectory,
    thing: Annotated[
        str, typer.Argument(help="`site:ID`, `study`, `results`, `results:DIRECTORY` or `manuscript:FILE`.")
    ],
    actor: Actor,
    meaning: Annotated[
        str,
        typer.Option(
            "--meaning", help="`responsibility`, `review`, `approval` or `access`: what the signature states."
        ),
    ],
    why: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Sign a site's locked data, the study file, results or a version of the manuscript.

    What is signed is the hash of the files. `--dry-run` shows the statement before it is made.

    Examples:

    cohortium sign my-study site:site-01 --as chen --meaning responsibility --why "Checked against the charts"

    cohortium sign my-study results --as okafor --meaning review --why "Checked with an independent program"

    cohortium sign my-study manuscript:manuscript.md --as chen --meaning approval --why "Final version" --dry-run
    """
    from cohortium.governance.signoff.perform import Request
    from cohortium.governance.signoff.rules import MEANINGS
    from cohortium.study.load import load_study

    chosen = next((known for known in MEANINGS if known == meaning), None)
    if chosen is None:
        raise UsageError(f"--meaning {meaning!a} is none; expected one of {', '.join(MEANINGS)}")
    _act(load_study(study_directory), Request(actor, chosen, thing, why), dry_run, as_json)


@app.command()
def signatures(study_directory: StudyDirectory, as_json: AsJson = False) -> None:
    """List every lock and signature: the thing, its meaning, who, when, and whether it is valid.

    A signature is void when a byte of what was signed has changed; the file is named.

    Example:

    cohortium signatures my-study
    """
    from cohortium.cli.listing import as_json as to_json
    from cohortium.cli.signing import signature_dict, signature_table
    from cohortium.governance.audit import AUDIT_FILE, read_entries
    from cohortium.governance.signoff.signatures import signatures as compared
    from cohortium.study.load import load_study

    study = load_study(study_directory)
    found = compared(study, read_entries(study_directory / AUDIT_FILE))
    if as_json:
        print(to_json({"ok": True, "signatures": [signature_dict(signature) for signature in found]}))
    else:
        print(signature_table(found))


def _act(study: Study, request: Request, dry_run: bool, as_json: bool) -> None:
    from cohortium.cli.listing import as_json as to_json
    from cohortium.cli.signing import entry_dict, planned_dict, planned_text, recorded_text
    from cohortium.governance.signoff.perform import history_of, perform, plan_act

    if not dry_run:
        entry = perform(study, request)
        print(to_json({"ok": True, "entry": entry_dict(entry)}) if as_json else recorded_text(entry))
        return
    planned = plan_act(study, request, history_of(study))
    print(to_json(planned_dict(planned)) if as_json else planned_text(planned))
    if not planned.decision.allowed:
        raise typer.Exit(RefusedRequestError.exit_code)


def _not_final(study: Study, site: str) -> tuple[str, ...]:
    """What keeps a site's data from being locked: no decision covers their use, or queries must be settled."""
    from cohortium.governance.ethics import decide_use
    from cohortium.intake.read import read_site

    for declared in study.file.site:
        if declared.id == site:
            use = decide_use(study, declared, dt.datetime.now(dt.UTC).date())
            if not use.allowed:
                return (use.reason,)
            n_errors = sum(query.is_error for query in read_site(study, declared).queries)
            queries = "1 query" if n_errors == 1 else f"{n_errors} queries"
            return (f"{queries} about the data must be settled first: see `cohortium check`",) if n_errors else ()
    return ()
