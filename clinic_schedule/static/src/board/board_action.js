import { Component, onWillDestroy, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { usePopover } from "@web/core/popover/popover_hook";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { BoardGrid } from "./board_grid";
import { BoardStore } from "./board_store";
import { BoardToolbar } from "./board_toolbar";
import { ArrivalDialog } from "./arrival_dialog";
import { BookingDialog } from "./booking_dialog";
import { HelpDialog, ReasonDialog } from "./board_dialogs";
import { BoardMenu, VisitCard } from "./visit_card";
import { freeActions, visitActions } from "./board_actions";
import { MINUTE, nextFocus, shiftAt } from "./board_model";
import { slotAt } from "./board_slots";
import { formViewDialog, openNotes, openWalkIn, printLists, printVisits } from "./board_windows";
import { useOperations } from "../operations/board_operations";

/** The client action "Schedule": wires store, grid, dialogs, keys and the bus together. */
export class BoardAction extends Component {
    static template = "clinic_schedule.BoardAction";
    static components = { BoardGrid, BoardToolbar };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.rootRef = useRef("root");
        const { context = {}, params = {} } = this.props.action;
        this.store = new BoardStore(
            { orm: this.orm, notification: this.notification },
            { ...context.board, ...params, ...this.props.state?.board }
        );
        this.state = useState(this.store.state);
        this.card = usePopover(VisitCard, { position: "right-start", popoverClass: "o_cb_popover" });
        this.menu = usePopover(BoardMenu, { position: "bottom-start", popoverClass: "o_cb_popover", arrow: false });
        this.operations = useOperations(this);
        useSetupAction({ getLocalState: () => ({ board: this.store.params }) });
        this.setupBus();
        this.setupKeys();
        this.env.config?.setDisplayName?.(_t("Schedule"));
        onWillStart(() => this.store.load());
        const ticker = browser.setInterval(() => this.store.draw(), MINUTE / 2);
        onWillDestroy(() => {
            browser.clearInterval(ticker);
            this.store.destroy();
        });
    }

    setupBus() {
        const bus = useService("bus_service");
        const onChanged = (payload) => this.store.onChanged(payload);
        bus.subscribe("clinic_schedule/changed", onChanged);
        bus.start();
        // Messages may have been lost while the connection was down.
        useBus(bus, "BUS:RECONNECT", () => this.store.load());
        onWillDestroy(() => bus.unsubscribe("clinic_schedule/changed", onChanged));
    }

    setupKeys() {
        const move = (direction) => () => {
            this.state.focus = nextFocus(this.state.picture.columns, this.state.focus, direction);
            this.rootRef.el.querySelector(".o_cb_scroll")?.focus({ preventScroll: true });
        };
        useHotkey("shift+arrowleft", () => this.store.stepResource(-1));
        useHotkey("shift+arrowright", () => this.store.stepResource(1));
        for (const direction of ["up", "down", "left", "right"]) {
            useHotkey(`arrow${direction}`, move(direction), { allowRepeat: true, isAvailable: freeOfWidgets });
        }
        useHotkey("home", move("home"), { isAvailable: freeOfWidgets });
        useHotkey("end", move("end"), { isAvailable: freeOfWidgets });
        useHotkey("enter", () => this.onEnter(), { isAvailable: freeOfWidgets });
        useHotkey("n", () => this.onNew(), { isAvailable: freeOfWidgets });
        const onVisit = (key) => () => this.runOnFocus(key);
        for (const [hotkey, key] of Object.entries({ a: "arrive", k: "confirm", m: "move", d: "copy", c: "cancel", p: "talon" })) {
            useHotkey(hotkey, onVisit(key), { isAvailable: freeOfWidgets });
        }
        useHotkey("control+z", () => this.store.undo());
        useHotkey("t", () => this.store.today(), { isAvailable: freeOfWidgets });
        useHotkey("escape", () => this.dropCarry());
        useExternalListener(window, "keydown", (ev) => this.onPlainKey(ev));
    }

    /** Keys that the hotkey service does not know. */
    onPlainKey(ev) {
        if (/^(input|textarea|select)$/i.test(ev.target.tagName) || document.querySelector(".o_dialog")) {
            return;
        }
        if (ev.key === "?") {
            this.showHelp();
        } else if (ev.code === "BracketLeft" || ev.code === "BracketRight") {
            this.store.step(ev.code === "BracketLeft" ? -1 : 1);
        }
    }

    // ----------------------------------------------------------------- focus

    /** What the focus stands on: {column, visit} or {column, minutes, shift}. */
    get focused() {
        const { focus } = this.state;
        const column = focus && this.store.findColumn(focus.key);
        if (!column) {
            return null;
        }
        if (focus.type === "visit") {
            const visit = column.visits.find((row) => row.id === focus.id);
            return visit ? { column, visit } : null;
        }
        return { column, minutes: focus.id, shift: shiftAt(column, focus.id) };
    }

    onEnter() {
        const hit = this.focused;
        if (hit?.visit) {
            const selector = `[data-visit="${hit.visit.id}"]`;
            this.onVisit({ ...hit, el: this.rootRef.el.querySelector(selector) });
        } else if (hit) {
            this.onFree(hit);
        }
    }

    onNew() {
        const hit = this.focused;
        const columns = this.state.picture.columns;
        if (hit && !hit.visit) {
            this.onFree(hit);
            return;
        }
        const column = hit?.column || columns.find((item) => item.free.length);
        const free = column?.free[0];
        if (free) {
            this.onFree({ column, minutes: free.at, shift: shiftAt(column, free.at) });
        } else {
            this.store.notify(_t("There is no free time on this screen. Choose another day."), "info");
        }
    }

    runOnFocus(key) {
        const hit = this.focused;
        if (!hit?.visit) {
            this.store.notify(_t("Choose a visit first: click it or walk to it with the arrow keys."), "info");
            return;
        }
        const action = visitActions(this, hit).find((item) => item.key === key);
        if (action) {
            action.run();
        } else {
            this.store.notify(_t("This cannot be done with a visit in this state."), "warning");
        }
    }

    // ------------------------------------------------------- grid callbacks

    onVisit({ visit, column, el }) {
        if (this.state.carry || !el) {
            return;
        }
        const actions = this.state.rights.can_book ? visitActions(this, { visit, column }) : [];
        this.card.open(el, { visit, column, store: this.store, actions: actions.filter((a) => !a.rare) });
    }

    onFree({ column, minutes, shift }) {
        if (!this.state.rights.can_book || (column.archived && !this.state.carry)) {
            return;
        }
        const { carry } = this.state;
        if (carry?.mode === "move") {
            if (!this.isRefused(column)) {
                this.dropCarry();
                this.onDrop(carry.visit, { column, minutes });
            }
            return;
        }
        this.state.carry = null;
        this.openBooking({ column, minutes, shift, copyOf: carry?.visit || null });
    }

    onMenu(hit) {
        if (!this.state.rights.can_book) {
            return;
        }
        if (hit.visit) {
            this.state.focus = { key: hit.column.key, type: "visit", id: hit.visit.id };
            const actions = visitActions(this, hit);
            this.menu.open(hit.el, { actions, title: `${hit.visit.time} ${hit.visit.label}` });
        } else if (hit.exact) {
            this.menu.open(hit.el, { actions: freeActions(this, hit), title: hit.column.short });
        } else {
            this.onFree(hit);
        }
    }

    onHead({ date, resource_id }) {
        const day = this.state.mode === "week";
        this.store.set(day ? { mode: "day", date, resource_id: false } : { mode: "week", resource_id });
    }

    openBooking(place) {
        this.dialog.add(BookingDialog, {
            ...place,
            store: this.store,
            onBooked: (result, lines) => this.afterBooked(result, lines),
        });
    }

    afterBooked(result, lines) {
        const names = lines.map((line) => `${line.clock} ${line.patient.name}`).join(", ");
        this.store.offerUndo(result, _t("Booked: %s", names), [
            { name: _t("Slip"), onClick: () => this.print("talon80", result.appointment_ids) },
        ]);
    }

    // ---------------------------------------------------------------- actions

    /** Ask why; resolves with the reason or null. */
    askReason(kind, title, subject, note = "") {
        return new Promise((resolve) => {
            this.dialog.add(
                ReasonDialog,
                { title, subject, note, reasons: this.store.reasons(kind), confirm: resolve },
                { onClose: () => resolve(null) }
            );
        });
    }

    /** A visit was dropped on a place: ask why, move, or let it jump back. */
    async onDrop(visit, target) {
        const { column, minutes } = target;
        if (this.isRefused(column)) {
            return;
        }
        const slot = slotAt(column, minutes, shiftAt(column, minutes), visit);
        const own = this.store.findVisit(visit.id)?.column.key;
        if (slot.start === visit.startText && own === column.key) {
            return;
        }
        this.state.pending = {
            visitId: visit.id,
            target,
            duration: visit.stop - visit.start,
            label: visit.label,
        };
        const where = `${column.short}, ${column.day_label} ${this.store.clock(minutes)}`;
        await this.moveTo(visit, slot, `${visit.label} → ${where}`);
        this.state.pending = null;
    }

    /** Check, ask why, move; a lost place offers others, which go the same way. */
    async moveTo(visit, slot, subject) {
        const again = (other) => this.moveTo(visit, other, `${visit.label}, ${visit.time}`);
        const allowed = await this.store.canMove(visit, slot, again);
        if (!allowed) {
            return;
        }
        const reason = await this.askReason("move", _t("Why is the visit moved?"), subject, allowed.note);
        if (reason) {
            await this.store.move(visit, slot, reason.id, again);
        }
    }

    /** Say so when the lifted visit cannot stand in a column. */
    isRefused(column) {
        const blocked = this.store.isBlocked(column);
        if (blocked) {
            const name = column.short;
            this.store.notify(
                column.kind === "practitioner"
                    ? _t("%(name)s does not give this service to this patient. Choose another column.", { name })
                    : _t("The visit cannot be held here: %(name)s. Choose another column.", { name }),
                "danger"
            );
        }
        return blocked;
    }

    async cancelVisit(visit) {
        const reason = await this.askReason(
            "cancel",
            _t("Why is the visit cancelled?"),
            `${visit.time} ${visit.label}`
        );
        if (reason) {
            await this.store.act("cancel", [visit.id, reason.id], _t("The visit has been cancelled."));
        }
    }

    /** What is not in order is seen to now, while the patient stands at the desk. */
    async arrive(visit) {
        const result = await this.store.act("arrive", [visit.id], _t("The patient has arrived."));
        if (result?.unfinished || result?.checks?.length) {
            this.dialog.add(ArrivalDialog, {
                store: this.store,
                patient: result.unfinished,
                checks: result.checks,
                onJoin: (action) => this.action.doAction(action),
                onPapers: () => this.store.openPapers(this.action, result.patient.id),
            });
        }
    }

    carry(mode, visit) {
        this.state.carry = { mode, visit };
        this.state.targets = null;
        if (mode === "move") {
            this.store.lift(visit);
        }
    }

    dropCarry() {
        this.state.carry = null;
    }

    print(kind, ids) {
        return printVisits(this.action, kind, ids);
    }

    openVisit(visit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "clinic.appointment",
            res_id: visit.id,
            views: [[false, "form"]],
        });
    }

    /** A window that the visit itself fills in: the same patient, doctor, branch. */
    async openFor(visit, method) {
        return this.action.doAction(await this.store.orm.call("clinic.appointment", method, [[visit.id]]));
    }

    onPrint(format) {
        return printLists(this.action, this.store, format);
    }

    onWalkIn() {
        return openWalkIn(this.dialog, this.notification, this.store);
    }

    onNotes() {
        return openNotes(this.action, this.store);
    }

    showHelp() {
        this.dialog.add(HelpDialog, {});
    }

    /** The empty day: make a shift for it in a dialog. */
    createShift() {
        formViewDialog(this.dialog, this.store);
    }

    get carryText() {
        const { mode, visit } = this.state.carry;
        const values = { patient: visit.label, time: visit.time };
        return mode === "move"
            ? _t("Moving %(patient)s, %(time)s: choose the new time.", values)
            : _t("Repeating the visit of %(patient)s, %(time)s: choose the time.", values);
    }

    get isEmpty() {
        return this.state.ready && !this.state.loading && !this.state.picture.columns.length;
    }
}

/** Keys of the board rest while a button, a menu or a picker has the focus. */
function freeOfWidgets(target) {
    return !target.closest?.(".o_cb_toolbar, .o_popover, .o-dropdown--menu, .o_main_navbar");
}

registry.category("actions").add("clinic_schedule.board", BoardAction);
