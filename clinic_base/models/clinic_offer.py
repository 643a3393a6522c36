# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one place of the rule "empty = the service's value", as one SQL query for any number of rows."""

from odoo import api, models
from odoo.tools import SQL

from ..ages import AGE_LIMIT
from ..const import ADULT_AGE

#: Lower and upper age that an audience means; %s is a column.
_LOW = "CASE %s WHEN 'adult' THEN " + str(ADULT_AGE) + " ELSE 0 END"
_HIGH = "CASE %s WHEN 'child' THEN " + str(ADULT_AGE - 1) + " ELSE " + str(AGE_LIMIT) + " END"


def _low(column):
    return SQL(_LOW, SQL(column))


def _high(column):
    return SQL(_HIGH, SQL(column))


def _limit(column):
    """An upper age where 0 means no limit."""
    return SQL("COALESCE(NULLIF(%s, 0), %s)", SQL(column), AGE_LIMIT)


#: Columns that come from the service alone, whatever leads it.
_SERVICE_COLUMNS = SQL(
    """s.id AS service_id, s.clinic_specialty_id AS specialty_id, s.clinic_sex AS sex,
    COALESCE(s.clinic_buffer_before, 0) AS buffer_before,
    COALESCE(s.clinic_buffer_after, 0) AS buffer_after"""
)
_SERVICE_JOINS = SQL(
    """JOIN product_template t ON t.id = s.product_tmpl_id
    LEFT JOIN clinic_specialty sp ON sp.id = s.clinic_specialty_id"""
)
_SERVICE_OPEN = SQL("(s.active AND t.active AND s.clinic_is_service)")
_SERVICE_SHOWN = SQL("(s.clinic_show_on_site IS TRUE AND COALESCE(sp.show_on_site, TRUE))")

_PRACTITIONERS = SQL(
    """
SELECT l.id AS line_id, l.visit_type, p.id AS practitioner_id, NULL::int AS room_id, NULL::int AS device_id,
    p.resource_id, NULL::int AS branch_id, l.company_id, %(service)s,
    COALESCE(NULLIF(l.duration, 0), s.clinic_duration) AS duration,
    COALESCE(NULLIF(l.step, 0), s.clinic_step, 0) AS step,
    CASE WHEN l.own_price THEN COALESCE(l.price, 0) ELSE t.list_price END AS price,
    CASE WHEN l.age_min > 0 THEN GREATEST(l.age_min, %(low_own)s)
        WHEN l.audience IS NOT NULL THEN GREATEST(%(low_own)s, s.clinic_age_min, p.age_min)
        ELSE GREATEST(s.clinic_age_min, p.age_min, %(low_service)s, %(low_doctor)s) END AS age_from,
    CASE WHEN l.age_max > 0 THEN LEAST(l.age_max, %(high_own)s)
        WHEN l.audience IS NOT NULL THEN LEAST(%(high_own)s, %(max_service)s, %(max_doctor)s)
        ELSE LEAST(%(max_service)s, %(max_doctor)s, %(high_service)s, %(high_doctor)s) END AS age_to,
    COALESCE(l.online, s.clinic_online, 'no') AS online_mode,
    %(service_shown)s AND p.show_on_site IS TRUE AND COALESCE(d.show_on_site, TRUE)
        AND (own.shown IS NOT FALSE) AS shown,
    COALESCE(sp.online_booking, TRUE) AND p.online_booking IS TRUE AND COALESCE(d.online_booking, TRUE)
        AND (own.bookable IS NOT FALSE) AS bookable,
    %(service_open)s AND l.active AND r.active AND s.clinic_leading_kind = 'practitioner' AS is_open
FROM clinic_practitioner_service l
JOIN clinic_practitioner p ON p.id = l.practitioner_id
JOIN resource_resource r ON r.id = p.resource_id
JOIN product_product s ON s.id = l.service_id
%(service_joins)s
LEFT JOIN clinic_department d ON d.id = p.department_id
LEFT JOIN LATERAL (
    SELECT bool_or(x.show_on_site) AS shown, bool_or(x.show_on_site AND x.online_booking) AS bookable
    FROM clinic_practitioner_clinic_specialty_rel px
    JOIN clinic_specialty x ON x.id = px.clinic_specialty_id
    WHERE px.clinic_practitioner_id = p.id
) own ON TRUE
""",
    service=_SERVICE_COLUMNS,
    service_joins=_SERVICE_JOINS,
    service_open=_SERVICE_OPEN,
    service_shown=_SERVICE_SHOWN,
    low_own=_low("l.audience"),
    low_service=_low("s.clinic_audience"),
    low_doctor=_low("p.audience"),
    high_own=_high("l.audience"),
    high_service=_high("s.clinic_audience"),
    high_doctor=_high("p.audience"),
    max_service=_limit("s.clinic_age_max"),
    max_doctor=_limit("p.age_max"),
)


