import { _t } from "@web/core/l10n/translation";

/** State → icon and word. Colour is in the stylesheet; no state is told by colour alone. */
export const STATES = {
    held: { icon: "fa-hourglass-half", label: _t("Held") },
    booked: { icon: "fa-question-circle", label: _t("Not confirmed") },
    confirmed: { icon: "fa-check-circle", label: _t("Confirmed") },
    arrived: { icon: "fa-map-marker", label: _t("Arrived") },
    in_progress: { icon: "fa-stethoscope", label: _t("In progress") },
    done: { icon: "fa-check-square-o", label: _t("Done") },
    session: { icon: "fa-users", label: _t("Group session") },
};

export const PAYERS = {
    insurer: { icon: "fa-shield", label: _t("Insurer") },
    employer: { icon: "fa-briefcase", label: _t("Employer") },
    oms: { icon: "fa-id-card-o", label: _t("State insurance") },
};

export const MARKS = {
    home: { icon: "fa-home", label: _t("Home visit") },
    tele: { icon: "fa-video-camera", label: _t("Online consultation") },
    cito: { icon: "fa-bolt", label: _t("CITO: extra visit into taken time") },
    late: { icon: "fa-clock-o", label: _t("The patient is late") },
    away: { icon: "fa-calendar-times-o", label: _t("To be moved") },
    prepayment: { icon: "fa-rub", label: _t("Only with prepayment") },
    course: { icon: "fa-repeat", label: _t("Visit of a course") },
    chain: { icon: "fa-link", label: _t("Several services in one coming") },
    first: { icon: "fa-star", label: _t("First visit") },
    alert: { icon: "fa-exclamation-triangle", label: _t("Alert") },
    online: { icon: "fa-globe", label: _t("From the site") },
    note: { icon: "fa-commenting-o", label: _t("Has a note") },
};

/** Flags of a patient's card: icon and colour besides the words of the server. */
export const FLAGS = {
    blacklist: { icon: "fa-ban", level: "danger" },
    representative: { icon: "fa-phone", level: "warning" },
    prepayment: { icon: "fa-rub", level: "info" },
};

/** Icons on one visit besides its state, the most urgent first. */
export function marksOf(visit) {
    const marks = [];
    if (MARKS[visit.place]) {
        marks.push({ key: visit.place, ...MARKS[visit.place] });
    }
    if (visit.overbooked) {
        marks.push({ key: "cito", ...MARKS.cito });
    }
    if (visit.late) {
        marks.push({ key: "late", ...MARKS.late });
    }
    if (visit.away) {
        marks.push({ key: "away", ...MARKS.away });
    }
    if (visit.alert) {
        marks.push({ key: "alert", ...MARKS.alert });
    }
    if (visit.prepayment) {
        marks.push({ key: "prepayment", ...MARKS.prepayment });
    }
    if (visit.course) {
        marks.push({ key: "course", ...MARKS.course });
    }
    if (visit.chain) {
        marks.push({ key: "chain", ...MARKS.chain });
    }
    if (visit.is_first) {
        marks.push({ key: "first", ...MARKS.first });
    }
    if (PAYERS[visit.payer_kind]) {
        marks.push({ key: "payer", ...PAYERS[visit.payer_kind] });
    }
    if (visit.channel === "site") {
        marks.push({ key: "online", ...MARKS.online });
    }
    if (visit.note) {
        marks.push({ key: "note", ...MARKS.note });
    }
    return marks;
}
