from dataclasses import replace

import pytest

from metneed.models.findings import Finding, Findings, visible

FINDING = Finding(
    file="packages.csv",
    row=7,
    column="cost",
    value="12,50",
    problem="not a plain decimal number",
    remedy="Write 12.50",
    code="not-a-number",
)


def test_a_finding_names_place_value_fault_and_remedy() -> None:
    assert str(FINDING) == (
        "packages.csv, row 7, column cost: '12,50': not a plain decimal number. Write 12.50"
    )


def test_a_finding_of_the_whole_file_has_neither_row_nor_column_nor_value() -> None:
    whole = replace(FINDING, row=0, column="", value="")

    assert str(whole) == "packages.csv: not a plain decimal number. Write 12.50"


def test_only_errors_stop_the_reading() -> None:
    warning = replace(FINDING, severity="warning")
    findings = Findings()
    findings.add(FINDING)
    findings.extend([warning, warning])

    assert len(findings) == 3
    assert list(findings) == [FINDING, warning, warning]
    assert findings.errors == [FINDING]
    assert findings.warnings == [warning, warning]


def test_the_summary_counts_what_it_does_not_show() -> None:
    findings = Findings([replace(FINDING, row=row) for row in range(2, 7)])

    lines = findings.summary(shown=2).splitlines()

    assert lines[0] == "5 faults in the input"
    assert lines[1:3] == [f"  {finding}" for finding in findings.items[:2]]
    assert lines[3] == "  ... and 3 more"


def test_one_fault_is_a_fault_and_not_faults() -> None:
    assert Findings([FINDING]).summary() == f"1 fault in the input\n  {FINDING}"


def test_findings_sort_by_file_and_row() -> None:
    later, other = replace(FINDING, row=12), replace(FINDING, file="users.csv", row=2)

    assert sorted([other, later, FINDING]) == [FINDING, later, other]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb", "a<U+0009>b"),
        ("\ufeffid", "<U+FEFF>id"),
        ("a\u202eb", "a<U+202E>b"),
        ("é 語", "é 語"),
        ("x" * 41, "x" * 40 + "..."),
        ("x" * 40, "x" * 40),
    ],
)
def test_what_cannot_be_seen_is_written_as_a_code(text: str, shown: str) -> None:
    assert visible(text) == shown