#: What may lead a service; rows of the other kinds are closed.
LEADING_KINDS = ("practitioner", "room", "device")


def _parts(kind):
    """The services led by rooms or by devices: everything is the service's own value."""
    table = SQL("clinic_%s", SQL(kind))
    ids = {
        "room": SQL("part.id AS room_id, NULL::int AS device_id"),
        "device": SQL("NULL::int AS room_id, part.id AS device_id"),
    }
    return SQL(
        """
SELECT NULL::int AS line_id, NULL::varchar AS visit_type, NULL::int AS practitioner_id,
    %(ids)s, part.resource_id, part.branch_id, r.company_id, %(service)s,
    s.clinic_duration AS duration, COALESCE(s.clinic_step, 0) AS step, t.list_price AS price,
    GREATEST(s.clinic_age_min, %(low)s) AS age_from, LEAST(%(max)s, %(high)s) AS age_to,
    COALESCE(s.clinic_online, 'no') AS online_mode,
    %(service_shown)s AND b.show_on_site IS TRUE AS shown,
    COALESCE(sp.online_booking, TRUE) AND b.online_booking IS TRUE AS bookable,
    %(service_open)s AND r.active AND b.active AND s.clinic_leading_kind = %(kind)s AS is_open
FROM %(rel)s rel
JOIN %(table)s part ON part.id = rel.%(table)s_id
JOIN resource_resource r ON r.id = part.resource_id
JOIN clinic_branch b ON b.id = part.branch_id
JOIN product_product s ON s.id = rel.product_product_id
%(service_joins)s
""",
        ids=ids[kind],
        service=_SERVICE_COLUMNS,
        service_joins=_SERVICE_JOINS,
        service_open=_SERVICE_OPEN,
        service_shown=_SERVICE_SHOWN,
        low=_low("s.clinic_audience"),
        high=_high("s.clinic_audience"),
        max=_limit("s.clinic_age_max"),
        kind=kind,
        rel=SQL("%s_product_product_rel", table),
        table=table,
    )


