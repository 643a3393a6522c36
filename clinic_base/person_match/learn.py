"""Estimates of a model from a base: u from random pairs, m by EM on patterns, priors."""

import random
from collections import Counter
from math import log2

from .compare import (
    ADDRESS,
    B_CLOSE,
    B_OTHER,
    BIRTH,
    C_CLOSE,
    D_CLOSE,
    DOCUMENTS,
    EMAIL,
    EQUAL,
    G_OTHER,
    GIVEN,
    LEVELS,
    PATRONYMIC,
    PHONE,
    SEX,
    SURNAME,
)
from .model import HOUSE_FIELDS, HOUSE_M, HOUSE_U, NAME_SHIFT, PLAIN_M, PLAIN_U, SIBLINGS_LIMIT, Model
from .score import is_household

LEAST_CARDS = 2000
# only shares of alike names and dates are taken from them: a level of one in 300 is seen 200 times
RANDOM_PAIRS = 60_000
SEED = 20240229
ITERATIONS, CONVERGED = 30, 1e-4
# what is shipped counts as this many pairs beside what is seen
M_WORTH, U_WORTH, HOUSE_WORTH, HOUSE_PRIOR_WORTH = 100, 300, 60, 40
RULE_RECALL = 0.6
LEAST_NAMESAKES = 30
WRONG_DATES = 0.02  # of one person's pairs of cards have quite different dates
# u of these come from the counts of values; random pairs almost never agree on them
RARE = (BIRTH, PHONE, DOCUMENTS, EMAIL, ADDRESS)


def learn(cards, patterns, comparer, census, agreement=None):
    """The model of a base.

    :param cards: in an order that depends on their content only
    :param patterns: ``Counter`` of the levels of all candidate pairs
    :param agreement: what ``random_agreement`` of these cards has given, where it is known already
    """
    births, names, houses, sure = Counter(), Counter(), Counter(), 0
    for levels, seen in patterns.items():
        sure += seen * _is_sure(levels)
        if levels[BIRTH] == EQUAL and levels[GIVEN] != G_OTHER:
            births[levels] += seen
        if levels[SURNAME] == EQUAL and levels[GIVEN] == EQUAL:
            names[levels] += seen
        if is_household(levels):
            houses[levels] += seen
    model = Model(count=len(cards))
    model.frequencies = {
        SURNAME: dict(census.surnames),
        GIVEN: dict(census.givens),
        PATRONYMIC: dict(census.patronymics),
    }
    total = len(cards) * (len(cards) - 1) / 2
    matches = min(max(sure / RULE_RECALL, 0.01 * len(cards), 0.5), len(cards))
    model.prior = min(matches / total, 0.5) if total else 0.01
    if len(cards) >= LEAST_CARDS:
        model.plain_u = agreement or random_agreement(cards, comparer)
        model.plain_m = _two_sessions(births, names, model.plain_u)
        model.house_prior, model.house_m, model.house_u = _households(houses)
        model.refresh()
        model.siblings = _siblings(houses, model)
        model.learnt = True
    model.refresh()
    return model


def _is_sure(levels):
    """The deterministic rule that the prior is counted from."""
    if levels[GIVEN] != EQUAL:
        return False
    if levels[DOCUMENTS] == EQUAL:
        return True
    if levels[SURNAME] != EQUAL or levels[PATRONYMIC] not in (0, EQUAL):
        return False
    return levels[BIRTH] == EQUAL or (not levels[BIRTH] and levels[PHONE] == EQUAL)


