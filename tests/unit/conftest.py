"""The packages free of Odoo are imported by their own names.

Addon folders go to the end of ``sys.path``, and only here: an Odoo process must
never see them (the same class would exist twice).
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# the modules behind ./clinic
sys.path.append(str(ROOT))

for manifest in sorted(ROOT.glob("*/__manifest__.py")):
    folder = str(manifest.parent)
    if folder not in sys.path:
        sys.path.append(folder)
