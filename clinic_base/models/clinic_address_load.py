# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import logging
import re
import zipfile
import zlib
from dataclasses import replace
from itertools import islice

from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..address_ru import (
    GarError,
    gar_houses,
    gar_objects,
    gar_parents,
    gar_postcodes,
    kladr_houses,
    kladr_objects,
    name_key,
)
from ..table_file.dbf_rows import dbf_rows
from ..table_file.errors import DAMAGED, Notes, TableFileError

_logger = logging.getLogger(__name__)

BATCH = 5_000
MAX_ARCHIVE = 8 << 30
#: КЛАДР is written in the code page of DOS.
ENCODING = "cp866"
#: In this order.
STAGES = ("KLADR.DBF", "STREET.DBF", "DOMA.DBF", "AS_ADDR_OBJ", "AS_HOUSES")
#: Files of an archive of ГАР -> whether it is useless without them.
GAR_FILES = {"ADDR_OBJ": True, "ADM_HIERARCHY": True, "ADDR_OBJ_PARAMS": False, "HOUSES": False}
#: What a damaged, wrong or encrypted file may raise.
UNREADABLE = (
    TableFileError, GarError, ValueError, zipfile.BadZipFile, zlib.error, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
PLACE_COLUMNS = "code, parent_code, region, level, name, kind, name_key, guid, kladr, postcode"


class ClinicAddressLoad(models.Model):
    """One load of chosen regions into the address classifier, with its progress.

    Runs in the background in batches. The files are looked through before the regions are emptied, so
    that a wrong file takes nothing away. A load that was cut goes on after the last batch that is in
    the database: the order of the files is always the same.
    """

    _name = "clinic.address.load"
    _description = "Load of the address classifier"
    _order = "id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        [("kladr", "KLADR (DBF)"), ("gar", "GAR (XML of a region)")], required=True, default="kladr"
    )
    regions = fields.Char(
        required=True, help="Two digits of each region, with commas: 38, 75. GAR is loaded by one region."
    )
    places_file = fields.Binary(string="File KLADR.DBF", attachment=True)
    streets_file = fields.Binary(string="File STREET.DBF", attachment=True)
    houses_file = fields.Binary(string="File DOMA.DBF", attachment=True)
    archive_file = fields.Binary(string="ZIP with the XML files of the region", attachment=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits"),
            ("running", "Running"),
            ("done", "Loaded"),
            ("failed", "Failed"),
        ],
        required=True,
        default="draft",
        readonly=True,
    )
    stage = fields.Char(readonly=True)
    stage_rows = fields.Integer(string="Rows of this stage", readonly=True)
    row_count = fields.Integer(string="Rows read", readonly=True)
    place_count = fields.Integer(string="Places and streets", readonly=True)
    house_count = fields.Integer(string="Rows of houses", readonly=True)
    problem = fields.Char(readonly=True)
    finished_at = fields.Datetime(readonly=True)

    @api.depends("kind", "regions")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for load in self:
            load.display_name = ", ".join(filter(None, [kinds.get(load.kind), load.regions]))

    def action_start(self):
        """Put the load into the queue of the scheduled action."""
        self.check_access("write")
        for load in self.filtered(lambda load: load.state in ("draft", "failed")):
            load._check_ready()
            load.write({"state": "waiting", "problem": False})
        # the right to the load was checked
        self.env.ref("clinic_base.ir_cron_address_load").sudo()._trigger()

    def _region_codes(self):
        codes = [code.strip().zfill(2) for code in (self.regions or "").replace(";", ",").split(",")]
        return [code for code in codes if code.strip("0")]

    def _check_ready(self):
        codes = self._region_codes()
        if not codes or not all(code.isdigit() and len(code) == 2 for code in codes):
            raise UserError(self.env._("Name the regions by two digits with commas, for example 38, 75."))
        if self.kind == "gar" and len(codes) > 1:
            raise UserError(
                self.env._("GAR is loaded by one region. Name one region and load the next one after it.")
            )
        if self.kind == "kladr" and not (self.places_file and self.streets_file):
            raise UserError(self.env._("Add the files KLADR.DBF and STREET.DBF."))
        if self.kind == "gar" and not self.archive_file:
            raise UserError(self.env._("Add the ZIP archive with the XML files of the region."))

    @api.model
    def _cron_load(self):
        """Carry out the loads that wait; one that was cut goes on where it was."""
        for load in self.search([("state", "in", ("waiting", "running"))], order="id"):
            load._run()

    def _run(self):
        """Load the files. A file that cannot be read makes the load fail with a sentence."""
        self.ensure_one()
        begun = self.state == "running" and self.stage
        if not begun:
            counters = dict.fromkeys(("row_count", "place_count", "house_count", "stage_rows"), 0)
            self.write({"state": "running", "stage": False, **counters})
            self._commit()
        try:
            if not begun:
                self._check_files()
                self._empty(self._region_codes())
            (self._load_kladr if self.kind == "kladr" else self._load_gar)()
        except UNREADABLE as error:
            self.env.cr.rollback()
            # only the kind of the failure: the text of a file stays out of logs
            _logger.warning("A load of the address classifier failed: %s", type(error).__name__)
            self.write({"state": "failed", "problem": self._problem_text(error)})
            self._commit()
            return
        self.write({"state": "done", "stage": False, "finished_at": fields.Datetime.now()})
        self.env["clinic.address"].sudo()._look_up_again()
        self._commit()

    def _check_files(self):
        """Raise what a load of these files would raise, before anything is taken away.

        Of tables the columns, the length and a first row of the regions are looked at; of an archive
        the check sums of the files that are read and that it holds places and their order.
        """
        regions = self._region_codes()
        if self.kind == "kladr":
            readers = {"places_file": kladr_objects, "streets_file": kladr_objects}
            if self.houses_file:
                readers["houses_file"] = kladr_houses
            for name, read in readers.items():
                if next(read(self._dbf(name), regions), None) is None and name == "places_file":
                    raise GarError("no_region")
            return
        (region,) = regions
        with zipfile.ZipFile(self._path("archive_file")) as archive:
            for name, needed in GAR_FILES.items():
                members = list(self._members_of(archive, name, region))
                if needed and not members:
                    raise GarError("no_region")
                for member in members:
                    with archive.open(member) as stream:
                        while stream.read(1 << 20):
                            pass

    def _problem_text(self, error):
        if isinstance(error, TableFileError):
            return self.env._(
                "One of the files is no DBF table or is damaged. Take the files of the classifier anew."
            )
        if isinstance(error, GarError) and error.code == "no_region":
            return self.env._(
                "The files hold nothing of these regions. Check the numbers of the regions and the files."
            )
        if isinstance(error, ValueError) and not isinstance(error, GarError):
            return self.env._(
                "A column of the classifier is missing in one of the files. Check which file is which."
            )
        return self.env._(
            "The archive is damaged or holds no XML of GAR. Take the archive of the region anew."
        )

    def _commit(self):
        """Keep what is there and tell how far it is; in the background only."""
        if self.env.context.get("cron_id"):
            self.env["ir.cron"]._commit_progress(1, remaining=1)
        else:
            self.env.flush_all()

    def _empty(self, regions):
        self.env.cr.execute("DELETE FROM clinic_address_house WHERE region = ANY(%s)", [regions])
        self.env.cr.execute("DELETE FROM clinic_address_object WHERE region = ANY(%s)", [regions])

    # ------------------------------------------------------------------ КЛАДР

    def _load_kladr(self):
        regions = self._region_codes()
        self._put_places("KLADR.DBF", kladr_objects(self._dbf("places_file"), regions))
        self._put_places("STREET.DBF", kladr_objects(self._dbf("streets_file"), regions))
        if self.houses_file:
            rows = (
                (code, code_region, numbers, None, postcode or None)
                for code, numbers, postcode in kladr_houses(self._dbf("houses_file"), regions)
                for code_region in (code[:2],)
            )
            self._put_houses("DOMA.DBF", rows)

    def _dbf(self, name):
        """Rows of a file of the load: the names of the columns, then lists of texts."""
        notes = Notes()
        for _line, _sheet, cells in dbf_rows(self._path(name), notes, ENCODING):
            if notes.broken:
                raise TableFileError(DAMAGED)
            yield cells

    def _path(self, name):
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", name)], limit=1
            )
        )
        return attachment._full_path(attachment.store_fname)

    # ------------------------------------------------------------------ ГАР

    def _load_gar(self):
        (region,) = self._region_codes()
        with zipfile.ZipFile(self._path("archive_file")) as archive:
            places = {place.code: place for place in self._members(archive, "ADDR_OBJ", region)}
            if not places:
                raise GarError("empty")
            parents, streets_of = {}, {}
            for child, parent in self._members(archive, "ADM_HIERARCHY", region):
                if child in places:
                    parents[child] = parent
                elif parent in places:
                    streets_of[child] = parent
            postcodes, kladr = {}, {}
            for code, kind, value in self._members(archive, "ADDR_OBJ_PARAMS", region):
                if code in places:
                    (postcodes if kind == "5" else kladr)[code] = value
            self._put_places(
                "AS_ADDR_OBJ",
                (
                    replace(
                        place,
                        parent=parents.get(code, ""),
                        postcode=postcodes.get(code, ""),
                        kladr=kladr.get(code, ""),
                    )
                    for code, place in places.items()
                ),
            )
            rows = (
                (streets_of[code], region, number, guid or None, None)
                for code, number, guid in self._members(archive, "HOUSES", region)
                if code in streets_of
            )
            self._put_houses("AS_HOUSES", rows)

    @api.model
    def _members(self, archive, name, region):
        """Rows of every file of a kind."""
        read = {
            "ADDR_OBJ": lambda stream: gar_objects(stream, region),
            "ADM_HIERARCHY": gar_parents,
            "ADDR_OBJ_PARAMS": gar_postcodes,
            "HOUSES": gar_houses,
        }[name]
        for member in self._members_of(archive, name, region):
            with archive.open(member) as stream:
                yield from read(io.BufferedReader(stream))

    @api.model
    def _members_of(self, archive, name, region):
        """Files of a kind, ``AS_<NAME>_<date>_<uuid>.XML``; of a whole country those of the region."""
        for member in archive.infolist():
            *folders, title = member.filename.upper().split("/")
            if not title.startswith(f"AS_{name}_") or not title[len(name) + 4 : len(name) + 12].isdigit():
                continue
            if folders and re.fullmatch("[0-9]{2}", folders[-1]) and folders[-1] != region:
                continue
            if member.file_size > MAX_ARCHIVE:
                raise GarError("too_large")
            yield member

    # ------------------------------------------------------------------ writing

    def _put_places(self, stage, places):
        rows = (
            (
                place.code,
                place.parent or None,
                place.region,
                place.level,
                place.name,
                place.kind or None,
                name_key(place.name),
                place.guid or None,
                place.kladr or None,
                place.postcode or None,
            )
            for place in places
        )
        self._put(
            stage,
            f"INSERT INTO clinic_address_object ({PLACE_COLUMNS}) VALUES %s ON CONFLICT DO NOTHING",
            rows,
            "place_count",
        )

    def _put_houses(self, stage, rows):
        self._put(
            stage,
            "INSERT INTO clinic_address_house (street_code, region, numbers, guid, postcode) VALUES %s",
            rows,
            "house_count",
        )

    def _put(self, stage, statement, rows, counter):
        """Write the rows of a stage in batches; those that a cut run has written are passed over."""
        if self.stage and STAGES.index(self.stage) > STAGES.index(stage):
            return
        written = self.stage_rows if self.stage == stage else 0
        self.write({"stage": stage, "stage_rows": written})
        rows = islice(rows, written, None)
        while batch := list(islice(rows, BATCH)):
            self._put_batch(statement, batch, counter)

    def _put_batch(self, statement, batch, counter):
        execute_values(self.env.cr._obj, statement, batch, page_size=1000)
        amount = len(batch)
        self.write(
            {
                counter: self[counter] + amount,
                "row_count": self.row_count + amount,
                "stage_rows": self.stage_rows + amount,
            }
        )
        self._commit()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(load.state == "running" for load in self):
            raise UserError(self.env._("This load is running. Wait until it has ended."))
