"""./clinic bench: finds the benches in tests/bench and gives them what they need.

A bench is a module ``tests/bench/<name>.py`` with ``NAME`` (``"A1"``, as in the table of the design)
and ``run(ctx)``, which returns a dictionary with ``ok`` and the fields of that table; ``ctx`` is a
``tools.bench.context.Context``. Modules without ``NAME`` are helpers; they are imported as
``from clinic_bench import clinic60``.
"""
