"""Pictures for README and docs, taken from a running demo clinic with a headless Chromium.

``python -m tools.screenshots --address http://127.0.0.1:8069 [--now MOMENT] [NAME …]`` writes
``docs/img/NAME.png``. Needs ``websocket-client`` (requirements-test.txt), Pillow and Chromium.
``--now`` is the moment that ``tools.demo:load_at_noon`` returned: the pages then believe it, so that
pictures taken at night show a working day.
"""

import argparse
import base64
import io
import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from tests.bench import browser

OUT = Path(__file__).parents[1] / "docs" / "img"
PASSWORDS = {"admin": "admin"}
LIMIT = 300_000  # bytes of one picture
WIDE, PHONE = (1440, 900, 1), (390, 844, 2)

#: The page's clock runs from another moment; only ``new Date()`` and ``Date.now()`` know it.
CLOCK = """
(() => {
    const Real = Date, shift = %d - Real.now();
    function Shifted(...args) {
        if (!new.target) { return new Real(Real.now() + shift).toString(); }
        return args.length ? new Real(...args) : new Real(Real.now() + shift);
    }
    Object.setPrototypeOf(Shifted, Real);
    Shifted.prototype = Real.prototype;
    Shifted.now = () => Real.now() + shift;
    window.Date = Shifted;
})()
"""

#: Type into the first box of the booking window.
TYPE = """(() => {
    const box = document.querySelector('.o_cb_booking .o-autocomplete--input');
    box.focus(); box.value = '%s';
    box.dispatchEvent(new Event('input', { bubbles: true }));
})()"""

#: The card of the first patient who has a document.
OPEN_CARD = """(async () => {
    const { orm, action } = odoo.__WOWL_DEBUG__.root.env.services;
    const wanted = { limit: 1, order: 'id' };
    const [row] = await orm.searchRead('clinic.identity.document', [], ['patient_id'], wanted);
    const resId = row.patient_id[0];
    action.doAction('clinic_base.res_partner_action_patient', { viewType: 'form', props: { resId } });
})()"""

#: A second card of a patient, made for the picture, and the form that joins both.
JOIN_CARDS = """(async () => {
    const { orm, action } = odoo.__WOWL_DEBUG__.root.env.services;
    const names = ['family_name', 'given_name', 'birth_date', 'sex'];
    const wanted = [['family_name', '=', 'Смирнова']];
    const [row] = await orm.searchRead('res.partner', wanted, names, { limit: 1 });
    const { id, ...person } = row;
    const [other] = await orm.create('res.partner', [
        { ...person, given_name: 'Вероника', is_patient: true, phone: '+7 945 000-99-01' },
    ]);
    const step = await orm.call('res.partner', 'action_propose_merge', [[id, other]]);
    action.doAction(step);
})()"""

#: The card of a child.
OPEN_CHILD = """(async () => {
    const { orm, action } = odoo.__WOWL_DEBUG__.root.env.services;
    const wanted = { limit: 1, order: 'id' };
    const [row] = await orm.searchRead('clinic.relation', [['kind', '=', 'mother']], ['patient_id'], wanted);
    const resId = row.patient_id[0];
    action.doAction('clinic_base.res_partner_action_patient', { viewType: 'form', props: { resId } });
})()"""

#: A new version of the contract in the editor.
OPEN_FORM = """(async () => {
    const { orm, action } = odoo.__WOWL_DEBUG__.root.env.services;
    const [row] = await orm.searchRead('clinic.print.form', [['kind', '=', 'contract']], [], { limit: 1 });
    action.doAction(await orm.call('clinic.print.form', 'action_new_version', [[row.id]]));
})()"""

