"""The packages free of Odoo are imported by their own names.

Addon folders go to the end of ``sys.path``, and only here: an Odoo process must
never see them (the same class would exist twice).
"""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]

# the plain call takes the same examples each time; ./clinic test --all looks for new ones, and longer
_ALL = bool(os.environ.get("CLINIC_TEST_ALL"))
settings.register_profile("sample", derandomize=True, deadline=None)
settings.register_profile(
    "whole", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("whole" if _ALL else "sample")

# the modules behind ./clinic
sys.path.append(str(ROOT))

for manifest in sorted(ROOT.glob("*/__manifest__.py")):
    folder = str(manifest.parent)
    if folder not in sys.path:
        sys.path.append(folder)
