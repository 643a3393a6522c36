"""All duplicates of a base held in memory, and the candidates of one new card."""

import gc
from collections import Counter
from dataclasses import dataclass

from .census import Census
from .clusters import grouped
from .compare import Comparer
from .keys import blocking_keys, candidate_pairs
from .learn import learn, namesake_shift
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


def find_duplicates(cards, today, model=None, strings=None, progress=None):
    """Compare the cards of a base with each other.

    The answer does not depend on the order of the cards.

    :param today: ``yyyymmdd``
    :param model: a learnt model; without it one is learnt from these very cards
    :param strings: :class:`~.strings.Measures`, for tests of the slower ones
    :param progress: called with ``(step, done, all)``
    """
    say = progress or (lambda step, done, whole: None)
    was_enabled = gc.isenabled()
    gc.disable()  # a million small objects that live to the end
    try:
        return _find(_ordered(cards), today, model, strings, say)
    finally:
        if was_enabled:
            gc.enable()


def _ordered(cards):
    """An order that depends on the content only."""
    cards = list(cards)
    if len({card.id for card in cards}) == len(cards):
        return sorted(cards, key=lambda card: card.id)
    return sorted(cards, key=lambda card: card.sort_key())


def _find(cards, today, model, strings, say):
    say("keys", 0, len(cards))
    census = Census(cards)
    comparer = Comparer(census, today, strings)
    pairs, skipped = candidate_pairs([blocking_keys(card) for card in cards])
    patterns, levels_of, known = Counter(), [], {}
    levels = comparer.levels
    for number, (left, right) in enumerate(pairs):
        if not number % 50_000:
            say("compare", number, len(pairs))
        found = levels(cards[left], cards[right])
        found = known.setdefault(found, found)
        patterns[found] += 1
        levels_of.append(found)
    say("learn", 0, 1)
    if model is None:
        model = learn(cards, patterns, comparer, census)
    scorer = Scorer(model, comparer)
    if model.learnt:
        model.name_shift = namesake_shift(scorer, cards, pairs, levels_of)
    edges = {}
    for number, (left, right) in enumerate(pairs):
        if not number % 50_000:
            say("score", number, len(pairs))
        plain = scorer.plain_weight(levels_of[number], cards[left], cards[right])
        if plain < model.review:  # nothing else can raise it
            continue
        match = scorer.score(cards[left], cards[right], levels_of[number], plain)
        if match.zone != IGNORE:
            edges[left, right] = match
    say("clusters", 0, len(edges))

    def score(left, right):
        return scorer.score(cards[left], cards[right])

    groups, auto = grouped(edges, score)
    return Result(cards, model, scorer, edges, groups, auto, len(pairs), skipped)


def check_card(card, candidates, scorer, limit=10):
    """Likely the same person among candidates given, the likeliest first: ``[(candidate, Match)]``."""
    found = [(other, scorer.score(card, other)) for other in candidates]
    found = [(other, match) for other, match in found if match.zone != IGNORE]
    found.sort(key=lambda row: (-row[1].weight, row[0].sort_key()))
    return found[:limit]
