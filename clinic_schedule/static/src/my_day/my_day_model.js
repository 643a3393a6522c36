import { _t } from "@web/core/l10n/translation";
import { parseUtc } from "../board/board_model";

const MINUTE = 60000;

/** Whole minutes from a moment (UTC text) to now; never less than zero. */
export function minutesSince(text, now) {
    return Math.max(0, Math.floor((now - parseUtc(text)) / MINUTE));
}

/** How a visit stands now: {key, text}; the key is also the class of the card. */
export function statusOf(visit, now) {
    const late = Math.floor((now - parseUtc(visit.start)) / MINUTE);
    switch (visit.state) {
        case "booked":
        case "confirmed":
            if (late > 0) {
                return { key: "late", text: _t("Late by %s min", late) };
            }
            return visit.state === "confirmed"
                ? { key: "confirmed", text: _t("Confirmed") }
                : { key: "booked", text: _t("Not confirmed") };
        case "arrived": {
            if (!visit.arrived_at) {
                // a visit whose state came from elsewhere: nobody saw the patient come in
                return { key: "arrived", text: _t("Arrived") };
            }
            const waits = minutesSince(visit.arrived_at, now);
            const values = { clock: visit.arrived_clock, minutes: waits };
            return visit.called_at
                ? { key: "called", text: _t("Called in, waits since %(clock)s (%(minutes)s min)", values) }
                : { key: "arrived", text: _t("Here since %(clock)s, waits %(minutes)s min", values) };
        }
        case "in_progress":
            return {
                key: "in_progress",
                text: visit.started_at
                    ? _t("In the room for %s min", minutesSince(visit.started_at, now))
                    : _t("In the room"),
            };
        case "done":
            return { key: "done", text: _t("Done") };
        default:
            return { key: "no_show", text: _t("Did not come") };
    }
}

/** What may be pressed on a visit in its state: {key, label, icon, hotkey, primary}. */
export function stepsOf(visit, now) {
    const steps = [];
    if (visit.state === "arrived") {
        const again = Boolean(visit.called_at);
        steps.push({ key: "call", label: again ? _t("Call again") : _t("Call in"), icon: "fa-bullhorn", hotkey: "C", primary: !again });
        steps.push({ key: "start", label: _t("Begin"), icon: "fa-stethoscope", hotkey: "S", primary: again });
    }
    if (["booked", "confirmed"].includes(visit.state)) {
        steps.push({ key: "arrive", label: _t("Arrived"), icon: "fa-map-marker", hotkey: "A" });
        if (parseUtc(visit.start) <= now) {
            steps.push({ key: "no_show", label: _t("Did not come"), icon: "fa-user-times" });
        }
    }
    if (visit.state === "in_progress") {
        steps.push({ key: "done", label: _t("Finished"), icon: "fa-check", hotkey: "D", primary: true });
    }
    if (visit.patient_id && ["arrived", "in_progress", "done"].includes(visit.state)) {
        steps.push({ key: "next", label: _t("Next visit"), icon: "fa-calendar-plus-o", hotkey: "N" });
    }
    if (["in_progress", "done", "no_show"].includes(visit.state)) {
        steps.push({ key: "undo", label: _t("Take back"), icon: "fa-undo", rare: true });
    }
    return steps;
}

/** Visits, gaps and absences as one list in the order of the day. */
export function timeline(day) {
    const rows = [
        ...day.visits.map((visit) => ({ type: "visit", key: `v${visit.id}`, ...visit })),
        ...day.gaps.map((gap) => ({ type: "gap", key: `g${gap.start}`, ...gap })),
        ...day.absences.map((absence) => ({ type: "absence", key: `a${absence.id}`, ...absence })),
    ];
    const rank = { absence: 0, visit: 1, gap: 2 };
    return rows.sort((a, b) => a.start.localeCompare(b.start) || rank[a.type] - rank[b.type]);
}

/** Numbers above the list. */
export function countsOf(visits) {
    const count = (...states) => visits.filter((visit) => states.includes(visit.state)).length;
    return { all: visits.length, to_come: count("booked", "confirmed"), waiting: count("arrived"), in_room: count("in_progress"), done: count("done") };
}
