"""The Fellegi–Sunter model as data: probabilities, priors, frequencies, thresholds; to JSON and back."""

import json
from dataclasses import dataclass, field
from math import log2

from .card import NORMALISATION
from .compare import (
    ADDRESS,
    BIRTH,
    DOCUMENTS,
    EMAIL,
    FIELDS,
    G_INITIAL,
    GIVEN,
    LEVELS,
    P_INITIAL,
    PATRONYMIC,
    PHONE,
    SEX,
    SURNAME,
)

FORMAT = 1
LEAST = 1e-6

# m – the share of a level among cards of one person, u – among cards of two people; index 0 says nothing
PLAIN_M = {
    SURNAME: (0, 0.84, 0.06, 0.03, 0.05, 0.02),
    GIVEN: (0, 0.84, 0.05, 0.03, 0.07, 0.01),
    PATRONYMIC: (0, 0.87, 0.06, 0.06, 0.01),
    BIRTH: (0, 0.89, 0.06, 0.035, 0.015),
    PHONE: (0, 0.70, 0.0, 0.30),
    DOCUMENTS: (0, 0.90, 0.05, 0.04, 0.01),
    EMAIL: (0, 0.70, 0.10, 0.20),
    ADDRESS: (0, 0.62, 0.14, 0.24),
    SEX: (0, 0.985, 0.015),
}
PLAIN_U = {
    SURNAME: (0, 0.002, 0.003, 0.004, 0.28, 0.711),
    GIVEN: (0, 0.03, 0.005, 0.06, 0.005, 0.90),
    PATRONYMIC: (0, 0.025, 0.003, 0.06, 0.912),
    BIRTH: (0, 0.00005, 0.0015, 0.02, 0.97845),
    PHONE: (0, 0.00003, 0.0, 0.99997),
    DOCUMENTS: (0, 0.00001, 0.0001, 0.50, 0.49989),
    EMAIL: (0, 0.00003, 0.0003, 0.99967),
    ADDRESS: (0, 0.0001, 0.004, 0.9959),
    SEX: (0, 0.5, 0.5),
}
# among people of one household surname, phone and address agree anyway and are not asked
HOUSE_FIELDS = (GIVEN, PATRONYMIC, BIRTH, DOCUMENTS, SEX)
HOUSE_M = {
    GIVEN: (0, 0.85, 0.05, 0.03, 0.06, 0.01),
    PATRONYMIC: (0, 0.88, 0.05, 0.06, 0.01),
    BIRTH: (0, 0.90, 0.06, 0.03, 0.01),
    DOCUMENTS: (0, 0.90, 0.05, 0.04, 0.01),
    SEX: (0, 0.985, 0.015),
}
HOUSE_U = {
    GIVEN: (0, 0.04, 0.01, 0.08, 0.01, 0.86),
    PATRONYMIC: (0, 0.35, 0.05, 0.10, 0.50),
    BIRTH: (0, 0.06, 0.01, 0.05, 0.88),
    DOCUMENTS: (0, 0.03, 0.02, 0.45, 0.50),
    SEX: (0, 0.5, 0.5),
}
HOUSE_PRIOR = 0.3
PRIOR = 1e-5
# frequency of an unknown value, how many cards that guess is worth, the rarest a value may be
FREQUENCIES = {
    SURNAME: (1 / 1500, 500, 1 / 20000),
    GIVEN: (1 / 80, 500, 1 / 3000),
    PATRONYMIC: (1 / 60, 500, 1 / 3000),
}
REVIEW, AUTO = 0.0, 6.0
NAME_SHIFT = -1.0
# parents do not give two children one name; a base of families may teach otherwise
SIBLINGS, SIBLINGS_LIMIT = 4.0, 4.0
# inside a household twins and brothers share initials more often than counts of all relatives tell
HOUSE_CAPS = {(GIVEN, G_INITIAL): 1.5, (PATRONYMIC, P_INITIAL): 0.5}
# levels that say nothing whatever the counts: a crowd's phone; the same sex, which the name told before
SILENT = {PHONE: (2,), SEX: (1,)}


