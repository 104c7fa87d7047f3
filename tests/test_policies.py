"""A user's policy: what counts, tiers by the user's own rules, and that no name is ever left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from esgscan.cli import cli
from esgscan.errors import OptionError
from esgscan.policies import Policy, Rule, default_policy, policy_rows, read_policy
from tests.rows import DAHUA, EZVIZ, HIKVISION, IFLYTEK, reading
from tests.runs import DATA, scan

DOCS = Path(__file__).parents[1] / "docs" / "policies"
PROGRAMMES = DATA["programmes"]["programme_id"].to_list()
TAGS = DATA["tags"]["tag"].to_list()
PORTFOLIO = reading(
    {"isin": HIKVISION, "market_value": 50.0},
    {"isin": DAHUA, "market_value": 30.0},
    {"isin": IFLYTEK, "market_value": 20.0},
)
AS_OF = date(2026, 11, 23)


def read(folder: Path, text: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path, programmes=PROGRAMMES, tags=TAGS)


def judged(policy: Policy) -> dict[str, tuple[bool, str]]:
    rows = scan(PORTFOLIO, as_of=AS_OF, policy=policy).tables["exposures"]
    return {issuer: (counts, tier) for issuer, counts, tier in rows.select("issuer_id", "counts", "tier").rows()}


def test_without_a_policy_everything_counts_and_official_steps_make_a_tier_of_their_own() -> None:
    assert judged(default_policy()) == dict.fromkeys(("hikvision", "dahua", "iflytek"), (True, "official"))


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ('programmes = ["us-ndaa-889"]', True),  # names Hikvision, of which EZVIZ is a subsidiary, and reaches those
        ('programmes = ["us-ndaa-889"]\nnames_itself = true', False),
        ('programmes = ["us-uflpa"]', False),  # names Hikvision, and reaches nobody else
    ],
)
def test_a_programme_counts_through_an_owner_unless_it_must_name_the_company_itself(tmp_path, text, counts):
    policy = read(tmp_path, f"[count]\n{text}\n")
    exposures = scan(reading({"isin": EZVIZ, "market_value": 1.0}), as_of=AS_OF, policy=policy).tables["exposures"]
    assert exposures.select("issuer_id", "counts").rows() == [("ezviz", counts)]


def test_a_company_that_only_a_reported_programme_names_stays_in_the_report_and_does_not_count(tmp_path: Path) -> None:
    # NS-CMIC names Hikvision, and neither Dahua nor iFlytek
    policy = read(tmp_path, '[count]\nprogrammes = ["us-ofac-ns-cmic"]\n')
    assert {issuer: counts for issuer, (counts, _) in judged(policy).items()} == {
        "hikvision": True,
        "dahua": False,
        "iflytek": False,
    }
    found = scan(PORTFOLIO, as_of=AS_OF, policy=policy)
    assert found.counted == pytest.approx(0.5)
    assert found.weight == pytest.approx(1.0)


def test_what_is_reported_only_does_not_make_a_company_count(tmp_path: Path) -> None:
    text = '[count]\nprogrammes = ["*"]\n[report_only]\nprogrammes = ["us-bis-entity-list"]\n'
    # without the Entity List nothing but tags stands against iFlytek, and tags do not count here
    assert judged(read(tmp_path, text))["iflytek"][0] is False
    assert judged(read(tmp_path, text))["dahua"][0] is True


def test_the_first_tier_that_fits_is_the_companys_and_tiers_sort(tmp_path: Path) -> None:
    text = """
[count]
programmes = ["*"]
[view]
sort = "tier"
[[tiers]]
name = "light"
programmes = ["us-bis-entity-list"]
statuses = ["in_force"]
weight_above = "45%"
[[tiers]]
name = "watch"
programmes = ["us-ndaa-889"]
"""
    assert list(judged(read(tmp_path, text)).items()) == [
        ("hikvision", (True, "light")),
        ("dahua", (True, "watch")),
        ("iflytek", (True, "no tier")),
    ]


def test_a_tier_may_ask_that_the_company_itself_is_named(tmp_path: Path) -> None:
    # of Hikvision the Canadian order names a subsidiary only
    text = '[count]\nprogrammes = ["*"]\n[[tiers]]\nname = "named"\nprogrammes = ["ca-ica-hikvision"]\n'
    assert judged(read(tmp_path, text))["hikvision"][1] == "named"
    assert judged(read(tmp_path, f"{text}names_itself = true\n"))["hikvision"][1] == "no tier"


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.generate,))
@given(
    programmes=st.lists(st.sampled_from(PROGRAMMES), max_size=4),
    tags=st.lists(st.sampled_from(TAGS), max_size=4),
    below=st.sampled_from([0.0, 0.4, 1.0]),
    sort=st.sampled_from(["weight", "tier"]),
)
def test_no_policy_hides_a_name_or_changes_a_weight(programmes, tags, below: float, sort: str) -> None:
    rule = Rule(programmes=tuple(programmes), tags=tuple(tags), name="tier")
    policy = Policy(name="any", count=rule, report_only=Rule(), tiers=(rule,), sort=sort, collapse_below=below)
    one, other = (scan(PORTFOLIO, as_of=AS_OF, policy=each) for each in (policy, default_policy()))
    columns = ["issuer_id", "weight", "floor", "ceiling"]
    assert sorted(one.tables["exposures"].select(columns).rows()) == sorted(
        other.tables["exposures"].select(columns).rows()
    )
    assert (one.weight, one.floor, one.ceiling) == (other.weight, other.floor, other.ceiling)


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("[count\n", "as TOML", "docs/policies/human-rights.toml"),
        ("", "does not say what counts", "add [count]"),
        ('[count]\nprogrammes = ["us-bis-entity-lst"]\n', "'us-bis-entity-lst'", "did you mean 'us-bis-entity-list'"),
        ('[count]\ntags = ["mass-surveilance"]\n', "'mass-surveilance'", "did you mean 'mass-surveillance'"),
        ('[count]\nprogrammes = "us-uflpa"\n', "'us-uflpa'", "write a list of words"),
        ("[count]\n[hide]\n", "'hide'", "use one of"),
        ('[count]\n[view]\nsort = "name"\n', "'name'", "weight, tier"),
        ('[count]\n[view]\ncollapse_below = "a lot"\n', "'a lot'", "0.1%"),
        ('[count]\nstatuses = ["soon"]\n', "'soon'", "in_force"),
        ('[count]\n[[tiers]]\ntags = ["*"]\n', "no name", 'add name = "watch"'),
    ],
)
def test_a_policy_that_cannot_be_read_says_what_where_and_how_to_mend_it(
    tmp_path: Path, text: str, what: str, mend: str
) -> None:
    with pytest.raises(OptionError) as caught:
        read(tmp_path, text)
    assert what in caught.value.what
    assert mend in caught.value.mend
    assert "policy.toml" in caught.value.where


def test_a_policy_that_is_not_there_is_an_error_of_usage() -> None:
    done = CliRunner().invoke(cli, ["scan", "sample_portfolios/no_exposure.csv", "--policy", "nowhere.toml"])
    assert isinstance(done.exception, OptionError)


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_can_be_used_and_print(path: Path) -> None:
    policy = read_policy(path, programmes=PROGRAMMES, tags=TAGS)
    printed = {row["setting"] for row in policy_rows(policy)}
    assert {"name", "counts", "reported only", "sorted by", "told in brief below"} <= printed
    assert judged(policy)


def test_there_are_two_examples() -> None:
    assert len(list(DOCS.glob("*.toml"))) == 2
