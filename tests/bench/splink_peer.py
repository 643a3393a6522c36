"""The same cards through Splink with DuckDB, as its own tutorial for people's data would do it.

It gets values already brought to one form, so that matching is compared and not cleaning.
"""

import logging
import time

THRESHOLDS = (0.5, 0.9, 0.99, 0.999)
COLUMNS = "unique_id surname given patronymic birth phone email address snils policy".split()  # noqa: SIM905


def rows_of(cards):
    """Columns for Splink out of normalised cards."""
    rows = []
    for number, card in enumerate(cards):
        birth = f"{card.birth // 10000:04d}-{card.birth // 100 % 100:02d}-{card.birth % 100:02d}"
        rows.append(
            (
                number,
                card.surname.stem if card.surname else None,
                card.given.names[0] if card.given else None,
                card.patronymic.father if card.patronymic else None,
                birth if card.birth else None,
                card.phones[0] if card.phones else None,
                card.email or None,
                (card.address.key if card.address else "") or None,
                card.documents.get("snils"),
                card.documents.get("policy"),
            )
        )
    return rows


def clusters(cards):
    """``(seconds, {threshold: clusters as lists of positions})``."""
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    rows = rows_of(cards)
    started = time.perf_counter()
    frame = pandas.DataFrame(rows, columns=COLUMNS)
    api = DuckDBAPI()
    blocking = [
        block_on("phone"),
        block_on("birth", "given"),
        block_on("birth", "substr(surname, 1, 3)"),
        block_on("surname", "given", "patronymic"),
        block_on("surname", "given", "substr(birth, 1, 4)"),
        block_on("given", "patronymic", "substr(birth, 1, 4)"),
        block_on("snils"),
        block_on("policy"),
        block_on("email"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=blocking,
        comparisons=[
            compare.NameComparison("surname").configure(term_frequency_adjustments=True),
            compare.NameComparison("given").configure(term_frequency_adjustments=True),
            compare.NameComparison("patronymic").configure(term_frequency_adjustments=True),
            compare.DateOfBirthComparison("birth", input_is_string=True),
            compare.ExactMatch("phone").configure(term_frequency_adjustments=True),
            compare.ExactMatch("email"),
            compare.ExactMatch("address").configure(term_frequency_adjustments=True),
            compare.LevenshteinAtThresholds("snils", 1),
            compare.LevenshteinAtThresholds("policy", 1),
        ],
    )
    linker = Linker(api.register(frame), settings, log_level=None)
    sure = [block_on("snils"), block_on("surname", "given", "patronymic", "birth")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "given"))
    predictions = linker.inference.predict(threshold_match_probability=THRESHOLDS[0])
    found, first = {}, None
    for threshold in THRESHOLDS:
        table = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold)
        groups = {}
        columns = table.as_pandas_dataframe()[["cluster_id", "unique_id"]]
        for cluster, number in columns.itertuples(index=False):
            groups.setdefault(cluster, []).append(int(number))
        found[threshold] = [sorted(group) for group in groups.values() if len(group) > 1]
        if first is None:
            first = time.perf_counter() - started
    return first, found
