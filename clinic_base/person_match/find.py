"""All duplicates of a base held in memory, and the candidates of one new card."""

import gc
from array import array
from collections import Counter
from dataclasses import dataclass

from .census import Census
from .clusters import grouped
from .compare import Comparer
from .keys import blocking_keys, candidate_pairs
from .learn import LEAST_CARDS, learn, namesake_shift, random_agreement
from .score import IGNORE, Scorer


@dataclass
class Result:
    """``cards`` in the canonical order; pairs and clusters are positions in it."""

    cards: list
    model: object
    scorer: Scorer
    edges: dict  # (i, j) → Match, review zone and above
    clusters: list
    auto_clusters: list
    compared: int = 0
    skipped: int = 0


def find_duplicates(cards, today, model=None, strings=None, progress=None, beside=None):
    """Compare the cards of a base with each other.

    The answer does not depend on the order of the cards.

    :param today: ``yyyymmdd``
    :param model: a learnt model, taken as it is; without it one is learnt from these very cards
    :param strings: :class:`~.strings.Measures`, for tests of the slower ones
    :param progress: called with ``(step, done, all)``
    :param beside: ``function → function that gives its answer``: where the first may run meanwhile; its
        answer is made of plain values. Without it everything is done here, one thing after the other
    """
    say = progress or (lambda step, done, whole: None)
    was_enabled = gc.isenabled()
    gc.disable()  # a million small objects that live to the end
    try:
        return _find(_ordered(cards), today, model, strings, say, beside)
    finally:
        if was_enabled:
            gc.enable()


def _ordered(cards):
    """An order that depends on the content only."""
    cards = list(cards)
    if len({card.id for card in cards}) == len(cards):
        return sorted(cards, key=lambda card: card.id)
    return sorted(cards, key=lambda card: card.sort_key())


def _find(cards, today, model, strings, say, beside):
    say("keys", 0, len(cards))
    census = Census(cards)
    comparer = Comparer(census, today, strings)
    agreement = None
    if beside and model is None and len(cards) >= LEAST_CARDS:
        agreement = beside(lambda: random_agreement(cards, comparer))
    pairs, skipped = candidate_pairs(map(blocking_keys, cards))
    levels_of = _levels(cards, pairs, comparer, say, beside)
    say("learn", 0, 1)
    own = model is None
    if own:
        model = learn(cards, Counter(levels_of), comparer, census, agreement and agreement())
    scorer = Scorer(model, comparer)
    weigh = scorer.plain_weight
    plain_of = [
        weigh(levels, cards[left], cards[right])
        for (left, right), levels in zip(pairs, levels_of, strict=True)
    ]
    if own and model.learnt:
        model.name_shift = namesake_shift(scorer, cards, pairs, levels_of, plain_of)
    edges = {}
    for number, plain in enumerate(plain_of):
        if not number % 50_000:
            say("score", number, len(pairs))
        if plain < model.review:  # nothing else can raise it
            continue
        left, right = pairs[number]
        match = scorer.score(cards[left], cards[right], levels_of[number], plain)
        if match.zone != IGNORE:
            edges[left, right] = match
    say("clusters", 0, len(edges))

    def score(left, right):
        return scorer.score(cards[left], cards[right])

    groups, auto = grouped(edges, score)
    return Result(cards, model, scorer, edges, groups, auto, len(pairs), skipped)


def _levels(cards, pairs, comparer, say, beside):
    """Levels of the pairs, in their order; equal ones are one object."""
    half = len(pairs) // 2 if beside else len(pairs)

    def compare(place, end, tell):
        numbers, levels, found = {}, comparer.levels, array("I")
        for number in range(place, end):
            if not number % 50_000:
                tell("compare", number, end)
            left, right = pairs[number]
            each = levels(cards[left], cards[right])
            found.append(numbers.setdefault(each, len(numbers)))
        return list(numbers), found.tobytes()

    rest = beside and beside(lambda: compare(half, len(pairs), lambda *step: None))
    answers = [compare(0, half, say)]
    if rest:
        answers.append(rest())
    known, levels_of = {}, []
    for numbered, codes in answers:
        numbered = [known.setdefault(each, each) for each in numbered]
        levels_of += [numbered[code] for code in array("I", codes)]
    return levels_of


def check_card(card, candidates, scorer, limit=10):
    """Likely the same person among candidates given, the likeliest first: ``[(candidate, Match)]``."""
    found = [(other, scorer.score(card, other)) for other in candidates]
    found = [(other, match) for other, match in found if match.zone != IGNORE]
    found.sort(key=lambda row: (-row[1].weight, row[0].sort_key()))
    return found[:limit]
