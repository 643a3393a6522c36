"""D1: duplicates among generated patients, and Splink on the same cards in the same run."""

import csv
import datetime
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from clinic_bench import febrl, people, splink_peer

from tools import match

NAME = "D1"
SIZES = (20_000, 100_000)
TODAY = datetime.date(2026, 11, 22)
BOUND_SECONDS, BOUND_MB = 30, 1024
SEED = 29
LEAST_PRECISION, AT_RECALL = 0.999, 0.8


def quality(groups, person, true):
    """``(precision, recall, f1)`` of pairs inside groups of positions."""
    found = right = 0
    for group in groups:
        for place, left in enumerate(group):
            for other in group[place + 1 :]:
                found += 1
                right += person[left] == person[other]
    precision, recall = right / found if found else 1.0, right / true if true else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def run(ctx):
    ctx.peers()
    rows = [measure(ctx.count(size)) for size in SIZES]
    large = rows[-1]
    bound = BOUND_SECONDS * ctx.factor
    good = [
        row["auto_precision"] >= LEAST_PRECISION
        and row["precision_at_80"] >= LEAST_PRECISION
        and row["f1"] > row["peer_f1"]
        and row["seconds"] < row["peer_seconds"]
        for row in rows
    ]
    ok = all(good) and large["seconds"] <= bound and large["memory_mb"] <= BOUND_MB
    person_match, _parse_phones = match.packages()
    sets = {
        f"febrl{names[0][0]}{'' if with_number else '_no_id'}": round(
            febrl.best_f1(person_match, names, with_number)[0], 4
        )
        for names, with_number, _least in febrl.LEAST
    }
    ok = ok and all(found >= least for found, (_n, _w, least) in zip(sets.values(), febrl.LEAST, strict=True))
    return {"ok": ok, **large, **sets, "smaller": rows[0]}


def measure(count):
    """One size: the whole call in a process of its own, then both matchers on the same cards."""
    rows, truth, _town = people.generate(count, SEED)
    person_match, _parse_phones = match.packages()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "people.csv"), Path(folder, "clusters.csv")
        with open(source, "w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        seconds, memory = _call(source, target)
        started = time.perf_counter()
        cards, _reading = match.read_cards(str(source), TODAY)
        cleaning = time.perf_counter() - started
    result = person_match.find_duplicates(cards, 20261122)
    person = [truth[int(card.id) - 1] for card in result.cards]
    true = sum(size * (size - 1) // 2 for size in Counter(truth).values())
    precision, recall, f1 = quality(result.clusters, person, true)
    auto_precision, auto_recall, _f1 = quality(result.auto_clusters, person, true)
    precision_at_80, recall_at_999 = _by_weight(result, person, true)
    found = {
        "records": len(rows),
        "seconds": round(seconds, 1),
        "memory_mb": memory,
        "precision": round(precision, 5),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "auto_precision": round(auto_precision, 5),
        "auto_recall": round(auto_recall, 4),
        "auto_surplus": round(_surplus(result.auto_clusters, person) / (len(truth) - len(set(truth))), 4),
        "precision_at_80": round(precision_at_80, 5),
        "recall_at_999": round(recall_at_999, 4),
    }
    return found | _peer(result.cards, person, true, cleaning)


def _call(source, target):
    """``(seconds, MB)`` of ./clinic match from start to end, reading and writing included."""
    command = [sys.executable, str(match.REPO / "clinic"), "match", str(source), "--out", str(target)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    largest = []
    watch = threading.Thread(target=_watch, args=(process, largest))
    watch.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    watch.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return seconds, max(largest, default=0)


def _watch(process, largest):
    """Note the memory of a process and of those it started, pages that they share counted once."""
    import psutil

    top = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            family = [top, *top.children(recursive=True)]
            largest.append(round(sum(each.memory_full_info().pss for each in family) / 2**20))
        except psutil.Error:
            pass
        time.sleep(0.2)


def _surplus(groups, person):
    """Cards that are no more when the groups are joined, of those that are one too many."""
    return sum(len(group) - len({person[number] for number in group}) for group in groups)


def _by_weight(result, person, true):
    """Precision of the pairs above the weight at which ``AT_RECALL`` of the true ones are found, and the
    largest share of the true ones found at ``LEAST_PRECISION``."""
    edges = result.edges.items()
    pairs = sorted(((found.weight, person[i] == person[j]) for (i, j), found in edges), reverse=True)
    right, at_recall, at_precision = 0, 0.0, 0.0
    for place, (_weight, same) in enumerate(pairs, 1):
        right += same
        if not at_recall and right >= AT_RECALL * true:
            at_recall = right / place
        if right >= LEAST_PRECISION * place:
            at_precision = right / true
    return at_recall, at_precision


def _peer(cards, person, true, cleaning):
    """Splink's best threshold; its time includes the same reading and cleaning as ours."""
    seconds, found = splink_peer.clusters(cards)
    best = max((quality(groups, person, true) for groups in found.values()), key=lambda row: row[2])
    return {
        "peer_f1": round(best[2], 4),
        "peer_precision": round(best[0], 4),
        "peer_recall": round(best[1], 4),
        "peer_seconds": round(seconds + cleaning, 1),
        "peer_bare_seconds": round(seconds, 1),
    }
