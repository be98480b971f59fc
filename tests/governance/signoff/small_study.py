"""A small study with signers, and a time that stands still."""

import datetime as dt
import hashlib
import json

from cohortium.starter import write_starter
from cohortium.study.load import load_study

SIGNERS = """
[[signer]]
id = "rivera"
name = "Ana Rivera"
roles = ["data-manager", "site-investigator"]
sites = ["site-01", "site-02", "site-03"]

[[signer]]
id = "chen"
name = "Wei Chen"
roles = ["site-investigator", "author"]
sites = ["site-01"]

[[signer]]
id = "okafor"
name = "Ngozi Okafor"
roles = ["statistician", "principal-investigator", "author"]

[[signer]]
id = "lind"
name = "Maja Lind"
roles = ["principal-investigator"]

[[signer]]
id = "haas"
name = "Eva Haas"
roles = ["site-investigator", "data-manager"]
sites = ["site-02", "site-03"]
"""
NOON = dt.datetime(2025, 6, 30, 12, 0, tzinfo=dt.UTC)
DATA = "sites/site-01/simulated-patients.csv"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_results(directory):
    """What a run leaves, as far as signatures see it."""
    results = directory / "results"
    results.mkdir(exist_ok=True)
    (results / "results.csv").write_text(sha256(directory / DATA))
    inputs = ["study.toml", "dictionary.csv"]
    inputs += [path.relative_to(directory).as_posix() for path in sorted(directory.glob("sites/*/*.csv"))]
    content = {
        "inputs": {name: {"sha256": sha256(directory / name)} for name in inputs},
        "outputs": {"results.csv": {"sha256": sha256(results / "results.csv")}},
    }
    (results / "manifest.json").write_text(json.dumps(content))


def make_study(directory):
    write_starter(directory)
    (directory / "signers.toml").write_text(SIGNERS)
    (directory / "manuscript.md").write_text("Text.\n")
    write_results(directory)
    return load_study(directory)