#: name: (login or None, size, address, what must be on the page, JavaScript steps with their waits)
SHOTS = {
    "board": ("registrar", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit", []),
    "board-booking": (
        "registrar", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit",
        [
            ("document.querySelectorAll('.o_cb_free')[1].click()", ".o_cb_booking"),
            (TYPE % "Смирнова", ".o_cb_patient_menu a"),
            ("document.querySelector('.o_cb_patient_menu a').click()", ".o_cb_picked"),
        ],
    ),
    "board-visit": (
        "registrar", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit",
        [("document.querySelectorAll('.o_cb_visit')[9].click()", ".o_cb_card")],
    ),
    "patient-documents": (
        "registrar", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit",
        [
            (OPEN_CARD, ".o_form_view [name=documents]"),
            ("document.querySelector('.nav-link[name=documents]').click()", "[name=clinic_document_ids]"),
        ],
    ),
    "patient-join": (
        "manager", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit",
        [(JOIN_CARDS, ".o_form_view [name=choice_ids] .o_data_row")],
    ),
    "patient-package": (
        "registrar", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit",
        [
            (OPEN_CHILD, "button[name=action_document_package]"),
            ("document.querySelector('button[name=action_document_package]').click()", ".modal .o_data_row"),
        ],
    ),
    "print-form": (
        "manager", WIDE, "/odoo/clinic-board", ".o_clinic_board .o_cb_visit",
        [(OPEN_FORM, ".o_cf_fields button")],
    ),
    "spare-rule": (
        "manager", WIDE, "/odoo/clinic-spare-rules", ".o_list_view .o_data_row",
        [("document.querySelector('.o_data_cell[name=name]').click()", ".o_form_view .o_form_sheet")],
    ),
    "portal": (None, PHONE, "/clinic", "main", []),
    "portal-wide": (None, WIDE, "/clinic", "main", []),
}  # fmt: skip


def main(argv=None):
    """Take the pictures that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="http://127.0.0.1:8069")
    parser.add_argument("--now", type=datetime.fromisoformat, help="UTC")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("names", nargs="*", choices=[[], *SHOTS], default=[])
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    logins = {}
    for name in options.names or SHOTS:
        logins.setdefault(SHOTS[name][0], []).append(name)
    for login, names in logins.items():
        with browser.chromium() as page:
            _prepare(page, options)
            if login:
                browser.log_in(page, options.address, login, PASSWORDS.get(login, "demo"))
            for name in names:
                size = _take(page, options, name)
                sys.stdout.write(f"{name}: {size // 1000} KB\n")


def _prepare(page, options):
    page.send("Page.enable")
    page.send("Emulation.setTimezoneOverride", timezoneId="Asia/Irkutsk")
    page.send("Emulation.setLocaleOverride", locale="ru-RU")
    page.send("Emulation.setScrollbarsHidden", hidden=True)
    if options.now:
        moment = options.now.replace(tzinfo=timezone.utc).timestamp() * 1000
        page.send("Page.addScriptToEvaluateOnNewDocument", source=CLOCK % moment)


def _take(page, options, name):
    _login, (width, height, factor), path, selector, steps = SHOTS[name]
    page.send(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=height, deviceScaleFactor=factor, mobile=width < 600,
    )  # fmt: skip
    page.open(options.address + path)
    page.wait(f"document.querySelector({json.dumps(selector)})")
    for script, found in steps:
        _settle(page)
        page.evaluate(script + "; 1")
        page.wait(f"document.querySelector({json.dumps(found)})")
    _settle(page)
    data = base64.b64decode(page.send("Page.captureScreenshot", format="png")["data"])
    return _save(data, options.out / f"{name}.png")


def _settle(page):
    """Images loaded, animations over."""
    page.wait(
        "document.readyState === 'complete'"
        " && [...document.images].every((image) => image.complete || image.loading === 'lazy')"
    )
    time.sleep(1)


def _save(data, path):
    """Indexed colours keep a picture of an interface small without a visible loss."""
    from PIL import Image

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    for colors in (256, 128, 64):
        picture.quantize(colors, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LIMIT:
            break
    return path.stat().st_size


if __name__ == "__main__":
    main()
