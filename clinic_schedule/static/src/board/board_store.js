import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { markRaw, reactive } from "@odoo/owl";
import { indexRaw, layoutColumn, mergeRaw } from "./board_layout";
import { clock, hourRange, MINUTE, ZOOMS } from "./board_model";
import { isSlotTaken, refusalText } from "./board_errors";

const { DateTime } = luxon;
const MEMORY = "clinic_schedule.board";
const FILTERS = ["branch_id", "role", "specialty_id", "service_id", "resource_id"];

function remembered() {
    try {
        return JSON.parse(browser.localStorage.getItem(MEMORY)) || {};
    } catch {
        return {};
    }
}

/**
 * Everything the board knows and may ask of the server. One per open board.
 *
 * The server is `clinic.board`; nothing here decides about bookings.
 */
export class BoardStore {
    constructor({ orm, notification }, params = {}) {
        this.orm = orm;
        this.notification = notification;
        this.raw = new Map();
        this.layoutCache = new WeakMap();
        this.request = 0;
        this.undoStack = [];
        const memory = remembered();
        this.state = reactive({
            date: params.date || false,
            mode: params.mode || "day",
            kind: params.kind || memory.kind || "practitioner",
            branch_id: params.branch_id || memory.branch_id || false,
            role: false,
            specialty_id: false,
            service_id: params.service_id || false,
            resource_id: params.resource_id || false,
            zoom: memory.zoom ?? 1,
            loading: true,
            ready: false,
            /** Why there is no board at all: the role does not see it. */
            refused: "",
            focus: null,
            carry: null,
            selection: null,
            pending: null,
            targets: null,
            week: markRaw([]),
            /** Open notes for the next shift: {text, about}. */
            notes: markRaw([]),
            legend: memory.legend ?? browser.innerWidth > 1000,
            picture: markRaw({ columns: [], first: 540, last: 1080 }),
            options: markRaw({ branches: [], roles: [], specialties: [], services: [], resources: [] }),
            rights: markRaw({}),
        });
    }

    // ---------------------------------------------------------------- loading

    get params() {
        const { date, mode, kind } = this.state;
        const params = { date, mode, kind };
        for (const name of FILTERS) {
            params[name] = this.state[name];
        }
        return params;
    }

    /** Load the whole screen; the first call brings filters, reasons and rights too. */
    async load() {
        const request = ++this.request;
        this.state.loading = true;
        let data;
        try {
            data = await this.orm.call("clinic.board", "load", [
                { ...this.params, with_options: !this.state.ready },
            ]);
        } catch (error) {
            this.state.loading = false;
            if (this.state.ready) {
                this.notify(refusalText(error), "danger");
            } else {
                this.state.refused = refusalText(error);
            }
            return;
        }
        if (request !== this.request) {
            return;
        }
        if (data.options) {
            this.state.options = markRaw(data.options);
            this.state.rights = markRaw(data.options.rights);
        }
        Object.assign(this.state, {
            date: data.date,
            branch_id: data.branch_id,
            resource_id: data.resource_id,
            week: markRaw(data.week_resources),
            notes: markRaw(data.notes || []),
        });
        this.dates = data.dates;
        this.branches = data.branch_ids;
        this.raw = indexRaw(data);
        this.state.loading = false;
        this.state.ready = true;
        this.draw();
        this.remember();
    }

    /** Load again only some resources on some days, and lay them over the screen. */
    async refresh(resourceIds, dates) {
        const asked = {
            resource_ids: resourceIds,
            dates: dates.filter((date) => this.dates.includes(date)),
        };
        if (!asked.dates.length) {
            return;
        }
        const request = this.request;
        const data = await this.orm.silent.call("clinic.board", "load", [
            { ...this.params, only: asked },
        ]);
        if (request === this.request) {
            this.raw = mergeRaw(this.raw, indexRaw(data), asked);
            this.draw();
        }
    }

    /** What a bus message means for this screen. */
    onChanged({ branch_id: branchId, resource_ids: resourceIds, dates, appointment_id: id }) {
        if (!this.dates || (branchId && !this.branches.includes(branchId))) {
            return;
        }
        if (!dates.some((date) => this.dates.includes(date))) {
            return;
        }
        this.changes ??= { resource_ids: new Set(), dates: new Set(), whole: false };
        // Shifts open and close columns; only visits change just their own columns.
        this.changes.whole ||= !id || this.state.rights.level === "name";
        resourceIds.forEach((id) => this.changes.resource_ids.add(id));
        dates.forEach((date) => this.changes.dates.add(date));
        browser.clearTimeout(this.changeTimer);
        this.changeTimer = browser.setTimeout(() => {
            const { resource_ids, dates, whole } = this.changes;
            this.changes = null;
            if (whole) {
                this.load();
            } else {
                this.refresh([...resource_ids], [...dates]);
            }
        }, 60);
    }

    /** Lay out again; columns whose data and clock did not change keep their identity. */
    draw() {
        const now = Math.floor(Date.now() / MINUTE) * MINUTE;
        const columns = [...this.raw.values()].map((raw) => {
            const cached = this.layoutCache.get(raw);
            if (cached && (cached.now === now || cached.column.nowMinutes === null)) {
                return cached.column;
            }
            const column = layoutColumn(raw, now);
            this.layoutCache.set(raw, { now, column });
            return column;
        });
        this.state.picture = markRaw({ columns, ...hourRange(columns) });
    }

    remember() {
        const { kind, branch_id, zoom, legend } = this.state;
        browser.localStorage.setItem(MEMORY, JSON.stringify({ kind, branch_id, zoom, legend }));
    }

    destroy() {
        browser.clearTimeout(this.changeTimer);
    }

