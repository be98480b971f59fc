"""A section of each rule as a study would write it, for the contract that every rule keeps."""

SECTIONS = {
    "imwg-confirmation": "",
    "imwg-response": "compare_with_site = true",
    "iss": 'beta2_microglobulin = "b2m"\nalbumin = "albumin"',
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
"""

PATIENTS = {
    "progression": [40, None, None, 300, None],
    "death": [90, None, 200, None, None],
    "last_contact": [90, 400, 200, 500, None],
    "b2m": [3.4, 3.5, 5.5, None, 3.4],
    "albumin": [35.0, 50.0, None, 30.0, None],
}
"""Five patients, the last with nothing known; dates are days from the first dose."""
