"""./clinic bench: finds the benches in tests/bench and gives them what they need.

A bench is a module ``tests/bench/<name>.py`` with ``NAME`` (as in the table of the design, e.g. ``"A1"``)
and ``run(ctx)`` that returns a dict with ``ok`` and the fields of the table; ``ctx`` is ``tools.bench.context.Context``.
Modules without ``NAME`` are helpers; they import each other as ``from clinic_bench import clinic60``.
"""