    // ------------------------------------------------------------- navigation

    /** Change filters or the day and load. */
    set(values) {
        if ("kind" in values && values.kind !== this.state.kind) {
            values = { resource_id: false, role: false, specialty_id: false, ...values };
        }
        Object.assign(this.state, values, { focus: null });
        return this.load();
    }

    get luxonDate() {
        return this.state.date ? DateTime.fromISO(this.state.date) : DateTime.now();
    }

    step(direction) {
        const unit = this.state.mode === "week" ? "weeks" : "days";
        return this.set({ date: this.luxonDate.plus({ [unit]: direction }).toISODate() });
    }

    today() {
        return this.set({ date: false });
    }

    /** In a week: the next or previous of those at work, round and round. */
    stepResource(direction) {
        const { mode, week, resource_id } = this.state;
        if (mode !== "week" || !week.length) {
            return;
        }
        const place = week.findIndex((row) => row.id === resource_id);
        const next = place < 0 ? 0 : (place + direction + week.length) % week.length;
        return this.set({ resource_id: week[next].id });
    }

    setZoom(direction) {
        this.state.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.state.zoom + direction));
        this.remember();
    }

    // -------------------------------------------------------------- questions

    findVisit(id) {
        for (const column of this.state.picture.columns) {
            const visit = column.visits.find((row) => row.id === id);
            if (visit) {
                return { visit, column };
            }
        }
        return null;
    }

    clock(minutes) {
        return clock(minutes);
    }

    findColumn(key) {
        return this.state.picture.columns.find((column) => column.key === key);
    }

    reasons(kind) {
        return (this.state.options.reasons || []).filter((reason) => reason.kind === kind);
    }

    // ---------------------------------------------------------------- actions

    notify(message, type = "info", options = {}) {
        return this.notification.add(message, { type, ...options });
    }

    /**
     * Call an action of `clinic.board` that answers {appointment_ids, resource_ids, dates}.
     *
     * @param {string} method
     * @param {Array} args
     * @param {string} [done] sentence shown with the button "Undo"
     * @returns {Promise<Object|false>} false when the server refused in words (shown)
     */
    async act(method, args, done) {
        try {
            return await this.actOrThrow(method, args, done);
        } catch (error) {
            this.notify(refusalText(error), "danger");
            return false;
        }
    }

    /** Like {@link act}, but the caller explains the refusal. */
    async actOrThrow(method, args, done) {
        const result = await this.orm.call("clinic.board", method, args);
        if (done) {
            this.offerUndo(result, done);
        }
        await this.refresh(result.resource_ids, result.dates);
        return result;
    }

    /** Say what was done, with the button that takes just this back; Ctrl+Z does the same. */
    offerUndo(result, sentence, buttons = []) {
        const step = { ids: result.appointment_ids };
        this.undoStack.push(step);
        step.close = this.notify(sentence, "success", {
            autocloseDelay: 8000,
            buttons: [{ name: _t("Undo"), onClick: () => this.undo(step) }, ...buttons],
        });
    }

    /** The window with the papers that a patient has to sign. */
    async openPapers(action, patientId) {
        return action.doAction(await this.orm.call("res.partner", "action_document_package", [[patientId]]));
    }

    /** Take back an own action of this board, the last one by default. */
    async undo(step = this.undoStack.at(-1)) {
        if (!this.undoStack.includes(step)) {
            this.notify(_t("There is nothing to undo on this board."), "info");
            return;
        }
        this.undoStack = this.undoStack.filter((other) => other !== step);
        step.close();
        if (await this.act("undo", [step.ids])) {
            this.notify(_t("The last action has been undone."), "success");
        }
    }

    // ------------------------------------------------------------------- move

    /** Ask which columns can receive a visit; until the answer all of them look possible. */
    async lift(visit) {
        if (this.state.targets?.visitId === visit.id) {
            return;
        }
        this.state.targets = null;
        const kinds = await this.orm.silent.call("clinic.board", "move_targets", [visit.id]);
        this.state.targets = markRaw({ visitId: visit.id, kinds });
    }

    /** Whether the lifted visit cannot stand in a column at all. */
    isBlocked(column) {
        const { targets } = this.state;
        if (!targets) {
            return false;
        }
        return column.archived || !targets.kinds[column.kind]?.includes(column.resource_id);
    }

    /**
     * Ask the server before anybody is asked for a reason; a refusal is shown.
     *
     * @returns {Promise<Object|null>} `note`: what the patient should hear first; nothing after a refusal
     */
    async canMove(visit, slot, again) {
        try {
            return await this.orm.call("clinic.board", "check_move", [visit.id, slot]);
        } catch (error) {
            await this.explainLost(error, slot, again);
            return null;
        }
    }

    /** Move a visit; `again(slot)` is called when another time is chosen instead of a lost one. */
    async move(visit, slot, reasonId, again) {
        try {
            await this.actOrThrow("move", [visit.id, slot, reasonId], _t("The visit has been moved."));
        } catch (error) {
            await this.explainLost(error, slot, again);
        }
    }

    /** A refusal in words; a lost place offers up to three other times as buttons. */
    async explainLost(error, slot, again) {
        const text = refusalText(error);
        const alternatives = isSlotTaken(error) ? await this.alternatives(slot) : [];
        const close = this.notify(text, "danger", {
            sticky: Boolean(alternatives.length),
            buttons: alternatives.map((other) => ({
                name: other.label,
                onClick: () => {
                    close();
                    again(other.slot);
                },
            })),
        });
    }

    /** Free places near a lost one: [{label, slot}]. */
    alternatives(slot) {
        return this.orm.silent.call("clinic.board", "alternatives", [slot]);
    }
}
