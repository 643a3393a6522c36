"""Reduced prices: bounds that hold for every rule, and the frames one by one."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import DayLoad, SpareRule, SpareTime, best_rule, fits, is_idle, reduced_price

MONEY = st.integers(0, 10_000_000).map(lambda kopecks: kopecks / 100)
RULES = st.builds(
    SpareRule,
    ref=st.integers(1, 5),
    company=st.just(1),
    percent=st.integers(1, 900).map(lambda tenth: tenth / 10),
    least=MONEY,
    rounding=st.sampled_from((0, 1, 10, 50, 100, 0.5)),
)
SHARE = st.integers(0, 100).map(lambda percent: percent / 100)
MONDAY = datetime(2026, 11, 23, 10, 30)
TIME = SpareTime(
    company=1,
    service=2,
    sections=frozenset({7, 8}),
    resource=3,
    branch=4,
    channel="site",
    wall=MONDAY,
    lead=600,
)


@given(MONEY, RULES)
def test_a_price_is_lowered_within_its_bounds(price, rule):
    cheap = reduced_price(price, rule)
    assert 0 <= cheap <= price
    assert cheap >= min(price, rule.least)
    assert round(cheap * 100) / 100 == cheap or rule.rounding == 0.5
    exact = price * (100 - rule.percent) / 100
    assert cheap <= max(exact, rule.least) + 0.01
    if rule.rounding and cheap not in (price, rule.least):
        assert exact - cheap < rule.rounding + 0.01
        assert abs(cheap / rule.rounding - round(cheap / rule.rounding)) < 1e-6


@given(MONEY, st.lists(RULES, max_size=5))
def test_the_best_rule_is_the_cheapest_and_the_first_of_equals(price, rules):
    best = best_rule(price, rules)
    prices = [reduced_price(price, rule) for rule in rules]
    if best is None:
        assert all(cheap >= price for cheap in prices)
        return
    assert best[1] == min(prices) < price
    assert best[0] == rules[prices.index(min(prices))]


@given(SHARE, SHARE)
def test_loads_and_chances_are_shares(now, pickup):
    load = DayLoad(now, pickup)
    assert now <= load.forecast <= 1
    assert 0 <= load.chance <= 1
    if now + pickup <= 1 and now < 1:
        assert abs(load.chance * (1 - now) - pickup) < 1e-9


def test_what_is_booked_from_now_on_decides_with_what_is_booked():
    rule = SpareRule(1, 1, load_below=0.5)
    assert is_idle(rule, DayLoad(0.2, 0.2))
    assert not is_idle(rule, DayLoad(0.2, 0.3))
    assert is_idle(SpareRule(1, 1), DayLoad(1.0, 0.0))


def test_frames():
    assert fits(SpareRule(1, 1), TIME)
    inside = {
        "services": frozenset({2}),
        "resources": frozenset({3}),
        "branches": frozenset({4}),
        "channels": frozenset({"site"}),
        "weekdays": frozenset({0}),
        "minute_from": 630,
        "minute_to": 631,
        "lead_from": 600,
        "lead_to": 601,
        "first_day": date(2026, 11, 23),
        "last_day": date(2026, 11, 23),
    }
    outside = {
        "company": 9,
        "services": frozenset({9}),
        "resources": frozenset({9}),
        "branches": frozenset({9}),
        "channels": frozenset({"phone"}),
        "weekdays": frozenset({1, 2, 3, 4, 5, 6}),
        "minute_from": 631,
        "minute_to": 630,
        "lead_from": 601,
        "lead_to": 600,
        "first_day": date(2026, 11, 24),
        "last_day": date(2026, 11, 22),
    }
    rule = SpareRule(1, 1, **inside)
    assert fits(rule, TIME)
    for name, value in outside.items():
        assert not fits(rule._replace(**{name: value}), TIME), name


def test_a_section_holds_the_services_of_the_sections_below():
    assert fits(SpareRule(1, 1, services=frozenset(), sections=frozenset({7})), TIME)
    assert fits(SpareRule(1, 1, services=frozenset({2}), sections=frozenset({99})), TIME)
    assert not fits(SpareRule(1, 1, services=frozenset({5}), sections=frozenset({99})), TIME)
