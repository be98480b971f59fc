"""One case or more of every registered estimator, on simulated rows, for the laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cohortium.estimators.adverse_events.spec import AdverseEventsSpec, Event
from cohortium.estimators.among import AmongSpec
from cohortium.estimators.baseline.spec import BaselineSpec, Number
from cohortium.estimators.between_sites.groups import TwoGroups
from cohortium.estimators.between_sites.logrank import LogRankEffect
from cohortium.estimators.between_sites.meta import MetaSpec
from cohortium.estimators.between_sites.model import ModelEffect
from cohortium.estimators.between_sites.outcomes import SiteOutcomesSpec
from cohortium.estimators.between_sites.proportions import ProportionEffect
from cohortium.estimators.combined.together import Member
from cohortium.estimators.competing.gray import GraySpec
from cohortium.estimators.competing.incidence import IncidenceSpec
from cohortium.estimators.contract import Done, Factor, Next, Rows, Task
from cohortium.estimators.cox.after.concordance import Concordance
from cohortium.estimators.cox.after.prediction import Prediction, Profile
from cohortium.estimators.cox.after.proportional import ProportionalHazards
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm, ProductTerm, SplineTerm
from cohortium.estimators.fine_gray.spec import FineGraySpec
from cohortium.estimators.flow import FlowSpec
from cohortium.estimators.grid import Grid
from cohortium.estimators.imputation.analyzed import ImputedSpec
from cohortium.estimators.imputation.spec import FollowUp, ImputationSpec, Quantity
from cohortium.estimators.individual.spec import SwimmerSpec, WaterfallSpec
from cohortium.estimators.kaplan_meier import KaplanMeierSpec
from cohortium.estimators.landmark import LandmarkSpec
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.logrank import LogRankSpec
from cohortium.estimators.missingness.totals import MissingnessSpec
from cohortium.estimators.proportions.cmh import CmhSpec
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.proportions.rates import RatesSpec
from cohortium.estimators.registry import REGISTRY
from cohortium.estimators.sequences.totals import SequencesSpec
from cohortium.estimators.sites import SitesSpec
from cohortium.estimators.timing import TimingSpec
from cohortium.estimators.weighting.balance.estimator import BALANCE
from cohortium.estimators.weighting.balance.spec import BalanceSpec
from cohortium.estimators.weighting.model import WEIGHT, Weighting
from cohortium.estimators.weighting.weighted import WeightedSpec
from cohortium.results import Statistic
from cohortium.totals import Totals, add_up

HORIZON = 60
GRID = Grid.whole(HORIZON)
ARM = Factor("arm", ("a", "b", "never"), ("Arm A", "Arm B", "Never seen"))
GRADE = Factor("grade", ("1", "2", "3"), ("Low", "Middle", "High"))
SITE = Factor("site", ("s1", "s2", "s3", "s4"), ("One", "Two", "Three", "Four"))
SURVIVAL = {"time": "time", "event": "event", "grid": GRID}
AT_LEAST_MIDDLE = Outcome("At least middle", GRADE, ("2", "3"))
HIGH = Outcome("High", GRADE, ("3",), not_evaluable=("1",))
IN_WEEKS = {**SURVIVAL, "grid": Grid.ends_of("weeks", HORIZON, 30.4375)}
COX_ROLES = {"entry": "entry", "weight": "weight", "offset": "offset", "cluster": "family"}
ROLES = {"entry": "entry", "weight": "weight", "cluster": "family"}
GROUPS: dict[str, Any] = {"by": GRADE, "trend": True, "scores": (1.0, 2.0, 4.0), "pairwise": True}
TERMS = (NumberTerm("age"), NumberTerm("marker"), FactorTerm(GRADE, reference=1))
MARKER = SplineTerm("marker", (-1.2, -0.1, 0.4, 1.3))
CURVED = (
    NumberTerm("age"),
    MARKER,
    FactorTerm(GRADE, reference=1),
    FactorTerm(ARM),
    ProductTerm((FactorTerm(GRADE, reference=1), FactorTerm(ARM))),
    ProductTerm((FactorTerm(ARM), NumberTerm("marker"))),
)
SUBGROUPS = (*TERMS, ProductTerm((TERMS[1], TERMS[2])))
ONLY_PRODUCT = {"term_tests": True, "only_terms": ("marker x grade",)}

A_TO_B = TwoGroups(ARM, ("b", "a"))
AGE_EFFECT = ModelEffect(
    REGISTRY["cox"], CoxSpec(**SURVIVAL, terms=(NumberTerm("age"), FactorTerm(GRADE)), nested=True), "age"
)

PATIENTS = (Profile("Young", (30.0, -0.5)), Profile("Old", (80.0, 1.0)))
"""For a model of `TERMS[:2]`."""
IN_SITES: dict[str, Any] = {"strata": (SITE,), "nested": True}
COMPETING: dict[str, Any] = {"time": "time", "event": "cause", "grid": GRID}
CAUSES: dict[str, Any] = {**COMPETING, "causes": ("Relapse", "Death")}
CENSORED_IN_SITES: dict[str, Any] = {**IN_SITES, "censoring": SITE, "censoring_nested": True}


@dataclass(frozen=True)
class Case:
    """An estimator with a specification; rows of one value of `uncut` stay at one site."""

    name: str
    method: str
    spec: Any
    uncut: str | None = None

    @property
    def task(self) -> Task:
        return Task(self.name, self.method, self.spec, self.name, variable="os")


AGE = Quantity("age", 18, 95, 0)
LDH = Quantity("ldh", 80, 900, 0)
RISK = Factor("risk", GRADE.codes, GRADE.labels)
IMPUTED = (AGE, LDH, RISK, ARM)
FOLLOWED = (FollowUp("time", "event", GRID), FollowUp("time", "cause", GRID, "entry", 2))
MODEL = CoxSpec(**SURVIVAL, terms=(NumberTerm("age"), NumberTerm("ldh", 100.0), FactorTerm(RISK), FactorTerm(ARM)))
IN_SITE_MODEL = CoxSpec(**SURVIVAL, **IN_SITES, terms=(MODEL.terms[0], SplineTerm("ldh", (150.0, 220.0, 330.0))))
"""For imputed rows."""
ODDS = LogisticSpec(AT_LEAST_MIDDLE, (NumberTerm("ldh", 100.0), FactorTerm(RISK)))


HIGH_RISK = Outcome("High risk", RISK, ("3",))
LDH_TERMS = (NumberTerm("ldh", 100.0), FactorTerm(RISK))
AT_TWELVE = ((12.0, "12"),)
POOLED: tuple[tuple[str, Any], ...] = (
    ("response-rates", RatesSpec((HIGH_RISK,), GRADE, reference="1")),
    ("response-rates", RatesSpec((AT_LEAST_MIDDLE,), RISK, compare="ratio", reference="2")),
    ("cmh", CmhSpec(HIGH_RISK, GRADE, ("1", "2"), (SITE,))),
    (
        "baseline",
        BaselineSpec((Number("ldh", Grid.between(80, 900, 0)), RISK), GRADE, tests=True, differences=True),
    ),
    ("baseline", BaselineSpec((Number("ldh", Grid.between(80, 900, 0)),), RISK, tests=True, number_test="mean")),
    ("kaplan-meier", KaplanMeierSpec(**SURVIVAL, by=RISK, at=AT_TWELVE, tau=10.0)),
    ("cumulative-incidence", IncidenceSpec(**CAUSES, by=RISK, at=AT_TWELVE)),
    ("logrank", LogRankSpec(**SURVIVAL, by=RISK, strata=(GRADE,), pairwise=True)),
    ("gray", GraySpec(**CAUSES, by=RISK)),
    ("fine-gray", FineGraySpec(**COMPETING, terms=LDH_TERMS)),
    (
        "meta-analysis",
        MetaSpec(SITE, ModelEffect(REGISTRY["cox"], CoxSpec(**SURVIVAL, terms=LDH_TERMS, nested=True), "ldh")),
    ),
)
"""Methods besides Cox and logistic models, of imputed rows."""


DRUG = Factor("drug", ("old", "new"), ("Old drug", "New drug"))
SCORE = LogisticSpec(Outcome("New drug", DRUG, ("new",)), TERMS)
BALANCED = Member(BALANCE, BalanceSpec(DRUG, "new", ("age", "marker", GRADE, ARM)))
"""The propensity score of the new drug, and what it should balance."""


def _weighted(method: str, spec: Any) -> Member:
    return Member(REGISTRY[method], replace(spec, weight=WEIGHT))


def _models(*specs: CoxSpec) -> tuple[Task, ...]:
    return tuple(Task(f"model-{i}", "cox", spec, "cox-os", "multivariable") for i, spec in enumerate(specs))


CASES: tuple[Case, ...] = (
    Case("flow", "flow", FlowSpec(("Adults", "Treated"), ("children", ""), "Analyzed", SITE)),
    Case("sites", "sites", SitesSpec("time", "event", SITE, n_steps=2)),
    Case("landmark", "landmark", LandmarkSpec("time", "event", 12, "12 days")),
    Case("landmark, causes", "landmark", LandmarkSpec("time", "cause", 12, "12 days", ("One", "Two"), "entry")),
    Case("sites, some patients", "sites", SitesSpec("time", "event", SITE, n_steps=2, applies="responder")),
    Case("among", "among", AmongSpec("responder")),
    Case("timing", "timing", TimingSpec("event", ("response",), declared=False, since="first dose")),
    Case(
        "baseline",
        "baseline",
        BaselineSpec((Number("age", Grid.between(18, 95, 0)), GRADE, Number("marker", Grid.between(-9, 9, 2))), ARM),
    ),
    Case(
        "baseline with ranks",
        "baseline",
        BaselineSpec(
            (Number("age", Grid.between(18, 95, 0)), GRADE, Factor("arm", ARM.codes, ARM.labels)),
            GRADE,
            tests=True,
            differences=True,
            quantile_type="type-2",
        ),
    ),
    Case(
        "baseline with means",
        "baseline",
        BaselineSpec(
            (Number("age", Grid.between(18, 95, 0)), Number("marker", Grid.between(-9, 9, 2)), GRADE),
            ARM,
            tests=True,
            number_test="welch",
            differences=True,
        ),
    ),
    Case("missingness", "missingness", MissingnessSpec(("age", "ldh", RISK, ARM), SITE)),
    Case("missingness of many", "missingness", MissingnessSpec((*(13 * ("age", "ldh"))[:13], ARM))),
    Case(
        "imputation", "imputation", ImputationSpec(IMPUTED, (Quantity("marker", -9, 9, 2),), FOLLOWED, "patient", 3, 2)
    ),
    Case("imputation of known values", "imputation", ImputationSpec((GRADE,), patient="patient", m=2, iterations=1)),
    Case(
        "imputed",
        "imputed",
        ImputedSpec(ImputationSpec(IMPUTED, (), FOLLOWED[:1], "patient", 3, 2), _models(MODEL, MODEL)),
    ),
    Case(
        "imputed, logistic",
        "imputed",
        ImputedSpec(
            ImputationSpec(IMPUTED[1:3], (GRADE,), (), "patient", 2, 2),
            (Task("odds", "logistic", ODDS, "odds", "multivariable"),),
        ),
    ),
    Case(
        "imputed, strata in sites",
        "imputed",
        ImputedSpec(ImputationSpec(IMPUTED[:3], (GRADE,), (), "patient", 2, 3), _models(IN_SITE_MODEL)),
        "site",
    ),
    Case(
        "imputed, every other method",
        "imputed",
        ImputedSpec(
            ImputationSpec(IMPUTED[1:3], (GRADE,), FOLLOWED[1:], "patient", 2, 1),
            tuple(Task(f"task-{i}", method, spec, f"task-{i}") for i, (method, spec) in enumerate(POOLED)),
        ),
        "site",
    ),
    Case("baseline without groups", "baseline", BaselineSpec((GRADE, ARM))),
    Case("balance", "balance", WeightedSpec(Weighting(SCORE, stabilized=True, trim=0.1, truncate=0.95), BALANCED)),
    Case("balance, overlap", "balance", WeightedSpec(Weighting(replace(SCORE, strata=(SITE,)), "overlap"), BALANCED)),
    Case("balance, Firth", "balance", WeightedSpec(Weighting(replace(SCORE, penalty="firth"), "atc"), BALANCED)),
    Case(
        "kaplan-meier by drug, weighted",
        "propensity",
        WeightedSpec(
            Weighting(SCORE, trim=0.05), _weighted("kaplan-meier", KaplanMeierSpec(**SURVIVAL, by=DRUG, tau=30.0))
        ),
    ),
    Case(
        "cox of drug, weighted",
        "propensity",
        WeightedSpec(
            Weighting(SCORE, "att", truncate=0.9),
            _weighted("cox", CoxSpec(**SURVIVAL, terms=(FactorTerm(DRUG),), entry="entry")),
        ),
    ),
    Case(
        "cox of drug, weighted, strata in sites",
        "propensity",
        WeightedSpec(
            Weighting(replace(SCORE, strata=(SITE,)), truncate=0.99),
            _weighted("cox", CoxSpec(**SURVIVAL, **IN_SITES, terms=(FactorTerm(DRUG), NumberTerm("age")))),
        ),
        "site",
    ),
    Case("meta-analysis of Cox models", "meta-analysis", MetaSpec(SITE, AGE_EFFECT, note="Cox"), "site"),
    Case(
        "meta-analysis, all the same",
        "meta-analysis",
        MetaSpec(
            SITE, ModelEffect(REGISTRY["cox"], replace(AGE_EFFECT.model, strata=(ARM,), entry="entry"), "age"), "common"
        ),
        "site",
    ),
    Case(
        "meta-analysis of logistic models",
        "meta-analysis",
        MetaSpec(
            SITE, ModelEffect(REGISTRY["logistic"], LogisticSpec(HIGH, (NumberTerm("age"), FactorTerm(ARM))), "age")
        ),
        "site",
    ),
    Case(
        "meta-analysis of observed minus expected",
        "meta-analysis",
        MetaSpec(SITE, LogRankEffect(A_TO_B, "time", "event", GRID, "entry"), "dersimonian-laird", least_patients=20),
        "site",
    ),
    *(
        Case(
            f"meta-analysis of proportions, {measure}",
            "meta-analysis",
            MetaSpec(SITE, ProportionEffect(A_TO_B, HIGH, measure, zero_cells), knapp_hartung=False),
            "site",
        )
        for measure, zero_cells in (
            ("odds-ratio", "add-half"),
            ("risk-ratio", "leave-out"),
            ("risk-difference", "add-half"),
            ("peto-odds-ratio", "add-half"),
        )
    ),
    Case("outcomes of sites", "site-outcomes", SiteOutcomesSpec(SITE, HIGH)),
    Case("events of sites", "site-outcomes", SiteOutcomesSpec(SITE, time="time", event="event")),
    Case("response-rates", "response-rates", RatesSpec((AT_LEAST_MIDDLE, HIGH), ARM, reference="a")),
    Case(
        "response-rates as ratios",
        "response-rates",
        RatesSpec(
            (Outcome("A", ARM, ("a",)),), GRADE, overall=False, interval="wilson", compare="ratio", reference="2"
        ),
    ),
    Case("response-rates of all", "response-rates", RatesSpec((HIGH,), interval="jeffreys")),
    Case(
        "response-rates by score limits",
        "response-rates",
        RatesSpec((HIGH,), ARM, ("response-evaluable",), difference_interval="miettinen-nurminen", reference="b"),
    ),
    Case(
        "response-rates with categories",
        "response-rates",
        RatesSpec((AT_LEAST_MIDDLE,), ARM, reference="a", categories=RISK, unassessed=("1",)),
    ),
    Case(
        "adverse-events",
        "adverse-events",
        AdverseEventsSpec((Event(RISK, (Number("age", Grid.between(18, 95, 0)),)), Event(GRADE)), ARM),
    ),
    Case("adverse-events of all", "adverse-events", AdverseEventsSpec((Event(RISK),))),
    Case("sequences", "sequences", SequencesSpec((RISK, GRADE), ("High",))),
    Case("sequences by arm", "sequences", SequencesSpec((GRADE, RISK, DRUG, SITE), ("Old drug",), ARM)),
    Case("waterfall", "individual-courses", WaterfallSpec(RISK, "age", 60, ARM)),
    Case("waterfall of all", "individual-courses", WaterfallSpec(GRADE, "ldh", 200)),
    Case(
        "swimmer",
        "individual-courses",
        SwimmerSpec(RISK, "time", "cause", ("Relapse", "Death"), IN_WEEKS["grid"], "entry", ARM),
    ),
    Case(
        "swimmer, cut off",
        "individual-courses",
        SwimmerSpec(GRADE, "time", "event", ("Death",), Grid.ends_of("weeks", 30, 30.4375)),
    ),
    Case("cmh, shared strata", "cmh", CmhSpec(Outcome("A", ARM, ("a",)), SITE, ("s1", "s3"), (GRADE,))),
    Case("cmh, strata in sites", "cmh", CmhSpec(AT_LEAST_MIDDLE, ARM, ("b", "a"), (SITE,)), "site"),
    Case("cmh, not exact", "cmh", CmhSpec(HIGH, ARM, ("b", "a"), (SITE,), exact=False)),
    Case("kaplan-meier", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, at=((12.0, "12"), (59.5, "59.5")))),
    Case("kaplan-meier by arm", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, by=ARM, interval="log")),
    Case("reverse kaplan-meier", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, reverse=True, interval="plain")),
    Case(
        "kaplan-meier, late entry, all that it can say",
        "kaplan-meier",
        KaplanMeierSpec(
            **SURVIVAL, by=ARM, entry="entry", interval="arcsine", tau=20.5, nelson_aalen=True, quantile_rule="first"
        ),
    ),
    Case("kaplan-meier, weights", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, by=ARM, weight="weight", tau=30.0)),
    Case(
        "kaplan-meier, late entry, weights, clusters",
        "kaplan-meier",
        KaplanMeierSpec(**SURVIVAL, by=ARM, **ROLES, tau=30.0, nelson_aalen=True, interval="plain"),
        "family",
    ),
    Case(
        "reverse kaplan-meier, late entry, weights",
        "kaplan-meier",
        KaplanMeierSpec(**SURVIVAL, entry="entry", weight="weight", reverse=True),
    ),
    Case("kaplan-meier, clusters", "kaplan-meier", KaplanMeierSpec(**SURVIVAL, cluster="family"), "family"),
    Case("logrank", "logrank", LogRankSpec(**SURVIVAL, by=ARM)),
    Case("logrank, late entry", "logrank", LogRankSpec(**SURVIVAL, by=ARM, entry="entry", test="tarone-ware")),
    Case("logrank, trend and pairs", "logrank", LogRankSpec(**SURVIVAL, **GROUPS, strata=(ARM,))),
    Case(
        "logrank, trend and pairs, strata in sites",
        "logrank",
        LogRankSpec(**SURVIVAL, **GROUPS, strata=(SITE,), nested=True, test="peto-peto", entry="entry"),
        "site",
    ),
    Case(
        "fleming-harrington, strata in sites",
        "logrank",
        LogRankSpec(
            **SURVIVAL,
            by=ARM,
            strata=(SITE,),
            nested=True,
            test="fleming-harrington",
            rho=0.5,
            gamma=1.0,
            pairwise=True,
        ),
        "site",
    ),
    Case(
        "peto-prentice",
        "logrank",
        LogRankSpec(**SURVIVAL, by=GRADE, test="peto-prentice", trend=True, scores=(0, 2, 1)),
    ),
    Case("gehan-breslow", "logrank", LogRankSpec(**SURVIVAL, by=GRADE, test="gehan-breslow", pairwise=True)),
    Case("logrank, shared strata", "logrank", LogRankSpec(**SURVIVAL, by=ARM, strata=(GRADE,))),
    Case("logrank, strata in sites", "logrank", LogRankSpec(**SURVIVAL, by=GRADE, strata=(SITE,), nested=True), "site"),
    Case("cox", "cox", CoxSpec(**SURVIVAL, terms=TERMS)),
    Case("cox, Breslow", "cox", CoxSpec(**SURVIVAL, terms=TERMS, ties="breslow")),
    Case("cox, shared strata", "cox", CoxSpec(**SURVIVAL, terms=TERMS[:2], strata=(GRADE,))),
    Case("logrank, weeks", "logrank", LogRankSpec(**IN_WEEKS, by=ARM, strata=(GRADE,))),
    Case("cox, weeks", "cox", CoxSpec(**IN_WEEKS, terms=TERMS)),
    Case("cox, weeks, shared strata", "cox", CoxSpec(**IN_WEEKS, terms=TERMS[:2], strata=(GRADE,), ties="breslow")),
    Case("cox, strata in sites", "cox", CoxSpec(**SURVIVAL, terms=TERMS, strata=(SITE,), nested=True), "site"),
    Case("cox, late entry", "cox", CoxSpec(**SURVIVAL, terms=TERMS, entry="entry", term_tests=True)),
    Case("cox, robust", "cox", CoxSpec(**SURVIVAL, terms=TERMS, robust=True, ties="breslow")),
    Case("cox, clusters", "cox", CoxSpec(**SURVIVAL, terms=TERMS[:2], strata=(GRADE,), cluster="family"), "family"),
    Case("cox, all roles", "cox", CoxSpec(**SURVIVAL, terms=TERMS, **COX_ROLES), "family"),
    Case("cox, all roles, Breslow", "cox", CoxSpec(**SURVIVAL, terms=TERMS, **COX_ROLES, ties="breslow"), "family"),
    Case(
        "cox, all roles, strata in sites",
        "cox",
        CoxSpec(**SURVIVAL, terms=TERMS, **{**COX_ROLES, "cluster": ""}, strata=(SITE,), nested=True, term_tests=True),
        "site",
    ),
    Case("cox, splines and products", "cox", CoxSpec(**SURVIVAL, terms=CURVED, term_tests=True)),
    Case(
        "cox, splines and products, strata in sites",
        "cox",
        CoxSpec(**SURVIVAL, terms=CURVED, strata=(SITE,), nested=True, ties="breslow", term_tests=True),
        "site",
    ),
    Case("cox, subgroups", "cox", CoxSpec(**SURVIVAL, terms=SUBGROUPS, effect="marker", **ONLY_PRODUCT)),
    Case(
        "cox, after the fit, shared strata",
        "cox",
        CoxSpec(
            **SURVIVAL,
            terms=TERMS[:2],
            strata=(GRADE,),
            proportional=ProportionalHazards(),
            prediction=Prediction(PATIENTS, interval="log-log", origin="mean"),
            concordance=Concordance(("harrell", "uno"), (SITE,), nested=True),
        ),
        "site",
    ),
    Case(
        "cox, after the fit, shared, all roles",
        "cox",
        CoxSpec(
            **SURVIVAL,
            terms=TERMS,
            **COX_ROLES,
            ties="breslow",
            proportional=ProportionalHazards("rank", 3),
            prediction=Prediction(),
            concordance=Concordance(),
        ),
        "family",
    ),
    Case(
        "cox, after the fit, strata in sites",
        "cox",
        CoxSpec(
            **SURVIVAL,
            **IN_SITES,
            terms=TERMS[:2],
            weight="weight",
            proportional=ProportionalHazards("identity", 5),
            prediction=Prediction(PATIENTS, times=(7.0, 20.5, 60.0)),
            concordance=Concordance(("harrell", "uno"), nested=True, tau=40.0),
        ),
        "site",
    ),
    Case(
        "cox, after the fit, strata in sites, late entry",
        "cox",
        CoxSpec(
            **SURVIVAL,
            **IN_SITES,
            terms=TERMS,
            entry="entry",
            offset="offset",
            ties="breslow",
            proportional=ProportionalHazards("log", 2),
            prediction=Prediction(interval="plain"),
            concordance=Concordance(("uno", "harrell"), nested=True),
        ),
        "site",
    ),
    Case("cox, Firth", "cox", CoxSpec(**SURVIVAL, terms=TERMS, penalty="firth", term_tests=True)),
    Case("cox, Firth, late entry", "cox", CoxSpec(**SURVIVAL, terms=TERMS[:2], penalty="firth", entry="entry")),
    Case(
        "cox, Firth if needed, strata in sites",
        "cox",
        CoxSpec(**SURVIVAL, terms=TERMS, strata=(SITE,), nested=True, penalty="if-needed", ties="breslow"),
        "site",
    ),
    Case("logistic", "logistic", LogisticSpec("event", TERMS, term_tests=True, profile=True, risk_groups=5)),
    Case(
        "logistic, weights and offset",
        "logistic",
        LogisticSpec("event", TERMS, weight="weight", offset="offset", interval="profile", risk_groups=3),
    ),
    Case(
        "logistic, levels, shared strata",
        "logistic",
        LogisticSpec(AT_LEAST_MIDDLE, TERMS[:2], strata=(ARM,), offset="offset", term_tests=True, risk_groups=4),
    ),
    Case(
        "logistic, not evaluable, strata of sites",
        "logistic",
        LogisticSpec(HIGH, (*TERMS[:2], FactorTerm(ARM)), strata=(SITE,), weight="weight", profile=True),
    ),
    Case("logistic, splines and products", "logistic", LogisticSpec("event", CURVED, term_tests=True)),
    Case(
        "logistic, Firth",
        "logistic",
        LogisticSpec("event", TERMS, penalty="firth", term_tests=True, weight="weight", risk_groups=5),
    ),
    Case(
        "logistic, Firth, strata, augmented",
        "logistic",
        LogisticSpec("event", TERMS[:2], (GRADE,), penalty="firth", errors="augmented", interval="wald"),
    ),
    Case("logistic, Firth if needed", "logistic", LogisticSpec("event", TERMS, (SITE,), penalty="if-needed")),
    Case(
        "logistic, conditional",
        "logistic",
        LogisticSpec("event", TERMS, (SITE,), conditional=True, offset="offset", term_tests=True, profile=True),
        "site",
    ),
    Case("cumulative-incidence", "cumulative-incidence", IncidenceSpec(**CAUSES, at=((12.0, "12"), (59.5, "59.5")))),
    Case("cumulative-incidence by arm", "cumulative-incidence", IncidenceSpec(**CAUSES, by=ARM, variance="aalen")),
    Case(
        "cumulative-incidence, late entry",
        "cumulative-incidence",
        IncidenceSpec(**CAUSES, by=GRADE, entry="entry", interval="plain", at=((12.0, "12"),)),
    ),
    Case("gray", "gray", GraySpec(**CAUSES, by=ARM)),
    Case("gray, shared strata", "gray", GraySpec(**CAUSES, by=ARM, strata=(GRADE,), rho=1.0)),
    Case("gray, strata in sites", "gray", GraySpec(**CAUSES, by=GRADE, **IN_SITES), "site"),
    Case("fine-gray", "fine-gray", FineGraySpec(**COMPETING, terms=TERMS)),
    Case("fine-gray, censoring by arm", "fine-gray", FineGraySpec(**COMPETING, terms=TERMS, cause=2, censoring=ARM)),
    Case(
        "fine-gray, shared strata",
        "fine-gray",
        FineGraySpec(**COMPETING, terms=TERMS[:2], strata=(GRADE,), censoring=GRADE),
    ),
    Case("fine-gray, strata in sites", "fine-gray", FineGraySpec(**COMPETING, terms=TERMS, **IN_SITES), "site"),
    Case("fine-gray, all in sites", "fine-gray", FineGraySpec(**COMPETING, terms=TERMS, **CENSORED_IN_SITES), "site"),
    Case("cox, cause", "cox", CoxSpec(**COMPETING, terms=TERMS[:2], cause=2)),
)


def simulated_rows(seed: int, n: int) -> Rows:
    """Rows with ties, censoring, unknown values, and a declared level that nobody has."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 96, n).astype(float)
    marker = np.round(rng.normal(0, 1, n), 2)
    grade = rng.integers(0, 3, n)
    hazard = 0.03 * np.exp(0.02 * (age - 60) + 0.4 * marker + 0.3 * grade)
    time = np.minimum(np.floor(rng.exponential(1 / hazard)), rng.integers(1, HORIZON + 1, n))
    step = rng.choice([0, 1, 2], n, p=[0.1, 0.1, 0.8])
    return Rows(
        n,
        numbers={
            "time": time,
            "event": (rng.random(n) < 0.7).astype(float),
            "age": np.where(rng.random(n) < 0.03, np.nan, age),
            "marker": marker,
            "flow_step": step.astype(float),
            "flow_unknown": ((step < 2) & (rng.random(n) < 0.3)).astype(float),
            "responder": np.random.default_rng([seed, n, 7]).choice([0.0, 1.0, np.nan], n, p=[0.4, 0.5, 0.1]),
            **_late_and_competing(seed, time),
            **_weights_and_families(seed, n),
            **_to_impute(seed, age),
        },
        codes={
            "arm": np.where(rng.random(n) < 0.03, -1, rng.integers(0, 2, n)),
            "grade": grade,
            "site": np.where(rng.random(n) < 0.02, -1, rng.integers(0, 4, n)),
            "risk": _risk(seed, grade),
            "drug": _drug(seed, age, marker),
        },
    )


