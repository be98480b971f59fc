"""Results for reviewers as one archive: what is in it, and its bytes."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from typing import TYPE_CHECKING

from cohortium.cli.single_patients import single_patient_figures, without_single_patients
from cohortium.comparison.directory import read_results
from cohortium.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

_NO_DAY = (1980, 1, 1, 0, 0, 0)
# Queries name patients by their key, so they stay at home.
_STAYS = ("queries.csv",)


def archive_contents(directory: Path, *, with_single_patients: bool = False) -> Mapping[str, bytes]:
    """The files of the archive by name, `README.md` and `SHA256SUMS` first.

    with_single_patients  whether the values of single patients that figures draw are in it

    Raises
        UsageError: the directory holds no results.
        OutputError: a file is missing, is not of the run, or was changed since.
    """
    results = read_results(directory)
    manifest = results.manifest
    outputs = {str(name): str(entry["sha256"]) for name, entry in manifest["outputs"].items()}
    contents = {name: _unchanged(directory, name, wanted) for name, wanted in outputs.items() if name not in _STAYS}
    figures = single_patient_figures(results.study)
    if figures and not with_single_patients:
        contents = without_single_patients(contents, figures)
    contents["manifest.json"] = (directory / "manifest.json").read_bytes()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(contents.items()))
    return {
        "README.md": _read_me(manifest, contents, _single(figures, with_single_patients)).encode(),
        "SHA256SUMS": sums.encode(),
        **dict(sorted(contents.items())),
    }


def _unchanged(directory: Path, name: str, wanted: str) -> bytes:
    path = directory / name
    try:
        data = b"" if path.is_symlink() else path.read_bytes()
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}; run the study again") from None
    if hashlib.sha256(data).hexdigest() != wanted:
        raise OutputError(f"{path}: was changed since the run; run the study again")
    return data


def archive_bytes(contents: Mapping[str, bytes]) -> bytes:
    """A zip file of the contents, without times, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(entry, data)
    return buffer.getvalue()


def write_archive(out: Path, data: bytes) -> str:
    """Write the archive whole or not at all, and give its SHA-256.

    Raises
        OutputError: there is a file of that name, it does not end with .zip, or it cannot be written.
    """
    if out.suffix != ".zip":
        raise OutputError(f"{out}: the name of the archive ends with .zip")
    aside = out.with_name(f".{out.name}.part")
    try:
        aside.write_bytes(data)
        # A link fails where something is, so that nothing is ever replaced.
        os.link(aside, out)
    except FileExistsError:
        raise OutputError(f"{out}: is there already; give another name") from None
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from None
    finally:
        aside.unlink(missing_ok=True)
    return hashlib.sha256(data).hexdigest()


def _single(figures: Sequence[str], with_single_patients: bool) -> str:
    """What is said of figures that draw a bar a patient."""
    if not figures:
        return "There is no row of a patient in this archive."
    named = ", ".join(f"`{name}`" for name in figures)
    if with_single_patients:
        return f"The data of {named} hold a line a patient, as the study file asks; no other row of a patient is in it."
    return (
        f"There is no row of a patient in this archive. {named} draw a bar a patient: their pictures are here, their data are "
        "not, and `results.csv`, `results.parquet` and `report.html` are without these values, so that their hashes are "
        "not those of `manifest.json`."
    )


def _read_me(manifest: Mapping[str, Any], contents: Mapping[str, bytes], single: str) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest["versions"].items()))
    n_sites = len({name.split("/")[1] for name in manifest["inputs"] if name.startswith("sites/")})
    folders = sorted({name.partition("/")[0] for name in contents if "/" in name})
    return "\n".join(
        [
            f"# Results of {manifest['study']}",
            "",
            f"The numbers of the article, for reviewers and readers. {single}",
            "",
            "- `results.csv`, `results.parquet`: one row per statistic; every printed number is in it",
            "- `report.html`: tables, figures and methods in one file that opens without a network",
            *(f"- `{folder}/`: {_FOLDERS.get(folder, 'further files')}" for folder in folders),
            "- `manifest.json`: SHA-256 of every input and output, versions, seed",
            "- `SHA256SUMS`: check this archive with `sha256sum --check SHA256SUMS`",
            "",
            f"Data of {n_sites} sites. Hash of the declaring files: {manifest['study_hash']}.",
            f"Made with {versions}. With the sites' data and these versions, the same files come out, byte for byte.",
            "",
        ]
    )


_FOLDERS = {
    "checklists": "STROBE and RECORD checklists with where each item is",
    "manuscript": "the manuscript with its numbers filled in, and where each comes from (`numbers.csv`)",
    "figures": "each figure as SVG, PDF and PNG, its data as CSV and its description as text",
    "study": "the files that declare the study: who is counted, what is estimated, what is printed",
    "tables": "each table as HTML, Word, spreadsheet, LaTeX, Markdown and CSV",
}
