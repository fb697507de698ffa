from typing import Any

import pytest

from metneed.instances.importers.fields import OPTIONAL, OTHERS, PRIVATE, REQUIRED, standard_name
from metneed.models.errors import InputError


def with_headings(extract: Any, row: Any, **renamed: str) -> None:
    """The small return with some headings written in another way."""
    names = {old.replace("_", " "): new for old, new in renamed.items()}
    extract.write([{names.get(k, k): v for k, v in row().items()}], "user_id,points\nann,5\n")


def codes(extract: Any) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        extract.run()
    return {item.column: item.code for item in caught.value.findings.errors}


@pytest.mark.parametrize("name", [*REQUIRED, *OPTIONAL, *PRIVATE, *OTHERS])
@pytest.mark.parametrize("form", ["{}", "12. {}", "7a {}", "(3) {}", " {} "])
def test_headings_are_known_with_and_without_numbers(name: str, form: str) -> None:
    assert standard_name(form.format(name)) == name
    assert standard_name(form.format(name.upper())) == name
    assert standard_name(form.format(name.replace(" ", "_"))) == name


@pytest.mark.parametrize("heading", ["", "Shoe size", "Service", "Cost", "4-weekly cost"])
def test_other_headings_are_not_taken_for_a_field(heading: str) -> None:
    assert standard_name(heading) is None


def test_a_return_with_numbered_headings_is_read(extract: Any, row: Any) -> None:
    with_headings(extract, row, Unit_Cost="51. UNIT_COST", Event_Type="event  type")

    assert extract.run().tallies["return.csv"][0].rows == 1


def test_a_misspelt_heading_is_a_finding_that_names_the_right_one(extract: Any, row: Any) -> None:
    with_headings(extract, row, Unit_Cost="Unit Csot")
    with pytest.raises(InputError, match="Call it Unit Cost"):
        extract.run()

    assert codes(extract) == {"Unit Csot": "misspelt-column"}


def test_a_misspelt_optional_heading_is_a_finding_too(extract: Any, row: Any) -> None:
    with_headings(extract, row, Date_of_Birth="3. Date of Brith")

    assert codes(extract) == {"3. Date of Brith": "misspelt-column"}


def test_a_missing_column_is_a_finding_that_shows_the_headings(extract: Any, row: Any) -> None:
    with_headings(extract, row, Service_Component="Thing")
    with pytest.raises(InputError, match="row 1 has 'LA Person Unique Identifier'"):
        extract.run()

    assert codes(extract) == {"Service Component": "missing-column"}


def test_two_headings_of_one_field_are_a_finding(extract: Any, row: Any) -> None:
    extract.write([row() | {"12. unit cost": "7"}])

    assert codes(extract) == {"12. unit cost": "duplicate-column"}


def test_columns_that_are_not_there_are_told(extract: Any, row: Any) -> None:
    extract.write(
        [
            {
                k: v
                for k, v in row().items()
                if k not in {"Client Type", "Date of Birth", "Primary Support Reason"}
            }
        ]
    )
    notes = " ".join(extract.run().notes)

    assert "no column Client Type" in notes
    assert "ages are not known" in notes
    assert "no column Primary Support Reason" in notes


def test_cells_of_private_columns_do_not_show_in_findings(extract: Any, row: Any) -> None:
    extract.write([row("ann", {"NHS Number": "£9990001112"})])
    text = (extract.folder / "return.csv").read_bytes().replace(b"\xc2\xa3999", b"\xff999")
    (extract.folder / "return.csv").write_bytes(text)
    with pytest.raises(InputError) as caught:
        extract.run()

    assert "9990001112" not in str(caught.value)
    assert not any("0001112" in item.value for item in caught.value.findings)
