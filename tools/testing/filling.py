"""Rows for models that the demo clinic leaves empty; runs inside a database (see tools.inside)."""

import datetime

from psycopg2 import Error as DatabaseError

LOG = {"id", "create_uid", "create_date", "write_uid", "write_date"}
SIMPLE = {
    "char": "probe",
    "text": "probe",
    "html": "<p>probe</p>",
    "integer": 7,
    "float": 7.5,
    "monetary": 7.5,
    "boolean": True,
    "date": datetime.date(2031, 5, 6),
    "datetime": datetime.datetime(2031, 5, 6, 7, 8),
    "json": {"probe": 1},
}


def fill(env):
    """One row in every stored model of the suite that has none; returns the models that refused."""
    refused = {}
    for model in _own_models(env):
        if not model.with_context(active_test=False).search_count([], limit=1):
            why = _row(model)
            if why:
                refused[model._name] = why
    return refused


def _own_models(env):
    for name in sorted(env.registry):
        model = env[name].sudo()
        stored = model._auto and not model._abstract and not model._transient
        if stored and (model._original_module or "").startswith("clinic_"):
            yield model


def _row(model):
    """Create a row with all plain fields filled, or with the required ones; returns the refusal or ''."""
    why = ""
    for wanted in (_is_plain, _is_required):
        try:
            with model.env.cr.savepoint():
                model.create({name: _value(model, field) for name, field in _chosen(model, wanted)})
                model.env.flush_all()
            return ""
        except (DatabaseError, Exception) as error:  # noqa: BLE001  models may refuse as they please
            why = f"{type(error).__name__}: {error}".splitlines()[0]
    return why


def _chosen(model, wanted):
    return [
        (name, field)
        for name, field in model._fields.items()
        if name not in LOG and field.store and field.column_type and not field.related and wanted(field)
    ]


def _is_required(field):
    return field.required and not field.compute


def _is_plain(field):
    return not field.compute and (field.required or field.type in SIMPLE)


def _value(model, field):
    if field.type == "selection":
        return field.get_values(model.env)[0]
    if field.type == "many2one":
        return model.env[field.comodel_name].sudo().search([], limit=1).id
    return SIMPLE.get(field.type, False)
