import { Component, onMounted, onWillDestroy, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSetupAction } from "@web/search/action_hook";
import { refusalText } from "../board/board_errors";
import { AbsenceDialog } from "./absence_dialog";
import { NextVisitDialog } from "./next_visit_dialog";
import { countsOf, statusOf, stepsOf, timeline } from "./my_day_model";

const { DateTime } = luxon;

/** The client action "My day": what a doctor has before him today, on a desk or a phone. */
export class MyDayAction extends Component {
    static template = "clinic_schedule.MyDayAction";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.rootRef = useRef("root");
        const { context = {} } = this.props.action;
        const asked = { practitioner_id: false, date: false, ...context.my_day, ...this.props.state?.my_day };
        this.state = useState({ ...asked, day: null, doctors: [], refused: "", focus: false, now: Date.now() });
        useSetupAction({
            getLocalState: () => ({ my_day: { practitioner_id: this.state.practitioner_id, date: this.state.date } }),
        });
        this.setupBus();
        this.setupKeys();
        this.env.config?.setDisplayName?.(_t("My day"));
        onWillStart(() => this.load());
        onMounted(() => this.showNow());
        const ticker = browser.setInterval(() => (this.state.now = Date.now()), 20000);
        onWillDestroy(() => {
            browser.clearInterval(ticker);
            browser.clearTimeout(this.timer);
        });
    }

    setupBus() {
        const bus = useService("bus_service");
        const heard = (payload) => this.heard(payload);
        bus.subscribe("clinic_schedule/changed", heard);
        bus.start();
        useBus(bus, "BUS:RECONNECT", () => this.load(true));
        onWillDestroy(() => bus.unsubscribe("clinic_schedule/changed", heard));
    }

    setupKeys() {
        const free = { isAvailable: () => !document.querySelector(".o_dialog, .o-dropdown--menu") };
        useHotkey("arrowdown", () => this.walk(1), { ...free, allowRepeat: true });
        useHotkey("arrowup", () => this.walk(-1), { ...free, allowRepeat: true });
        for (const [hotkey, key] of Object.entries({ a: "arrive", c: "call", s: "start", d: "done", n: "next" })) {
            useHotkey(hotkey, () => this.press(key), free);
        }
        useHotkey("p", () => this.print(), free);
        useHotkey("t", () => this.go({ date: false }), free);
    }

    // ---------------------------------------------------------------- loading

    async load(quiet = false) {
        const { practitioner_id, date } = this.state;
        const turn = (this.turn = (this.turn || 0) + 1);
        let day;
        try {
            const orm = quiet ? this.orm.silent : this.orm;
            day = await orm.call("clinic.my.day", "load", [practitioner_id, date, quiet]);
        } catch (error) {
            this.state.refused = refusalText(error);
            return;
        }
        if (turn === this.turn) {
            this.state.day = day;
            this.state.now = Date.now();
            this.state.doctors = quiet ? this.state.doctors : day.doctors;
        }
    }

    /** The bus carries ids only: many changes one after another are one question. */
    heard({ resource_ids: ids, dates }) {
        const { day } = this.state;
        if (!day?.practitioner || !ids.includes(day.practitioner.resource_id) || !dates.includes(day.date)) {
            return;
        }
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.load(true), 150);
    }

    go(values) {
        Object.assign(this.state, values, { focus: false });
        return this.load();
    }

    shiftDay(days) {
        return this.go({ date: DateTime.fromISO(this.state.day.date).plus({ days }).toISODate() });
    }

    // ---------------------------------------------------------------- questions

    get rows() {
        return timeline(this.state.day);
    }

    get counts() {
        return countsOf(this.state.day.visits);
    }

    get dayText() {
        return DateTime.fromISO(this.state.day.date).toFormat("cccc, d MMMM");
    }

    status(visit) {
        return statusOf(visit, this.state.now);
    }

    steps(visit) {
        return this.state.day.may_act ? stepsOf(visit, this.state.now) : [];
    }

    get isEmpty() {
        const { visits, shifts, absences } = this.state.day;
        return !visits.length && !shifts.length && !absences.length;
    }

    /** The visit that the keys mean: the one walked to, else who is in the room or waits longest. */
    get focused() {
        const { visits } = this.state.day || { visits: [] };
        const first = (state) => visits.find((visit) => visit.state === state);
        return visits.find((visit) => visit.id === this.state.focus) || first("in_progress") || first("arrived");
    }

    /** Today opens at what is still before the doctor. */
    showNow() {
        const ended = ["done", "no_show"];
        const { is_today, visits } = this.state.day || {};
        const place = is_today ? visits.findIndex((visit) => !ended.includes(visit.state)) : -1;
        const visit = this.focused || visits?.[place];
        if (is_today && visit && place > 2) {
            this.rootRef.el.querySelector(`[data-visit="${visit.id}"]`)?.scrollIntoView({ block: "center" });
        }
    }

    walk(direction) {
        const { visits } = this.state.day || {};
        if (!visits?.length) {
            return;
        }
        const place = visits.findIndex((visit) => visit.id === this.state.focus);
        const next = place < 0 ? 0 : Math.min(visits.length - 1, Math.max(0, place + direction));
        this.state.focus = visits[next].id;
        this.rootRef.el.querySelector(`[data-visit="${this.state.focus}"]`)?.scrollIntoView({ block: "nearest" });
    }

    // ---------------------------------------------------------------- actions

    /** A key does only what the card offers. */
    press(key) {
        const visit = this.focused;
        if (visit && this.steps(visit).some((step) => step.key === key)) {
            this.run(visit, key);
        }
    }

    async run(visit, key) {
        if (key === "next") {
            this.dialog.add(NextVisitDialog, {
                orm: this.orm,
                visit,
                onBooked: (booked) => {
                    this.notification.add(booked.text, {
                        type: "success",
                        buttons: [{ name: _t("Slip"), onClick: () => this.printSlip(booked.id) }],
                    });
                    this.load(true);
                },
            });
            return;
        }
        if (this.busy) {
            return;
        }
        this.busy = true;
        try {
            await this.orm.call("clinic.my.day", "step", [visit.id, key]);
            this.state.focus = visit.id;
        } catch (error) {
            this.notification.add(refusalText(error), { type: "danger" });
        } finally {
            this.busy = false;
        }
        await this.load(true);
    }

    /** Say that the doctor is later or earlier than was said; the desk and the wall show it at once. */
    async setLate(change) {
        const { practitioner, late } = this.state.day;
        try {
            const minutes = Math.max(0, late + change);
            this.state.day.late = await this.orm.call("clinic.my.day", "set_late", [minutes, practitioner.id]);
        } catch (error) {
            this.notification.add(refusalText(error), { type: "danger" });
        }
    }

    askAbsence() {
        const { date, kinds, shifts, is_today, now_clock } = this.state.day;
        this.dialog.add(AbsenceDialog, {
            orm: this.orm,
            date,
            kinds,
            shifts,
            now: is_today && now_clock,
            onAsked: ({ state }) => {
                const done = state === "approved";
                const text = done ? _t("Done: nobody will be booked in this time.") : _t("The request waits for the senior nurse.");
                this.notification.add(text, { type: done ? "success" : "info" });
                this.load(true);
            },
        });
    }

    async withdraw(request) {
        try {
            await this.orm.call("clinic.my.day", "withdraw_absence", [request.id]);
        } catch (error) {
            this.notification.add(refusalText(error), { type: "danger" });
        }
        await this.load(true);
    }

    openPatient(visit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: visit.patient_id,
            views: [[false, "form"]],
        });
    }

    printSlip(id) {
        const name = "clinic_schedule.report_talon_80";
        return this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: name,
            report_file: name,
            name: _t("Print"),
            context: { active_ids: [id] },
        });
    }

    print() {
        const { date, branch_ids, practitioner } = this.state.day;
        const name = "clinic_schedule.report_day_list";
        return this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: name,
            report_file: name,
            name: _t("Lists of the day"),
            data: { dates: [date], branch_ids, resource_ids: [practitioner.resource_id] },
        });
    }
}

registry.category("actions").add("clinic_schedule.my_day", MyDayAction);