class ClinicOffer(models.AbstractModel):
    """Who offers which service on what terms: practitioners, rooms and devices in one table.

    Nothing is stored. A *term* is a dict with the values that count for one leading resource
    and one service: ``line_id, service_id, specialty_id, practitioner_id, room_id, device_id,
    resource_id, branch_id`` (rooms and devices only), ``company_id, visit_type, duration,
    step`` (0 = the step of the shift), ``buffer_before, buffer_after, price, age_from, age_to``
    (full years, inclusive; 0 and ``AGE_LIMIT`` when there is no limit), ``sex, online`` (yes,
    request, no: all switches but the branch of a shift are obeyed), ``shown`` (to patients).
    """

    _name = "clinic.offer"
    _description = "Services on offer"

    #: Models whose pending changes the query must see.
    _offer_models = (
        "clinic.practitioner.service",
        "clinic.practitioner",
        "clinic.department",
        "clinic.specialty",
        "clinic.room",
        "clinic.device",
        "clinic.branch",
        "resource.resource",
        "product.product",
        "product.template",
    )

    @api.model
    def _terms_query(self, kinds=LEADING_KINDS):
        """The table of all terms, open or not, as SQL: a subquery for larger statements.

        Apply ``is_open`` and the companies yourself; ``_find`` does. Call ``_flush_terms`` first.
        ``kinds``: of leading resources; whoever needs one only saves the planner two thirds of its work.
        """
        tables = [_PRACTITIONERS if kind == "practitioner" else _parts(kind) for kind in kinds]
        return SQL(
            """
SELECT terms.*, CASE WHEN shown AND bookable THEN online_mode ELSE 'no' END AS online
FROM (%s) terms
""",
            SQL(" UNION ALL ").join(tables),
        )

    def _kinds_of(self, services, lines):
        """Kinds of the resources that may lead these services; closed rows may be of any kind."""
        if services is None or lines is not None:
            return LEADING_KINDS
        # sudo: what leads a service is part of every answer
        found = set(services.sudo().mapped("clinic_leading_kind"))
        return [kind for kind in LEADING_KINDS if kind in found] or LEADING_KINDS

    @api.model
    def _flush_terms(self):
        """Write pending changes of every model the query reads."""
        for name in self._offer_models:
            self.env[name].flush_model()

    @api.model
    def _find(self, services=None, practitioners=None, resources=None, lines=None, **conditions):
        """The terms on offer, in one query.

        :param services, practitioners, resources, lines: recordsets that narrow the answer;
            None = any. With ``lines`` also closed rows are answered, each as it stands.
        :param visit_type: ``first`` or ``repeat``: a row for this visit wins over a row for all
            visits, and rows for the other one are left out; without it every row is answered.
        :param age: full years on the day of the visit; ``sex``: ``male``/``female``;
            None or False = not known, nothing is left out.
        :param online: True leaves only what patients may book or ask for themselves.
        :param shown: True leaves only what patients may see.
        :return: list of terms (see the class), by service, practitioner's order and id.

        Reads as the database does: company borders of the environment are kept (not in sudo),
        other record rules are not asked, because terms hold no personal data.
        """
        self._flush_terms()
        where = [SQL("TRUE") if lines is not None else SQL("o.is_open")]
        for column, records in (
            ("service_id", services),
            ("practitioner_id", practitioners),
            ("resource_id", resources),
            ("line_id", lines),
        ):
            if records is not None:
                where.append(SQL("%s = ANY(%s)", SQL.identifier("o", column), list(records.ids)))
        if not self.env.su:
            where.append(SQL("(o.company_id IS NULL OR o.company_id = ANY(%s))", self.env.companies.ids))
        where += self._find_conditions(**conditions)
        distinct = SQL("")
        if conditions.get("visit_type"):
            distinct = SQL("DISTINCT ON (o.service_id, o.resource_id)")
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s o.* FROM (%s) o WHERE %s"
                " ORDER BY o.service_id, o.resource_id, o.visit_type NULLS LAST, o.line_id",
                distinct,
                self._terms_query(self._kinds_of(services, lines)),
                SQL(" AND ").join(where),
            )
        )
        for row in rows:
            row["price"] = float(row["price"] or 0)
            for name in ("online_mode", "bookable", "is_open"):
                del row[name]
        return rows

    @api.model
    def _find_conditions(self, visit_type=None, age=None, sex=None, online=False, shown=False):
        conditions = []
        if visit_type:
            conditions.append(SQL("(o.visit_type IS NULL OR o.visit_type = %s)", visit_type))
        if age is not None and age is not False:
            conditions.append(SQL("%s BETWEEN o.age_from AND o.age_to", age))
        if sex:
            conditions.append(SQL("(o.sex IS NULL OR o.sex = %s)", sex))
        if online:
            conditions.append(SQL("o.online <> 'no'"))
        if shown:
            conditions.append(SQL("o.shown"))
        return conditions

    @api.model
    def _accepts(self, term, age=None, sex=None):
        """Does the term fit a patient of this age (full years) and sex? Unknown values fit."""
        if age is not None and age is not False and not term["age_from"] <= age <= term["age_to"]:
            return False
        return not sex or not term["sex"] or term["sex"] == sex
