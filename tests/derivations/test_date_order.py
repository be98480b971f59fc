PFS = '[[endpoint]]\nname = "pfs"\nlabel = "PFS"\nevent = ["progression", "death"]\ncensor = "last"\n'
OS = '[[endpoint]]\nname = "os"\nlabel = "OS"\nevent = ["death"]\ncensor = "last"\n'
TTP = '[[endpoint]]\nname = "ttp"\nlabel = "TTP"\nevent = ["progression"]\ncensor = "last"\n'
STEP = '[[cohort.step]]\nlabel = "Adults"\nwhere = "age >= 18"\n'


def found(queries):
    return [(query.line, query.variable) for query in queries if query.rule == "date-order"]


def test_an_event_after_the_last_follow_up_is_a_note_and_counts_as_it_stands(derived):
    frames, queries = derived(OS, death=[400, 10, None], last=[5, 10, 10])
    (query,) = queries
    assert (query.line, query.key, query.variable, query.rule) == (2, "P1", "death, last", "date-order")
    assert query.expected == "no event (death) after the last follow-up (last)"
    assert query.severity == "note"
    assert frames.cohort["os__time"].to_list() == [400, 10, 10]


def test_follow_up_after_the_death(derived):
    _, queries = derived(OS, death=[10, 10], last=[11, 10])
    assert found(queries) == [(2, "last, death")]
    assert queries[0].expected == "no follow-up (last) after the death (death)"


def test_a_death_before_day_0_is_asked_about_once(derived):
    _, queries = derived(PFS + OS, progression=[3], death=[-700], last=[9])
    assert [(query.variable, query.rule) for query in queries] == [("death", "negative-follow-up")]


def test_progression_after_the_death(derived):
    _, queries = derived(PFS + OS, progression=[12, 9], death=[10, 10], last=[12, 10])
    assert found(queries) == [(2, "progression, death"), (2, "last, death")]
    assert queries[0].expected == "no event (progression) after the death (death)"


def test_a_pair_of_dates_that_two_endpoints_use_is_noted_once(derived):
    _, queries = derived(PFS + OS, death=[400], last=[5])
    assert found(queries) == [(2, "death, last")]


def test_life_goes_on_after_a_sole_event_that_is_no_death(derived):
    _, queries = derived(TTP, progression=[5], last=[50])
    assert queries == ()
    _, queries = derived(TTP + OS, progression=[5], death=[40], last=[40])
    assert queries == ()


def test_a_death_after_the_last_scan_belongs_to_overall_survival(derived):
    by_scan = PFS.replace('censor = "last"', 'censor = "scan"')
    _, queries = derived(by_scan + OS, scan=[20, 50], death=[40, 40], last=[40, 40])
    assert found(queries) == [(3, "scan, death")]


def test_dates_of_a_patient_whom_a_step_leaves_out_are_not_compared(derived):
    _, queries = derived(STEP + OS, age=[17, 18], death=[400, 400], last=[5, 5])
    assert found(queries) == [(3, "death, last")]
