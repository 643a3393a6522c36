"""Second half of ./clinic bench, inside the virtual environment: one JSON line per bench."""

import json
import sys
import time
import traceback

from .. import setup
from .context import Context
from .loading import benches


def main(words):
    small = "--small" in words
    wanted = [word.upper() for word in words if not word.startswith("-")]
    # standard output carries JSON lines only
    channel, sys.stdout = sys.stdout, sys.stderr
    ctx = Context(setup.ready(), small)
    known = benches()
    unknown = [name for name in wanted if name not in {key.upper() for key in known}]
    if unknown:
        print(f"Нет такого замера: {', '.join(unknown)}. Есть: {', '.join(known)}", file=sys.stderr)
        return 2
    chosen = {name: module for name, module in known.items() if not wanted or name.upper() in wanted}
    good = [_one(ctx, name, module, channel) for name, module in chosen.items()]
    return 0 if all(good) else 1


def _one(ctx, name, module, channel):
    ctx.calibrate()
    started = time.monotonic()
    try:
        result = module.run(ctx)
    except Exception as error:  # noqa: BLE001  one broken bench must not silence the others
        traceback.print_exc()
        result = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    finally:
        ctx.drop_clones()
    line = {"bench": name, "ok": bool(result.pop("ok", False)), **result}
    # a bench may measure seconds of its own
    line.setdefault("seconds", round(time.monotonic() - started, 1))
    line.update(small=ctx.small, calibration_ms=ctx.calibration_ms)
    print(json.dumps(line, ensure_ascii=False), file=channel, flush=True)
    return line["ok"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
