"""The part of ./clinic import that works inside the database."""

import hashlib
import pathlib

from odoo.exceptions import UserError

from .importing import KINDS, MARK

JOBS = {"check": "проверяю", "load": "загружаю", "undo": "отменяю"}
COUNTS = (
    ("good", "в порядке"),
    ("warn", "с замечаниями"),
    ("review", "похожи на известных"),
    ("reject", "отказов"),
    ("skipped", "пропущено"),
    ("loaded", "создано"),
    ("joined", "дополнено карт"),
)


def run(env, options):
    """Read, check, try or load one file; ``{"lines", "problem"}``. Goes on with a load that was cut."""
    env = env(
        context={**env.context, "lang": _language(env), "allowed_company_ids": env.user.company_ids.ids}
    )
    lines = []
    try:
        _work(env, options, lines)
    except UserError as error:
        env.cr.rollback()
        return {"lines": lines, "problem": str(error)}
    return {"lines": lines, "problem": ""}


def _language(env):
    return "ru_RU" if env["res.lang"]._lang_get("ru_RU") else env.lang


def _work(env, options, lines):
    # a trial leaves the load of somebody else alone
    load = (not options["dry_run"] and _unfinished(env, options)) or _new(env, options)
    lines.append(load.notice or "")
    if load.state == "staged" or load.job == "check":
        if not load.job:
            load.action_check()
            env.cr.commit()
        _finish(load, lines)
    lines.append(_counts(load))
    if options["dry_run"]:
        load._try()
        lines.append(load.trial)
        lines.append("Пробный запуск: в базу ничего не загружено.")
    else:
        if load.state == "checked" and not load.job:
            load.action_load()
            env.cr.commit()
        _finish(load, lines)
        lines.append(_counts(load))
    _rejects(load, options, lines)
    if options["dry_run"]:
        load.unlink()
    env.cr.commit()


def _finish(load, lines):
    """Work until the job is done, also while the server is at it; a stopped load is told."""
    load._run(_tell, wait=True)
    if load.job:
        lines += [_counts(load), load.notice or ""]
        raise UserError(
            "Загрузка остановлена. Сделанное сохранено; запустите ту же команду ещё раз, чтобы продолжить."
        )


def _unfinished(env, options):
    """A load of this very file that was cut in the middle."""
    digest = hashlib.sha256()
    with open(options["file"], "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    domain = [
        ("file_hash", "=", digest.hexdigest()),
        ("kind", "=", KINDS[options["kind"]]),
        ("job", "!=", False),
    ]
    found = env["clinic.import"].search(domain, limit=1)
    if found:
        found.action_resume()
        print(f"{MARK}продолжаю начатую загрузку", flush=True)
    return found


def _new(env, options):
    kind = KINDS[options["kind"]]
    known = dict(env["clinic.import"]._selection_kind())
    if kind not in known:
        raise UserError(f"Загрузки «{options['kind']}» в этой базе нет: установите модуль, который её умеет.")
    profiles = env["clinic.import.profile"].search([("kind", "=", kind)])
    profile = profiles.browse()
    if options["profile"]:
        profile = profiles.filtered(lambda each: options["profile"].casefold() in each.name.casefold())[:1]
        if not profile:
            names = "; ".join(profiles.mapped("name")) or "нет ни одного"
            raise UserError(f"Нет профиля «{options['profile']}». Есть: {names}.")
    vals = {
        "name": pathlib.Path(options["file"]).name,
        "kind": kind,
        "profile_id": profile.id,
        "attach_sure": bool(options["attach"]),
    }
    if options["source"]:
        vals["source"] = options["source"]
    load = env["clinic.import"].create(vals)
    print(f"{MARK}читаю файл", flush=True)
    load._stage(options["file"])
    env.cr.commit()
    return load


def _tell(job, done, total):
    print(f"{MARK}{JOBS[job]} {done} из {total}", flush=True)


def _counts(load):
    load.invalidate_recordset()
    found = [f"{label} {load[f'{name}_count']}" for name, label in COUNTS if load[f"{name}_count"]]
    return f"Строк {load.row_count}: " + ", ".join(found) + "."


def _rejects(load, options, lines):
    if not load.reject_count:
        lines.append("Отказов нет.")
        return
    path = pathlib.Path(options["rejects"])
    content = load._workbook("rejects")
    draft = path.with_name(path.name + ".part")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(path)
    lines.append(f"Отказы с причинами: {path}. Исправьте их и загрузите этот файл.")
