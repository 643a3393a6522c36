# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

ACTIONS = [
    ("read", "Card opened"),
    ("list", "List read"),
    ("search", "Search"),
    ("reveal", "Number revealed"),
    ("export", "Export"),
    ("print", "Print"),
    ("send", "Sent outside the clinic"),
    ("merge", "Cards joined"),
    ("unmerge", "Join undone"),
    ("permission", "Rights changed"),
    ("key", "Key used"),
    ("login", "Signed in"),
    ("login_failed", "Failed sign-in"),
    ("lock", "Screen locked"),
    ("unlock", "Screen unlocked"),
    ("unlock_failed", "Wrong PIN or password"),
    ("switch", "User switched"),
    ("pin", "PIN set or removed"),
    ("subject", "Answer to a person about their data"),
    ("restrict", "Use of data restricted or allowed again"),
    ("erase", "Personal data destroyed"),
]
_COLUMNS = (
    "moment",
    "user_ref",
    "user_login",
    "action",
    "model",
    "res_ref",
    "patient_ref",
    "amount",
    "detail",
    "address",
)
#: Name of the list of waiting rows in the data of a transaction's callbacks.
_WAITING = "clinic.access.event"
MAX_DETAIL = 500


class ClinicAccessEvent(models.Model):
    """Who looked at, exported, printed or joined what, and when. Rows are never changed or deleted.

    Rows are written by the two methods ``_record`` (after the transaction, for reads) and
    ``_record_now`` (before the action, for reveal, export, print and merge) in a short transaction
    of their own, without foreign keys: a row outlives what it speaks of. A trigger of the database
    refuses every change except that a seal is put on a row once.
    """

    _name = "clinic.access.event"
    _description = "Event of the access journal"
    _order = "id desc"
    _rec_name = "action"
    _log_access = False

    moment = fields.Datetime(required=True, readonly=True, index=True)
    user_ref = fields.Integer(string="Id of the user", readonly=True, index=True)
    user_login = fields.Char(string="Login", readonly=True)
    user_id = fields.Many2one("res.users", compute="_compute_people", search="_search_user_id")
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    model = fields.Char(readonly=True)
    res_ref = fields.Integer(string="Id of the record", readonly=True)
    patient_ref = fields.Integer(string="Id of the patient", readonly=True, index="btree_not_null")
    patient_id = fields.Many2one("res.partner", compute="_compute_people", search="_search_patient_id")
    amount = fields.Integer(string="Records", readonly=True, aggregator="sum")
    detail = fields.Char(readonly=True, help="Which fields or document; never a value.")
    address = fields.Char(string="Address in the network", readonly=True)
    seal_ref = fields.Integer(string="Seal", readonly=True, index="btree_not_null")

    def _auto_init(self):
        result = super()._auto_init()
        # the one change that is allowed: a seal is put on a row once
        self._guard_table(self._table, "seal_ref")
        return result

    @api.model
    def _guard_table(self, table, once=""):
        """Make a table append-only in the database itself.

        :param once: a column that may be filled one time; nothing else ever changes
        """
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION clinic_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
                       AND to_jsonb(OLD) -> TG_ARGV[0] = 'null' AND to_jsonb(NEW) -> TG_ARGV[0] <> 'null'
                       AND (to_jsonb(OLD) - TG_ARGV[0]) = (to_jsonb(NEW) - TG_ARGV[0]) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'this table is append-only'
                        USING ERRCODE = 'integrity_constraint_violation';
                END $$;
                CREATE OR REPLACE TRIGGER %(rows)s BEFORE UPDATE OR DELETE ON %(table)s
                    FOR EACH ROW EXECUTE FUNCTION clinic_append_only(%(once)s);
                CREATE OR REPLACE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION clinic_append_only();
                DROP FUNCTION IF EXISTS %(former)s;
                """,
                rows=SQL.identifier(f"{table}_append_only"),
                truncate=SQL.identifier(f"{table}_no_truncate"),
                table=SQL.identifier(table),
                once=SQL("%s", once) if once else SQL(""),
                former=SQL.identifier(f"{table}_guard"),
            )
        )

    def _compute_people(self):
        """People who are still in the database; a journal row outlives them."""
        users = self.env["res.users"].sudo().browse(set(self.mapped("user_ref")) - {0}).exists()
        patients = self.env["res.partner"].sudo().browse(set(self.mapped("patient_ref")) - {0}).exists()
        for event in self:
            event.user_id = event.user_ref if event.user_ref in users.ids else False
            event.patient_id = event.patient_ref if event.patient_ref in patients.ids else False

    def _search_user_id(self, operator, value):
        return self._search_ref("res.users", "user_ref", operator, value)

    def _search_patient_id(self, operator, value):
        return self._search_ref("res.partner", "patient_ref", operator, value)

    @api.model
    def _search_ref(self, model, column, operator, value):
        records = self.env[model].with_context(active_test=False)
        if operator in ("in", "any"):
            if operator == "in" and not any(value):
                return [(column, "in", (0, False))]
            ids = [each for each in value if each] if operator == "in" else records._search(value)
            return [(column, "in", ids)]
        if operator in ("ilike", "like", "=ilike", "=like"):
            return [(column, "in", records._search([("display_name", operator, value)]))]
        return NotImplemented

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self._refusal())

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._refusal())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self._refusal())

    @api.model
    def _refusal(self):
        return self.env._("The access journal is written by the program only and never changed.")

    @api.model
    def _record(self, action, patients=None, **about):
        """Note an event after this transaction has ended well; nothing is written if it is rolled back."""
        rows = self._rows(action, patients, **about)
        if not rows:
            # a card that is being typed has no number yet: there is nothing to look at
            return
        callbacks = self.env.cr.postcommit
        waiting = callbacks.data.get(_WAITING)
        if waiting is None:
            waiting = callbacks.data[_WAITING] = {}
            registry, uid = self.env.registry, self.env.uid

            @callbacks.add
            def write_rows():
                with registry.cursor() as cr:
                    self.env(cr=cr, user=uid)[self._name]._insert(list(waiting.values()))

        for row in rows:
            # the same look twice in one request is one event
            waiting.setdefault(tuple(row[name] for name in _COLUMNS if name != "moment"), row)

    @api.model
    def _record_now(self, action, patients=None, **about):
        """Note an event before the action itself, in a transaction that has ended when this returns."""
        rows = self._rows(action, patients, **about)
        if not rows:
            return
        with self.env.registry.cursor() as cr:
            self.env(cr=cr)[self._name]._insert(rows)

    @api.model
    def _record_failure(self, action, user):
        """Note at once that somebody tried to be ``user`` (or nobody we know) and was refused.

        The request that follows is rolled back, and nobody is signed in: the row names the account tried.
        """
        with self.env.registry.cursor() as cr:
            events = self.env(cr=cr, user=user.id or self.env.ref("base.user_root").id)[self._name]
            (row,) = events._rows(action, model=events.env["res.users"].browse(user.ids))
            if not user:
                row.update(user_ref=None, user_login=None)
            events._insert([row])

    @api.model
    def _rows(self, action, patients=None, model=None, amount=None, detail=""):
        """Rows for the table.

        :param patients: records of patients; a row for each, or one row without any
        :param model: the record or model looked at; the patients when empty
        :param amount: number of records read or exported
        :param detail: names of fields or of the document; cut to 500 characters
        """
        user = self.env.user
        about = patients if model is None else model
        common = {
            "moment": fields.Datetime.now(),
            "user_ref": user.id,
            "user_login": user.sudo().login,
            "action": action,
            "model": about._name if about is not None else None,
            "res_ref": model.id if model is not None and len(model) == 1 else None,
            "patient_ref": None,
            "amount": amount,
            "detail": (detail or "")[:MAX_DETAIL] or None,
            "address": self._address(),
        }
        if not patients:
            return [common]
        return [
            {
                **common,
                "patient_ref": patient_id,
                "res_ref": common["res_ref"] or patient_id,
                "amount": amount or 1,
            }
            for patient_id in patients.ids
        ]

    @api.model
    def _address(self):
        """Address of the browser or program that asks, where there is one."""
        return request.httprequest.remote_addr if request else None

    @api.model
    def _insert(self, rows):
        values = SQL(", ").join(SQL("%s", tuple(row[name] for name in _COLUMNS)) for row in rows)
        columns = SQL(", ").join(SQL.identifier(name) for name in _COLUMNS)
        self.env.cr.execute(SQL("INSERT INTO clinic_access_event (%s) VALUES %s", columns, values))
