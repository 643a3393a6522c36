# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Forms: versions that freeze, fields that are text only, and consents that stand alone (privacy D4.5)."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .print_common import PrintCase


@tagged("post_install", "-at_install")
class TestPrintForm(PrintCase):
    def _draft(self, body, kind="other", **vals):
        form = self.env["clinic.print.form"].create({"name": "New form", "kind": kind, **vals})
        return self.env["clinic.print.form.version"].create({"form_id": form.id, "body": body})

    def test_shipped_forms_are_in_force(self):
        forms = self.env["clinic.print.form"].search([])
        self.assertGreaterEqual(len(forms), 12)
        self.assertEqual(forms.filtered(lambda form: not form.current_version_id).ids, [])
        forms.version_ids._check_text()
        consents = forms.filtered(lambda form: form.kind == "consent").purpose_id
        self.assertEqual(
            set(consents.mapped("code")),
            {
                "personal_data", "marketing", "third_party", "cross_border", "photo_video", "review",
                "health_information",
            },
        )  # fmt: skip

    def test_a_published_version_is_frozen(self):
        version = self._draft("<p>First words {{patient.name}}</p>")
        version.body = "<p>Better words {{patient.name}}</p>"
        version.action_publish()
        self.assertEqual(version.form_id.current_version_id, version)
        self.assertEqual((version.published_by_id, len(version.body_hash)), (self.env.user, 64))
        for vals in ({"body": "<p>x</p>"}, {"state": "draft"}, {"is_wider": True}, {"body_hash": "x"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                version.write(vals)
        with self.assertRaises(UserError):
            version.unlink()
        action = version.action_new_version()
        draft = self.env["clinic.print.form.version"].browse(action["res_id"])
        self.assertEqual((draft.version, draft.state, draft.body), (2, "draft", version.body))
        self.assertEqual(version.action_new_version()["res_id"], draft.id, "one draft at a time")
        self.assertEqual(version.form_id.current_version_id, version)

    def test_what_cannot_be_published(self):
        table = {
            "unknown field": "<p>{{patient.diagnosis}}</p>",
            "no evaluation": "<p>{{patient.env['res.users'].search([])}}</p>",
            "torn field": "<p>{{patient.<b>name</b>}}</p>",
            "open braces": "<p>{{patient.name</p>",
            "field in a link": '<p><a href="https://example.com/{{patient.name}}">x</a></p>',
            "picture from outside": '<p>x <img src="https://example.com/x.png"></p>',
            "picture of the server": '<p>x <img src="file:///etc/hostname"></p>',
            "style that loads": '<p style="background: url(https://example.com)">x</p>',
            "nothing": "<p><br></p>",
        }
        for name, body in table.items():
            version = self._draft(body)
            with self.subTest(name), self.assertRaises(UserError):
                version.action_publish()
            self.assertEqual(version.state, "draft")

    def test_templates_of_odoo_are_not_evaluated(self):
        """Directives and scripts are taken out when the text is saved; what is left is text."""
        version = self._draft(
            '<p t-out="user.login" onclick="x()">A<t t-esc="1+1">B</t></p><script>x</script>'
            "<p>{{staff.name}} ${1+1}</p>"
        )
        for word in ("t-out", "t-esc", "onclick", "<script"):
            self.assertNotIn(word, version.body)
        version.action_publish()
        package = self._package()
        line = package.line_ids.create({"package_id": package.id, "form_id": version.form_id.id})
        filled = version.with_user(self.registrar)._fill(line._source())
        self.assertIn("${1+1}", filled)
        self.assertIn(self.registrar.name, filled)

    def test_a_consent_stands_alone(self):
        """D4.5: a consent together with something else is refused, in any form and any spelling."""
        hidden = (
            "<p>Подписывая договор, пациент даёт согласие на обработку своих персональных данных.</p>",
            "<p>Я согла\u00adсен на <b>обра</b>ботку моих данных.</p>",
            "<p>Я согласна&nbsp;получать&nbsp;рекламу по СМС</p>",
            "<p>Не возражаю против передачи сведений третьим лицам</p>",
            "<ul><li>разрешаю фотографировать меня и использовать фото</li></ul>",
            "<p>{{consent.text}}</p>",
        )
        for kind in ("contract", "intervention", "questionnaire", "title_page", "other"):
            for body in hidden:
                version = self._draft(f"<h2>Бумага</h2>{body}", kind)
                with self.subTest(kind=kind, body=body), self.assertRaises(UserError):
                    version.action_publish()
        mention = "<p>Данные обрабатываются на основании отдельного согласия пациента.</p>"
        self._draft(mention, "contract").action_publish()

    def test_what_a_consent_may_say(self):
        purpose = {"purpose_id": self.env.ref("clinic_base.consent_purpose_marketing").id}
        good = "<p>{{patient.name}}</p><p>{{consent.text}}</p>{{document.signature}}"
        self._draft(good, "consent", **purpose).action_publish()
        bad = (
            "<p>{{patient.name}}</p>",
            good + "<p>{{consent.text}}</p>",
            good + "<p>Также даю согласие на обработку персональных данных.</p>",
            good + "<p>Предмет договора: услуги.</p>",
            good + "<p>Информированное добровольное согласие на вмешательство</p>",
        )
        for body in bad:
            version = self._draft(body, "consent", **purpose)
            with self.subTest(body), self.assertRaises(UserError):
                version.action_publish()

    def test_a_consent_text_asks_for_one_thing(self):
        purpose = self.env.ref("clinic_base.consent_purpose_personal_data")
        for body in (
            "Даю согласие на обработку данных. Согласен получать рекламу и новости.",
            "Даю согласие на обработку данных. Стоимость услуг указана в прейскуранте.",
            "Даю согласие на обработку данных и информированное согласие на вмешательство.",
        ):
            text = self.env["clinic.consent.text"].create({"purpose_id": purpose.id, "body": body})
            with self.subTest(body), self.assertRaises(UserError):
                text.action_publish()

    def test_a_purpose_belongs_to_consents_only(self):
        purpose = self.env.ref("clinic_base.consent_purpose_marketing")
        for vals in ({"kind": "contract", "purpose_id": purpose.id}, {"kind": "consent"}):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env["clinic.print.form"].create({"name": "x", **vals})

    def test_another_kind_is_checked_again(self):
        with self.assertRaises(UserError):
            self.forms["intervention"].write(
                {
                    "kind": "consent",
                    "purpose_id": self.env.ref("clinic_base.consent_purpose_photo_video").id,
                }
            )

    def test_numbering(self):
        with self.assertRaises(ValidationError):
            self.forms["contract"].number_code = "no.such"
        form = self.forms["contract"]
        other = self._make_branch(code="LEN")
        self.env["ir.sequence"].create(
            {"name": "Lenin st.", "code": "clinic.contract.LEN", "prefix": "Л-", "padding": 3}
        )
        self.assertEqual(form._next_number(other), "Л-001")
        self.assertNotIn("Л", form._next_number(self.branch))
        self.assertEqual(self.forms["personal_data"]._next_number(self.branch), "")

    def test_register_of_fields(self):
        names = self.env["clinic.print.field"]._names()
        registry = self.env["clinic.print.field"]
        for name in names:
            self.assertTrue(hasattr(registry, f"_value_{name.replace('.', '_')}"), name)
        admin = self._make_user("t_print_admin", "clinic_admin")
        groups = self.env["clinic.print.form"].with_user(admin).fields_list()
        self.assertEqual({field["name"] for part in groups for field in part["fields"]}, names)
        with self.assertRaises(AccessError):
            self.env["clinic.print.form"].with_user(self.registrar).fields_list()

    def test_preview(self):
        admin = self._make_user("t_print_admin", "clinic_admin")
        version = self.forms["contract"].current_version_id.with_user(admin)
        before = self.env["clinic.access.event"].search_count([])
        preview = version.env["clinic.print.preview"].browse(version.action_preview()["res_id"])
        self.assertIn("{{patient.name}}", preview.html)
        preview.patient_id = self.patient
        self.assertIn("Бланкова", preview.html)
        self.assertIn("25 04 123456", preview.html)
        self.assertFalse(preview.problems)
        event = self.env["clinic.access.event"].search([], limit=1)
        self.assertEqual((event.action, event.patient_ref), ("reveal", self.patient.id))
        self.assertGreater(self.env["clinic.access.event"].search_count([]), before)
        self.assertFalse(self.env["clinic.print.document"].search([("patient_id", "=", self.patient.id)]))
