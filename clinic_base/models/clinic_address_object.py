# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..address_ru import Place


class ClinicAddressObject(models.Model):
    """A region, district, town, village or street of the classifier (КЛАДР or ГАР).

    A narrow table filled by SQL from the files of the tax service, region by region; nobody edits it.
    ``code`` is the code of КЛАДР without the two digits of the state, or the number of the object of
    ГАР; ``parent_code`` leads to the place above.
    """

    _name = "clinic.address.object"
    _description = "Place or street of the address classifier"
    _log_access = False
    _order = "level, name, id"

    code = fields.Char(required=True, readonly=True)
    parent_code = fields.Char(readonly=True)
    region = fields.Char(required=True, readonly=True)
    level = fields.Integer(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    kind = fields.Char(readonly=True)
    name_key = fields.Char(string="Words of the name", readonly=True)
    guid = fields.Char(readonly=True)
    kladr = fields.Char(string="Code of KLADR", readonly=True)
    postcode = fields.Char(readonly=True)

    _code_uniq = models.UniqueIndex("(code)", "This code is in the classifier already.")
    _parent_idx = models.Index("(parent_code, level)")
    _region_idx = models.Index("(region, level)")
    _name_gin = models.Index("USING gin (name_key gin_trgm_ops) WHERE level < 5")
    # one index for "in this town" and "spelt like this": a city has thousands of streets, and the
    # similarity of all of them takes longer than a registrar waits between two letters
    _street_gin = models.Index("USING gin (parent_code, name_key gin_trgm_ops) WHERE level >= 4")

    def _auto_init(self):
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
        return super()._auto_init()

    @api.depends("name", "kind")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._place().title

    def _place(self):
        """The row for ``address_ru``."""
        self.ensure_one()
        return Place(
            code=self.code,
            name=self.name,
            kind=self.kind or "",
            level=self.level,
            region=self.region,
            parent=self.parent_code or "",
            guid=self.guid or "",
            kladr=self.kladr or "",
            postcode=self.postcode or "",
        )
