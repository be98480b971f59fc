"""Any people doing anything in any order: what must hold after every step, said without the tables."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cohortium.errors import RefusedRequestError
from cohortium.governance.audit import AUDIT_FILE, Verified, read_entries, verify
from cohortium.governance.signoff.decide import decide
from cohortium.governance.signoff.perform import Request, history_of, perform, plan_act
from cohortium.governance.signoff.signers import load_signers
from cohortium.governance.signoff.things import find_thing
from governance.signoff.small_study import DATA, NOON, make_study, write_results

ROLES = {
    "rivera": {"data-manager", "site-investigator"},
    "chen": {"site-investigator", "author"},
    "okafor": {"statistician", "principal-investigator", "author"},
    "lind": {"principal-investigator"},
    "haas": {"site-investigator", "data-manager"},
}
ACTIONS = ("lock", "release", "responsibility", "review", "approval", "access")
THINGS = ("site:site-01", "site:site-02", "site:site-03", "study", "results", "manuscript:manuscript.md")


class SignOff(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.directory = self.folder / "study"
        self.study = make_study(self.directory)
        self.path = self.directory / AUDIT_FILE
        self.n_steps = 0
        self.data = (self.directory / DATA).read_bytes()

    def teardown(self):
        shutil.rmtree(self.folder)

    @rule(actor=st.sampled_from(sorted(ROLES)), action=st.sampled_from(ACTIONS), thing=st.sampled_from(THINGS))
    def ask(self, actor, action, thing):
        """An allowed act leaves exactly one entry, a refused one leaves none; the plan says which it will be."""
        study = self.study
        before = self.path.read_bytes() if self.path.exists() else None
        request = Request(actor, action, thing, "because")
        planned = plan_act(study, request, history_of(study))
        try:
            entry = perform(study, request, clock=lambda: NOON)
        except RefusedRequestError:
            assert not planned.decision.allowed
            assert (self.path.read_bytes() if self.path.exists() else None) == before
            return
        assert planned.decision.allowed
        assert (entry.act.actor, entry.act.action) == (actor, action)
        assert entry.act.role in ROLES[actor]
        entries = read_entries(self.path)
        assert entries[-1] == entry
        assert self.path.read_bytes().startswith(before or b"")
        assert entry.number == len(entries) == (before or b"").count(b"\n") + 1

    @rule(data=st.data())
    def do_what_is_allowed(self, data):
        """Deep states are rare by chance, so most steps are drawn from what is possible now."""
        study = self.study
        signers, history = load_signers(study).signer, history_of(study)
        things = {reference: find_thing(study, reference) for reference in THINGS}
        possible = [
            (signer.id, action, reference)
            for reference, thing in things.items()
            for signer in signers
            for action in ACTIONS
            if action != "release" and decide(signer, action, thing, history).allowed
        ]
        if possible:
            self.ask(*data.draw(st.sampled_from(possible)))

    @precondition(lambda self: self.n_steps % 12 == 0)
    @rule(what=st.sampled_from(["data", "data back", "study", "manuscript"]))
    def change_a_file(self, what):
        if what == "study":
            with (self.directory / "study.toml").open("a") as stream:
                stream.write("# a remark\n")
        elif what == "manuscript":
            (self.directory / "manuscript.md").write_text(f"Version {self.n_steps}\n")
        else:
            (self.directory / DATA).write_bytes(self.data + (b"\n" if what == "data" else b""))

    @rule()
    def run_again(self):
        write_results(self.directory)

    @invariant()
    def the_chain_is_whole(self):
        self.n_steps += 1
        assert isinstance(verify(self.path), Verified)

    @invariant()
    def no_signature_without_the_lock_of_another(self):
        acts = [entry.act for entry in read_entries(self.path)]
        for position, act in enumerate(acts):
            if act.action == "responsibility":
                of_site = [other for other in acts[:position] if other.id == act.id]
                assert of_site[-1].action == "lock"
                assert of_site[-1].hash == act.hash
                assert of_site[-1].actor != act.actor

    @invariant()
    def no_approval_without_the_review_of_another(self):
        acts = [entry.act for entry in read_entries(self.path)]
        for position, act in enumerate(acts):
            if act.action == "approval" and act.kind in ("study", "results"):
                same = [o for o in acts[:position] if (o.kind, o.id, o.hash) == (act.kind, act.id, act.hash)]
                assert {o.actor for o in same if o.action == "review"} - {act.actor}

    @invariant()
    def no_author_approves_a_text_without_access_to_the_results(self):
        acts = [entry.act for entry in read_entries(self.path)]
        for position, act in enumerate(acts):
            if act.kind == "manuscript":
                assert [o for o in acts[:position] if (o.actor, o.action) == (act.actor, "access")]


TestSignOff = SignOff.TestCase
TestSignOff.settings = settings(max_examples=40, stateful_step_count=50, deadline=None, derandomize=True)
