# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json
import tempfile
import uuid

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: A larger file is loaded by the command, which streams it from the disk.
MAX_UPLOAD = 50 << 20
#: States of rows that a load takes.
READY = ("ok", "fixed", "warn")
#: What people choose; everything else is written by the program. Of the first another check is due.
MAPPED = {"column_ids", "profile_id", "kind", "source", "branch_id", "company_id"}
CHOSEN = MAPPED | {"encoding", "delimiter", "attach_sure", "review_mode", "file_data"}
COUNTS = ("good", "warn", "review", "reject", "skipped", "loaded", "joined", "kept", "undone")


class ClinicImport(models.Model):
    """One load of a file from another program: read, map, check, compare, try, load, undo.

    Made by a clinic administrator. The rows lie sealed in ``clinic.import.row``; what they become is
    the business of an importer (``_importers``). Every step goes on where it stopped: a batch is a
    transaction, and ``clinic.import.link`` forbids to load a row twice.
    """

    _name = "clinic.import"
    _description = "Import"
    _order = "id desc"

    name = fields.Char(string="File", required=True, default=lambda self: self.env._("New import"))
    kind = fields.Selection(selection="_selection_kind", string="What", required=True, default="patient")
    profile_id = fields.Many2one(
        "clinic.import.profile", domain="[('kind', '=', kind)]", ondelete="set null", index="btree_not_null"
    )
    source = fields.Char(
        string="Program",
        required=True,
        compute="_compute_source",
        precompute=True,
        store=True,
        readonly=False,
        help="Short name of the program the file comes from, for example 1c77. Rows of one program "
        "are never loaded twice.",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    branch_id = fields.Many2one("clinic.branch", ondelete="restrict", help="For rows that name no branch.")
    encoding = fields.Selection(selection="_selection_encoding", string="Encoding, if it was guessed wrongly")
    delimiter = fields.Char(string="Separator, if it was guessed wrongly", size=1)
    file_data = fields.Binary(
        string="Choose the file", compute="_compute_file_data", inverse="_inverse_file_data"
    )
    file_hash = fields.Char(readonly=True, copy=False, index=True)
    notice = fields.Text(string="What was noticed", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("staged", "File read"),
            ("checked", "Checked"),
            ("loaded", "Loaded"),
            ("undone", "Undone"),
            ("closed", "Wiped"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    job = fields.Selection(
        [("check", "Checking"), ("load", "Loading"), ("undo", "Undoing")],
        string="In work",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    is_paused = fields.Boolean(string="Stopped", readonly=True, copy=False)
    job_done = fields.Integer(readonly=True, copy=False)
    job_total = fields.Integer(readonly=True, copy=False)
    job_started = fields.Datetime(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    time_left = fields.Char(compute="_compute_progress")
    finished_at = fields.Datetime(string="Loaded at", readonly=True, copy=False)
    attach_sure = fields.Boolean(
        string="Complete cards that surely are the same person",
        help="A row that surely is an existing card fills its empty fields instead of becoming a new "
        "card. Nothing that stands in the card is changed.",
    )
    review_mode = fields.Selection(
        [
            ("load", "Become new cards and stand among the cards that look alike"),
            ("hold", "Wait here until somebody decides"),
        ],
        string="Rows that look like somebody known",
        required=True,
        default="load",
    )
    column_ids = fields.One2many("clinic.import.column", "import_id", string="Columns", copy=False)
    row_ids = fields.One2many("clinic.import.row", "import_id", string="Rows", copy=False)
    row_count = fields.Integer(compute="_compute_counts", string="Rows in all")
    good_count = fields.Integer(compute="_compute_counts", string="In order")
    warn_count = fields.Integer(compute="_compute_counts", string="With remarks")
    review_count = fields.Integer(compute="_compute_counts", string="Look like somebody")
    reject_count = fields.Integer(compute="_compute_counts", string="Rejected")
    skipped_count = fields.Integer(compute="_compute_counts", string="Left out")
    loaded_count = fields.Integer(compute="_compute_counts", string="Made")
    joined_count = fields.Integer(compute="_compute_counts", string="Completed")
    kept_count = fields.Integer(compute="_compute_counts", string="Changed since")
    undone_count = fields.Integer(compute="_compute_counts", string="Undone")
    statistics = fields.Html(compute="_compute_statistics", sanitize=False)
    stats = fields.Text(readonly=True, copy=False, groups=fields.NO_ACCESS)
    trial = fields.Text(readonly=True, copy=False)
    uid = fields.Char(
        default=lambda self: str(uuid.uuid4()), readonly=True, copy=False, groups=fields.NO_ACCESS
    )

    @api.model
    def _importers(self):
        """``{kind: model that reads and makes such rows}``; extend with ``super() | {…}``."""
        return {
            "patient": "clinic.importer.patient",
            "service": "clinic.importer.service",
            "practitioner": "clinic.importer.practitioner",
            "balance": "clinic.importer.balance",
        }

    @api.model
    def _importer(self, kind):
        return self.env[self._importers()[kind]]

    @api.model
    def _selection_kind(self):
        return [(kind, self.env[model]._label()) for kind, model in self._importers().items()]

    @api.model
    def _selection_encoding(self):
        return [
            ("utf-8-sig", "UTF-8"),
            ("cp1251", "Windows-1251"),
            ("cp866", "DOS (866)"),
            ("utf-16", "UTF-16"),
            ("koi8-r", "KOI8-R"),
        ]

    @api.depends("profile_id")
    def _compute_source(self):
        for load in self:
            load.source = load.profile_id.source or load.source or "file"

    def _compute_file_data(self):
        self.file_data = False

    @api.depends("job_done", "job_total", "job")
    def _compute_progress(self):
        for load in self:
            load.progress = 100 * load.job_done / load.job_total if load.job_total else 0
            spent = (fields.Datetime.now() - load.job_started).total_seconds() if load.job_started else 0
            left = spent * (load.job_total - load.job_done) / load.job_done if load.job_done else 0
            load.time_left = (
                self.env._("about %(minutes)s min left", minutes=max(1, round(left / 60)))
                if load.job and left
                else False
            )

    def _compute_counts(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT import_id, state, count(*) FROM clinic_import_row WHERE import_id = ANY(%s)"
                " GROUP BY import_id, state",
                self.ids,
            )
        )
        for load in self:
            counts = {state: amount for load_id, state, amount in rows if load_id == load.id}
            load.row_count = sum(counts.values())
            counts["good"] = counts.pop("ok", 0) + counts.pop("fixed", 0)
            for name in COUNTS:
                load[f"{name}_count"] = counts.get(name, 0)

    @api.depends("stats")
    def _compute_statistics(self):
        for load in self:
            load.statistics = load._statistics_html()

    # ------------------------------------------------------------------ the file

    def _inverse_file_data(self):
        for load in self.filtered("file_data"):
            if len(load.file_data) > MAX_UPLOAD * 4 // 3:
                raise UserError(
                    self.env._(
                        "The file is larger than %(limit)s MB. Load it on the server with the command: "
                        "./clinic import patients FILE.",
                        limit=MAX_UPLOAD >> 20,
                    )
                )
            with tempfile.NamedTemporaryFile() as stream:
                stream.write(base64.b64decode(load.file_data))
                stream.flush()
                load._stage(stream.name)
            load.file_data = False

    @api.model_create_multi
    def create(self, vals_list):
        """People choose the file and how it is read; where a load stands is told by the program."""
        for vals in vals_list:
            self._must_be_chosen(vals)
        return super(ClinicImport, self._without_defaults()).create(vals_list)

    def _without_defaults(self):
        """Defaults of the context are values, too."""
        if self.env.su:
            return self
        kept = {f"default_{name}" for name in (*CHOSEN, "name")}
        return self.with_context(  # pylint: disable=context-overridden
            {
                name: value
                for name, value in self.env.context.items()
                if not name.startswith("default_") or name in kept
            }
        )

    def write(self, vals):
        """Settings are changed before rows are loaded; another mapping asks for another check."""
        self._must_be_chosen(vals)
        if CHOSEN & vals.keys() and not self.env.su:
            self._must_be_open()
        again = MAPPED & vals.keys() and self.filtered(lambda load: load.state == "checked" and not load.job)
        result = super().write(vals)
        for load in again or ():
            load._back_to_staged()
        if "profile_id" in vals:
            for load in self:
                load._map_columns()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loaded(self):
        if any(load.job or load.state == "loaded" for load in self):
            raise UserError(
                self.env._(
                    "A load that is in work or done is not deleted: undo it first, or let it be wiped."
                )
            )

    def _must_be_chosen(self, vals):
        """Refuse values that people do not choose."""
        if not self.env.su and vals.keys() - CHOSEN - {"name"}:
            raise UserError(self.env._("How far a load is, is written by the program. Use the buttons."))

    def _must_be_open(self):
        """Refuse another setting for rows that are on their way."""
        if any(load.job or load.state not in ("draft", "staged", "checked") for load in self):
            raise UserError(
                self.env._("This file is being loaded or is loaded. Undo the load to change its settings.")
            )

    def _back_to_staged(self):
        self.env["clinic.import.row"]._reset(self)
        self.sudo().write({"state": "staged", "stats": False, "trial": False})

    # ------------------------------------------------------------------ buttons

    def _must_be(self, *states):
        self.ensure_one()
        self.check_access("write")
        if self.job or self.state not in states:
            raise UserError(self.env._("This is not possible now: the file is in another step or in work."))

    def _begin(self, job, total):
        """Give a job to the scheduled action; whoever may write the load may start it."""
        self.sudo().write(
            {
                "job": job,
                "is_paused": False,
                "job_done": 0,
                "job_total": total,
                "job_started": fields.Datetime.now(),
            }
        )
        self.env.ref("clinic_base.ir_cron_import").sudo()._trigger()

    def action_check(self):
        """Button: check every row and compare it with the cards. Rights: clinic administrators."""
        self._must_be("staged", "checked")
        self._check_mapping()
        self._back_to_staged()
        self._begin("check", self.row_count)

    def action_try(self):
        """Button: load a sample and take it back at once; says how many would be refused and how long
        the whole will take."""
        self._must_be("checked")
        self._try()

    def action_load(self):
        """Button: load what is in order; of a file that is loaded, the rows decided since.

        :raises UserError: a loaded file has no row that waits. So a press that came late – its transaction
            was overtaken and repeated after the whole load – starts nothing.
        """
        self._must_be("checked", "loaded")
        amount = self._loadable_count()
        if self.state == "loaded" and not amount:
            raise UserError(
                self.env._(
                    "Everything of this file that is in order or decided is loaded. Decide rows that wait, "
                    "then load them."
                )
            )
        self._begin("load", amount)

    def action_stop(self):
        """Button: stop after the present batch."""
        self.check_access("write")
        self.sudo().is_paused = True

    def action_resume(self):
        """Button: go on where it stopped."""
        self.check_access("write")
        self.sudo().is_paused = False
        self.env.ref("clinic_base.ir_cron_import").sudo()._trigger()

    def action_undo(self):
        """Button: take back everything this load made and nobody has touched since."""
        self._must_be("loaded")
        self._begin("undo", self.loaded_count + self.joined_count)

    def action_save_profile(self):
        """Button: remember the columns of this file for further files of the program."""
        self.ensure_one()
        profile = self.env["clinic.import.profile"].create(
            {
                "name": self.name,
                "kind": self.kind,
                "source": self.source,
                "encoding": self.encoding,
                "delimiter": self.delimiter,
                "line_ids": [
                    Command.create(
                        {"name": column.name, "sequence": column.sequence, **column._column_vals()}
                    )
                    for column in self.column_ids
                    if column.name
                ],
            }
        )
        return profile._get_records_action(name=self.env._("Import profile"))

    def action_rows(self):
        """Button: the rows, of the states given in the context."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_base.clinic_import_row_action")
        states = self.env.context.get("import_states")
        domain = [("import_id", "=", self.id)]
        if states:
            domain.append(("state", "in", states))
        return {**action, "domain": domain, "context": {}}

    def action_rejects(self):
        """Button: the rejected rows as a workbook."""
        return self._download("rejects")

    def action_protocol(self):
        """Button: the protocol of the load as a workbook."""
        return self._download("protocol")

    def _download(self, what):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/clinic/import/{self.id}/{what}.xlsx",
            "target": "download",
        }

    def _stats(self):
        self.ensure_one()
        return json.loads(self.sudo().stats or "{}")