def random_agreement(cards, comparer):
    """u of the levels: of names from random pairs, of rare values from their counts; the rest as shipped."""
    dice = random.Random(SEED)
    counts = {number: [0] * LEVELS[number] for number in (SURNAME, GIVEN, PATRONYMIC, BIRTH)}
    surnames, givens, patronymics, births = counts.values()
    size = len(cards)
    for _turn in range(min(RANDOM_PAIRS, size * (size - 1) // 2)):
        left, right = cards[int(dice.random() * size)], cards[int(dice.random() * size)]
        if left is right:
            continue
        surnames[comparer.surname_level(left, right)] += 1
        givens[comparer.given_level(left.given, right.given)] += 1
        patronymics[comparer.patronymic_level(left.patronymic, right.patronymic)] += 1
        births[comparer.birth_level(left, right)] += 1
    found = dict(PLAIN_U)
    for number, row in counts.items():
        seen, shipped = sum(row[1:]), PLAIN_U[number]
        shares = ((row[level] + U_WORTH * shipped[level]) / (seen + U_WORTH) for level in range(1, len(row)))
        found[number] = (0, *shares)
    for number, share in _exact_agreement(cards).items():
        found[number] = (0, share, *found[number][2:])
    return found


def _exact_agreement(cards):
    """Share of pairs that agree on a rare value: Σ c(c−1) / n(n−1)."""
    counters = {number: Counter() for number in RARE}
    holders = Counter()
    for card in cards:
        if card.birth:
            counters[BIRTH][card.birth] += 1
            holders[BIRTH] += 1
        if card.address is not None:
            counters[ADDRESS][card.address.key or card.address.words] += 1
            holders[ADDRESS] += 1
        if card.email:
            counters[EMAIL][card.email] += 1
            holders[EMAIL] += 1
        if card.phones:
            counters[PHONE].update(card.phones)
            holders[PHONE] += 1
        if card.documents:
            counters[DOCUMENTS].update(card.documents.items())
            holders[DOCUMENTS] += 1
    found = {}
    for number, counter in counters.items():
        size = holders[number]
        if size > 1:
            same = sum(seen * (seen - 1) for seen in counter.values()) / (size * (size - 1))
            found[number] = min(max(same, 1e-6), PLAIN_U[number][EQUAL] * 100)
    return found


def namesake_shift(scorer, cards, pairs, levels_of, plain_of):
    """Bits to add where only the name agrees, so that the model is right about namesakes.

    Measured on pairs that would be such if their birth dates were unknown: the dates tell how many
    of them are one person.

    :param plain_of: weights of the plain model of the pairs
    """
    model = scorer.model
    births = model.plain[BIRTH]
    weights, same = [], 0.0
    for (left, right), levels, plain in zip(pairs, levels_of, plain_of, strict=True):
        if levels[SURNAME] != EQUAL or levels[GIVEN] != EQUAL or levels[DOCUMENTS] in (EQUAL, D_CLOSE):
            continue
        if levels[PHONE] == EQUAL or levels[EMAIL] in (EQUAL, C_CLOSE) or levels[ADDRESS] in (EQUAL, C_CLOSE):
            continue
        if not (cards[left].birth and cards[right].birth):
            continue
        weight = plain - births[levels[BIRTH]]
        if weight > -8:
            weights.append(weight)
            same += levels[BIRTH] in (EQUAL, B_CLOSE)
    if len(weights) < LEAST_NAMESAKES:
        return NAME_SHIFT
    low, high = -8.0, 0.0
    for _turn in range(30):
        middle = (low + high) / 2
        if sum(1 / (1 + 2.0 ** -(weight + middle)) for weight in weights) < same:
            low = middle
        else:
            high = middle
    worth = len(weights) / (len(weights) + LEAST_NAMESAKES)
    return worth * low + (1 - worth) * NAME_SHIFT


def em(patterns, fields, m, u, share, m_worth, u_worth=None, share_worth=2, iterations=ITERATIONS):
    """Expectation–maximisation on counted patterns with what is shipped as the prior belief.

    :param u_worth: ``None`` keeps ``u`` as it is
    :return: ``(share of matches, expected counts of m, m, u)``
    """
    first_m, first_u, first_share = m, u, share
    counts = {}
    rows = [
        (tuple((number, levels[number]) for number in fields if levels[number]), seen)
        for levels, seen in sorted(patterns.items())
    ]
    for _turn in range(iterations):
        counts = {number: [0.0] * LEVELS[number] for number in fields}
        others = {number: [0.0] * LEVELS[number] for number in fields}
        matched = total = 0.0
        for agreement, seen in rows:
            yes, no = share, 1 - share
            for number, level in agreement:
                yes *= m[number][level]
                no *= u[number][level]
            weight = seen * yes / (yes + no) if yes + no else 0.0
            matched += weight
            total += seen
            for number, level in agreement:
                counts[number][level] += weight
                others[number][level] += seen - weight
        before, share = share, (matched + share_worth * first_share) / (total + share_worth)
        m = {number: _mixed(counts[number], first_m[number], m_worth) for number in fields}
        if u_worth is not None:
            u = {number: _mixed(others[number], first_u[number], u_worth) for number in fields}
        if abs(share - before) < CONVERGED:
            break
    return share, counts, m, u


def _mixed(counts, shipped, worth):
    seen = sum(counts)
    return tuple(
        (count + worth * belief) / (seen + worth) for count, belief in zip(counts, shipped, strict=True)
    )


def _two_sessions(births, names, u):
    """m of all fields: each session gives the fields it did not choose its pairs by."""
    sessions = (
        (births, (SURNAME, GIVEN, PATRONYMIC, PHONE, DOCUMENTS, EMAIL, ADDRESS, SEX)),
        (names, (PATRONYMIC, BIRTH, PHONE, DOCUMENTS, EMAIL, ADDRESS, SEX)),
    )
    sums = {number: [0.0] * size for number, size in enumerate(LEVELS)}
    for patterns, fields in sessions:
        if not patterns:
            continue
        _share, counts, _m, _u = em(patterns, fields, PLAIN_M, u, 0.3, M_WORTH)
        for number, row in counts.items():
            sums[number] = [a + b for a, b in zip(sums[number], row, strict=True)]
    found = {number: _mixed(sums[number], PLAIN_M[number], M_WORTH) for number in PLAIN_M}
    # pairs with clearly other given names are left out of the sessions: twins would teach that names differ
    given = list(found[GIVEN])
    scale = (1 - PLAIN_M[GIVEN][G_OTHER]) / (sum(given[1:G_OTHER]) or 1)
    found[GIVEN] = (0, *(share * scale for share in given[1:G_OTHER]), PLAIN_M[GIVEN][G_OTHER])
    return found


def _siblings(patterns, model):
    """Bits that one given name and one patronymic add inside a household; told by pairs with both dates."""
    same = other = 0
    for levels, seen in patterns.items():
        if levels[SURNAME] == levels[GIVEN] == levels[PATRONYMIC] == EQUAL:
            same += seen * (levels[BIRTH] in (EQUAL, B_CLOSE))
            other += seen * (levels[BIRTH] == B_OTHER)
    other = max(other - WRONG_DATES * same, 0)
    expected = model.house_start + model.house[GIVEN][EQUAL] + model.house[PATRONYMIC][EQUAL]
    found = log2((same + 8) / (other + 0.1)) - expected
    return min(max(found, -SIBLINGS_LIMIT), SIBLINGS_LIMIT)


def _households(patterns):
    """Prior, m and u among pairs that share a phone, an address or an e-mail."""
    share, _counts, m, u = em(
        patterns, HOUSE_FIELDS, HOUSE_M, HOUSE_U, 0.3, HOUSE_WORTH, HOUSE_WORTH, HOUSE_PRIOR_WORTH
    )
    return min(max(share, 0.05), 0.9), {**HOUSE_M, **m}, {**HOUSE_U, **u}
