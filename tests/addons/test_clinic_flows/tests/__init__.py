from . import test_axe
from . import test_demo
from . import test_first_run
from . import test_invariants_code
from . import test_invariants_database
from . import test_invariants_screens
from . import test_invariants_texts
from . import test_merge_chains