def _late_and_competing(seed: int, time: np.ndarray) -> dict[str, np.ndarray]:
    """Competing causes, 0 censored, 1 or 2; entry before the end of follow-up for nearly all."""
    rng = np.random.default_rng([seed, time.size])
    return {
        "cause": rng.choice([0.0, 1.0, 2.0], time.size, p=[0.3, 0.4, 0.3]),
        "entry": np.floor(time * rng.random(time.size) * 0.7),
    }


def _weights_and_families(seed: int, n: int) -> dict[str, np.ndarray]:
    """Case weights, a few of them zero; an offset; families of a few rows."""
    rng = np.random.default_rng([seed, n, 1])
    return {
        "weight": np.where(rng.random(n) < 0.02, 0.0, np.round(rng.uniform(0.2, 3, n), 2)),
        "offset": np.round(rng.normal(0, 0.5, n), 2),
        "family": rng.integers(0, max(n // 4, 1), n).astype(float),
    }


def _to_impute(seed: int, age: np.ndarray) -> dict[str, np.ndarray]:
    """A number that depends on age, often not known, and whole numbers that name the patients."""
    rng = np.random.default_rng([seed, age.size, 2])
    ldh = np.clip(np.round(120 + 2 * age + rng.normal(0, 60, age.size)), 80, 900)
    patient = rng.choice(2**40, age.size, replace=False).astype(float)
    return {"ldh": np.where(rng.random(age.size) < 0.25, np.nan, ldh), "patient": patient}


def _drug(seed: int, age: np.ndarray, marker: np.ndarray) -> np.ndarray:
    """A treatment that younger patients with a high marker get more often; now and then not known."""
    rng = np.random.default_rng([seed, age.size, 4])
    chance = 1 / (1 + np.exp(-(0.6 * marker - 0.03 * (age - 60))))
    drug = (rng.random(age.size) < chance).astype(np.int64)
    return np.where(rng.random(age.size) < 0.02, -1, drug)


def _risk(seed: int, grade: np.ndarray) -> np.ndarray:
    """A category that follows the grade, often not known."""
    rng = np.random.default_rng([seed, grade.size, 3])
    level = np.where(rng.random(grade.size) < 0.6, grade, rng.integers(0, 3, grade.size))
    return np.where(rng.random(grade.size) < 0.2, -1, level)


def take(rows: Rows, index: np.ndarray) -> Rows:
    """Some of the rows."""
    pick = {name: column[index] for name, column in rows.numbers.items()}
    return Rows(len(index), pick, {name: column[index] for name, column in rows.codes.items()})


def split(rows: Rows, seed: int, uncut: str | None = None, n_parts: int = 5) -> list[Rows]:
    """A partition into sites of unequal size, an empty one and a site of one row included."""
    rng = np.random.default_rng(seed)
    if uncut is None:
        part = rng.choice(n_parts, rows.n, p=rng.dirichlet(np.ones(n_parts)))
        if rows.n:
            part[rng.integers(rows.n)] = n_parts
    else:
        values = rows.codes[uncut] if uncut in rows.codes else rows.numbers[uncut].astype(int)
        home = rng.integers(0, n_parts, values.max(initial=0) + 2)
        part = home[values]
    return [take(rows, np.flatnonzero(part == k)) for k in [*range(n_parts + 1), -1]]


@dataclass(frozen=True)
class Round:
    """One round of a run: what was asked, what each part answered."""

    step: Next
    parts: Sequence[Totals]


def rounds(case: Case, parts: Sequence[Rows]) -> tuple[Any, list[Round]]:
    """The estimate over some parts, and every round on the way."""
    estimator = REGISTRY[case.method]
    prepared = [estimator.prepare(part, case.spec) for part in parts]
    step, trace = estimator.start(case.spec), []
    while True:
        answers = [estimator.summarize(site, step.params) for site in prepared]
        trace.append(Round(step, answers))
        after = estimator.solve(case.spec, add_up(answers), step)
        if isinstance(after, Done):
            return after.estimate, trace
        step = after


def statistics(case: Case, parts: Sequence[Rows]) -> list[Statistic]:
    """Rows of the results table over some parts."""
    estimate, _ = rounds(case, parts)
    return REGISTRY[case.method].tabulate(case.task, estimate)


def assert_same(found: Sequence[Statistic], expected: Sequence[Statistic], relative: float) -> None:
    """The same rows with the same numbers to a relative tolerance.

    Numbers below 0.01 (coefficients near zero, differences of larger sums) are compared as if they were 0.01, tests
    that are differences of log likelihoods of some hundreds as if they were 100.
    """
    assert [_identity(s) for s in found] == [_identity(s) for s in expected]
    for a, b in zip(found, expected, strict=True):
        least = 100.0 if "likelihood-ratio" in a.statistic or a.statistic.startswith("interaction") else 1e-2
        for column in ("value", "lower", "upper"):
            x, y = getattr(a, column), getattr(b, column)
            close = x is y is None or (x is not None and y is not None and abs(x - y) <= relative * max(abs(y), least))
            assert close, (_identity(a), column, x, y)


def _identity(s: Statistic) -> Statistic:
    # Points of a smooth curve lie between whole days, where a change of unit rounds.
    time = None if s.time is None else round(s.time, 9)
    return replace(s, value=None, lower=None, upper=None, time=time)


def with_numbers(rows: Rows, changed: Mapping[str, np.ndarray]) -> Rows:
    """The rows with some numeric columns replaced."""
    return Rows(rows.n, {**rows.numbers, **changed}, rows.codes)
