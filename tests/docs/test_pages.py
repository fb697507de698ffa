"""The pages are complete, lead where they say, and keep to the house style."""

import re
from pathlib import Path

import pytest

from metneed import compare, demo_council
from metneed.solver.rules import rules

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
REFERENCES = re.compile(r"^## (References|Source)\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
HEADINGS = ["In words", "Example", "Mathematics", "Source", "What it ignores"]
WORDS = (
    "user",
    "points",
    "need",
    "package",
    "menu",
    "service",
    "budget",
    "allocable",
    "rule",
    "award",
    "purchase",
    "allocation",
    "measure",
    "comparison",
    "baseline",
    "scenario",
    "instance",
    "frontier",
    "certificate",
    "finding",
    "basis",
    "gap",
    "proved",
    "optimal",
    "arithmetic",
    "verify",
    "bound",
    "value",
    "seed",
)
PHRASES = (
    "top slice",
    "marginal value",
    "value of the last pound",
    "total budget",
    "indicative budget",
    "whole packages only",
    "part packages allowed",
    "what each budget buys",
    "proof",
    "solver's word only",
    "met need",
    "basic need",
    "held back",
    "same footing",
    "price per point",
    "worst-off",
    "infeasible",
    "not applicable",
    "scenario test",
)
OURS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(DOCS / f"{name}.md" for name in ("README", "method", "glossary", "commissioners", "systems")),
    DOCS / "researchers.md",
    *sorted((DOCS / "rules").glob("*.md")),
    *sorted((DOCS / "decisions").glob("*.md")),
]
EVERY = sorted({*OURS, *DOCS.rglob("*.md")})


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """What links may jump to: the headings, as they are turned into names."""
    headings = re.findall(r"^#+ (.+)$", _without_code(text(page)), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_a_page_with_all_its_headings(rule: str) -> None:
    page = text(DOCS / "rules" / f"{rule}.md")

    assert page.startswith(f"# `{rule}`: {rules()[rule].title}\n")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("rule", rules())
def test_the_example_of_every_rule_runs_that_rule_and_shows_who_gets_what(rule: str) -> None:
    page = text(DOCS / "rules" / f"{rule}.md")

    assert f"--rule {rule} --out result\n" in page
    assert "$ cat result/allocation.csv\nuser_id,package_id," in page


@pytest.mark.parametrize("rule", rules())
def test_the_mathematics_of_every_rule_is_folded_away(rule: str) -> None:
    page = text(DOCS / "rules" / f"{rule}.md")
    _, _, mathematics = page.partition("## Mathematics\n")

    assert re.fullmatch(
        r"\n<details>\n<summary>.+</summary>\n\n.+\n\n</details>\n\n",
        mathematics.partition("## Source")[0],
        re.DOTALL,
    )


def test_the_table_of_rules_says_what_the_rules_say() -> None:
    rows = re.findall(
        r"^\| \[`(\w+)`\]\((\w+)\.md\) \| (.+?) \| (\w+) rule \| ([\w ]+) \| ?([\w, ]*?) ?\|$",
        text(DOCS / "rules" / "README.md"),
        re.MULTILINE,
    )

    assert rows == [
        (key, key, rule.title, rule.family, " or ".join(rule.readings), ", ".join(rule.needs))
        for key, rule in rules().items()
    ]


def test_there_is_no_page_of_a_rule_that_does_not_exist() -> None:
    pages = {page.stem for page in (DOCS / "rules").glob("*.md")} - {"README"}

    assert pages == set(rules())


def test_the_glossary_has_every_word_of_the_trade_and_of_the_screens() -> None:
    page = text(DOCS / "glossary.md")
    entries = {
        entry
        for line in re.findall(r"^\*\*.+", page, re.MULTILINE)
        for entry in re.findall(r"\*\*(.+?)\*\*", line.partition(": ")[0] + ":")
    }

    assert sorted(set(WORDS) - entries) == []
    assert [phrase for phrase in PHRASES if phrase not in page.lower()] == []


@pytest.mark.parametrize("page", EVERY, ids=name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", _without_code(text(page))):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page

        assert place.exists(), target
        assert place.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(place), target


def test_the_index_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)\)", text(DOCS / "README.md")))
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}

    assert pages <= linked
    assert {"rules/README.md", "decisions/README.md"} <= linked


def test_every_decision_is_listed_and_says_what_it_costs() -> None:
    index = text(DOCS / "decisions" / "README.md")
    for page in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        assert f"({page.name})" in index
        for part in ("**Decision.**", "**Why.**", "**What else was tried.**", "**What it costs.**"):
            assert f"\n{part}\n" in text(page)


@pytest.mark.parametrize("page", OURS, ids=name)
def test_one_sentence_stands_on_a_line(page: Path) -> None:
    lines = [line for line in _prose(text(page)).splitlines() if not line.startswith(("|", "#"))]
    # A full stop ends a sentence where a capital follows; initials and numbers of lists do not.
    doubled = [line for line in lines if re.search(r"[a-z)£\d][.?!] +[A-Z]", _abbreviated(line))]

    assert doubled == []


@pytest.mark.parametrize("page", OURS, ids=name)
def test_no_page_claims_more_than_is_proved(page: Path) -> None:
    prose = _prose(text(page)).lower()

    assert (
        re.findall(r"\b(state.of.the.art|world.class|best.in.class|revolution\w*)\b", prose) == []
    )
    assert re.findall(r"shadow price|dual price|marginal price", prose) == []


def test_the_readme_is_short_and_has_what_a_newcomer_looks_for() -> None:
    page = text(ROOT / "README.md")

    assert len(page.splitlines()) < 150
    assert "make demo" in page
    assert "make test" in page
    assert "py -m pip install ." in page
    assert "](docs/frontier.svg)" in page
    assert "$ metneed demo\n" in page
    assert "never decides about a person" in page


def test_the_picture_shows_what_the_demo_says() -> None:
    picture = text(DOCS / "frontier.svg")
    table = compare(demo_council().instance(), measures=["spent", "share_of_need"]).table

    assert "2,000 users. A scenario test: it never decides about a person." in picture
    for rule, row in table.iterrows():
        said = f"{rule}: {row['spent']:,.2f} spent, {row['share_of_need']:.1%} of need met"
        assert said in picture, "draw it again with make picture"


def _without_code(page: str) -> str:
    return re.sub(
        r"`[^`\n]+`", "", re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    )


def _prose(page: str) -> str:
    """A page without code, mathematics and references, which have full stops of their own."""
    page = re.sub(
        r"^## (References|Source)\n.*?(?=^## |\Z)", "", page, flags=re.MULTILINE | re.DOTALL
    )
    return re.sub(r"\$[^$\n]+\$", "x", _without_code(page))


def _abbreviated(line: str) -> str:
    return re.sub(r"^(\*\*[^*]+\.\*\*|\*\*[^*]+\?\*\*|\d\.|- \*\*[^*]+\.\*\*) ", "", line)
