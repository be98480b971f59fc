"""A section of each rule as a study would write it, for the contract that every rule keeps."""

_STAGING = """\
beta2_microglobulin = "b2m"
albumin = "albumin"
ldh = "ldh"
ldh_upper_limit = 250
del_17p = "finding_a"
t_4_14 = "finding_b"
"""
_LESIONS = """\
del_17p = "finding_a"
t_4_14 = "finding_b"
t_14_16 = "finding_a"
gain_1q = "finding_b"
"""

SECTIONS = {
    "time-to-event": 'endpoint = "pfs"\ndeath_date = "death"\nlast_contact_date = "last_contact"',
    "imwg-confirmation": "",
    "imwg-response": "compare_with_site = true",
    "iss": 'beta2_microglobulin = "b2m"\nalbumin = "albumin"',
    "r-iss": f'{_STAGING}t_14_16 = "finding_a"',
    "r2-iss": f'{_STAGING}gain_1q = "finding_b"',
    "high-risk-cytogenetics": f'set = "ims-imwg-2025"\n{_LESIONS}',
    "cytogenetic-hits": _LESIONS,
    "soft-tissue-disease": 'extramedullary = "finding_a"\nparaskeletal = "finding_b"',
    "prior-therapy": "",
    "regimen-of-line": "line = 2",
    "trial-eligibility": 'criteria = "majestec-1"\nage = "age"\nhemoglobin = "hemoglobin"\nprior_bcma = "finding_a"',
    "easix": 'variant = "easix"\nldh = "ldh"\nplatelets = "platelets"\ncreatinine = "creatinine"',
    "car-hematotox": 'platelets = "platelets"\nhemoglobin = "hemoglobin"\ncrp = "crp"',
    "mycare": 'extramedullary = "finding_a"\nlenalidomide_refractory = "finding_b"',
    "ckd-epi-2021": 'creatinine = "creatinine"\nage = "age"\nsex = "sex"',
    "cockcroft-gault": 'creatinine = "creatinine"\nage = "age"\nsex = "sex"\nweight = "weight"',
    "charlson": 'heart_failure = "finding_a"\nage = "age"',
    "simplified-frailty": 'age = "age"\ncharlson = "points"\necog = "ecog"',
    "imwg-frailty": 'age = "age"\ncharlson = "points"\nadl = "points"\niadl = "points"',
    "crs": "",
    "icans": "",
    "ctcae-laboratory": """terms = ["neutrophils-decreased", "creatinine-increased"]
severe_by_days = [30]
ongoing_at_days = [30]""",
    "adverse-events": 'groups = [{ name = "lung", label = "Lung", infection = true, infection_site = "a" }]',
    "icaht": 'last_follow_up = "last_contact"\nprogression = "progression"',
}
"""Keys of a section beyond name, label and rule, by rule; variables are those of `DICTIONARY`."""

ABOVE = {}
"""Rules whose records a rule reads, by rule."""

DICTIONARY = """\
field_name,field_type,field_label,field_note,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,,
start,text,First dose,,,date_ymd
progression,text,Progression,,,date_ymd
death,text,Death,,,date_ymd
last_contact,text,Last contact,,,date_ymd
b2m,text,Beta-2 microglobulin,mg/L,,number_2dp
albumin,text,Albumin,g/L,,number_1dp
ldh,text,LDH,U/L,,number_1dp
creatinine,text,Creatinine,umol/L,,number_1dp
platelets,text,Platelets,10^9/L,,number_1dp
hemoglobin,text,Hemoglobin,g/L,,number_1dp
crp,text,C-reactive protein,mg/L,,number_1dp
weight,text,Weight,kg,,number_1dp
age,text,Age,years,,integer
points,text,Points,,,integer
ecog,radio,ECOG performance status,,"0, 0 | 1, 1 | 2, 2",
sex,radio,Sex,,"1, Male | 2, Female",
finding_a,radio,One finding,,"1, Positive | 0, Negative | 9, Not tested",
finding_b,radio,Another finding,,"1, Yes | 0, No",
"""

PATIENTS = {
    "progression": [40, None, None, 300, None],
    "death": [90, None, 200, None, None],
    "last_contact": [90, 400, 200, 500, None],
    "b2m": [3.4, 3.5, 5.5, None, 3.4],
    "albumin": [35.0, 50.0, None, 30.0, None],
    "ldh": [200.0, 300.0, None, 250.0, None],
    "creatinine": [70.0, 200.0, 90.0, None, None],
    "platelets": [40.0, 180.0, 120.0, 200.0, None],
    "hemoglobin": [78.0, 120.0, 90.0, None, None],
    "crp": [40.0, 5.0, None, 1.0, None],
    "weight": [60.0, 80.0, 75.0, None, None],
    "age": [60, 77, 85, 40, None],
    "points": [0, 1, 3, 6, None],
    "ecog": ["0", "1", "2", None, None],
    "sex": ["1", "2", "1", "2", None],
    "finding_a": ["1", "0", "9", "0", None],
    "finding_b": ["0", "1", None, "0", None],
}
"""Five patients, the last with nothing known; dates are days from the first dose."""