def weights_of(m, u):
    """log2(m/u) of every level of every field."""
    found = {}
    for number, probabilities in m.items():
        row = [0.0]
        for level in range(1, LEVELS[number]):
            silent = level in SILENT.get(number, ())
            row.append(
                0.0 if silent else log2(max(probabilities[level], LEAST) / max(u[number][level], LEAST))
            )
        found[number] = tuple(row)
    return found


@dataclass
class Model:
    """Everything a weight depends on besides the two cards."""

    count: int = 0  # cards it was learnt from
    prior: float = PRIOR
    house_prior: float = HOUSE_PRIOR
    plain_m: dict = field(default_factory=lambda: dict(PLAIN_M))
    plain_u: dict = field(default_factory=lambda: dict(PLAIN_U))
    house_m: dict = field(default_factory=lambda: dict(HOUSE_M))
    house_u: dict = field(default_factory=lambda: dict(HOUSE_U))
    frequencies: dict = field(default_factory=lambda: {SURNAME: {}, GIVEN: {}, PATRONYMIC: {}})
    name_shift: float = NAME_SHIFT  # added where nothing but the name agrees
    siblings: float = SIBLINGS  # added where given name and patronymic agree inside one household
    review: float = REVIEW
    auto: float = AUTO
    learnt: bool = False  # False: the weights are the shipped ones
    normalisation: int = NORMALISATION

    def __post_init__(self):
        self.refresh()

    def refresh(self):
        """Count the weights anew after a change of probabilities."""
        self.plain = weights_of(self.plain_m, self.plain_u)
        self.house = weights_of(self.house_m, self.house_u)
        for (number, level), cap in HOUSE_CAPS.items():
            row = list(self.house[number])
            row[level] = min(row[level], cap)
            self.house[number] = tuple(row)
        self.start = log2(self.prior / (1 - self.prior))
        self.house_start = log2(self.house_prior / (1 - self.house_prior))
        self._equal = {}

    def frequency(self, number, value):
        """Share of cards that have this surname stem, given name or father's name."""
        guess, worth, least = FREQUENCIES[number]
        seen = self.frequencies[number].get(value, 0)
        return max((seen + guess * worth) / (self.count + worth), least)

    def equal_weight(self, number, value):
        """Weight of an exact agreement on this very value: rare ones weigh more."""
        key = (number, value)
        weight = self._equal.get(key)
        if weight is None:
            weight = log2(max(self.plain_m[number][1], LEAST) / self.frequency(number, value))
            self._equal[key] = weight
        return weight

    # --- JSON ---------------------------------------------------------------------------------

    def to_json(self, least_frequency=5):
        """Text for keeping; values seen on fewer cards than ``least_frequency`` stay unnamed."""
        data = {
            "format": FORMAT,
            "normalisation": self.normalisation,
            "count": self.count,
            "prior": self.prior,
            "house_prior": self.house_prior,
            "name_shift": self.name_shift,
            "siblings": self.siblings,
            "review": self.review,
            "auto": self.auto,
            "learnt": self.learnt,
            "frequencies": {
                FIELDS[number]: {
                    value: seen for value, seen in sorted(values.items()) if seen >= least_frequency
                }
                for number, values in self.frequencies.items()
            },
        }
        for name in ("plain_m", "plain_u", "house_m", "house_u"):
            data[name] = {FIELDS[number]: list(row) for number, row in getattr(self, name).items()}
        return json.dumps(data, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text):
        """:raises ValueError: not a model, or one of another format"""
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError("unknown_model_format")
        number_of = {name: number for number, name in enumerate(FIELDS)}
        tables = {
            name: {number_of[key]: tuple(row) for key, row in data[name].items()}
            for name in ("plain_m", "plain_u", "house_m", "house_u")
        }
        frequencies = {number_of[key]: values for key, values in data["frequencies"].items()}
        names = ("count", "prior", "house_prior", "name_shift", "siblings", "review", "auto", "learnt")
        names += ("normalisation",)
        return cls(frequencies=frequencies, **tables, **{name: data[name] for name in names})
