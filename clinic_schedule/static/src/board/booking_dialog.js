import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { _t } from "@web/core/l10n/translation";
import { clock, formatUtc, newToken, parseClock, shiftAt } from "./board_model";
import { slotAt } from "./board_slots";
import { changedPrice, isSlotTaken, refusalText } from "./board_errors";
import { BookingJourney } from "./booking_journey";
import { PatientPicker } from "./patient_picker";

let lineId = 0;

/** Book one person, or a family one after another, from a place on the board. */
export class BookingDialog extends Component {
    static template = "clinic_schedule.BookingDialog";
    static components = { Dialog, SelectMenu, PatientPicker };
    static props = {
        store: Object,
        column: Object,
        minutes: Number,
        shift: { type: [Object, { value: undefined }], optional: true },
        /** A visit to repeat: its patient and service are filled in. */
        copyOf: { type: [Object, { value: null }], optional: true },
        /** The group session whose places are booked: service and beginning are its own. */
        session: { type: Object, optional: true },
        /** The visit beside which an extra one is put into the same time (CITO): asks for the reason. */
        beside: { type: Object, optional: true },
        onBooked: Function,
        close: Function,
    };

    setup() {
        this.store = this.props.store;
        this.journey = new BookingJourney(this.store.orm);
        this.state = useState({
            form: null,
            lines: [],
            channel: "reception",
            payer_kind: "self",
            note: "",
            error: "",
            saving: false,
            overbook: Boolean(this.props.beside),
            overbook_reason: "",
        });
        onWillStart(() => this.read());
    }

    get baseSlot() {
        const { column, minutes, copyOf, session, beside } = this.props;
        const shift = this.props.shift || (beside && shiftAt(column, minutes));
        const slot = slotAt(column, minutes, shift, session);
        if (session) {
            return slot;
        }
        return { ...slot, service_id: copyOf?.service_id || this.store.state.service_id || false };
    }

    async read() {
        const { copyOf } = this.props;
        const form = await this.store.orm.call("clinic.board", "booking_form", [
            this.baseSlot,
            copyOf?.id || false,
        ]);
        this.state.form = form;
        this.state.channel = form.channel;
        this.state.payer_kind = form.payer_kind || "self";
        this.addLine(form.patient || null, form.service_id);
        this.logOpened();
    }

    /** The dialog opens on a time, which it shows with price and service. */
    async logOpened() {
        const slot = { ...this.baseSlot, service_id: this.state.lines[0].service_id };
        await this.journey.log("opened", this.state.channel, slot);
        await this.journey.log("shown", this.state.channel, slot);
    }

    // ------------------------------------------------------------------ lines

    addLine(patient = null, serviceId = false) {
        const last = this.state.lines[this.state.lines.length - 1];
        const next = last && !this.props.session;
        const minutes = next ? last.minutes + this.duration(last) : this.props.minutes;
        this.state.lines.push({
            id: ++lineId,
            token: newToken(),
            patient,
            service_id: serviceId || last?.service_id || false,
            slot: { ...this.baseSlot },
            where: "",
            fixed: false,
            minutes,
            clock: clock(minutes),
            alternatives: [],
            /** The price that the server has named since the dialog was opened. */
            price: null,
            error: "",
            blacklist_reason: "",
            visit_address: "",
        });
    }

    /** A home visit asks where to; empty means the address of the patient's card. */
    isHome(line) {
        return this.service(line)?.place === "home";
    }

    /** After "taken": whoever may puts an extra visit there all the same. */
    get canOverbook() {
        return !this.state.overbook && this.store.state.rights.can_overbook && !this.props.session;
    }

    askOverbook() {
        this.state.overbook = true;
    }

    /** Booking a patient of the black list needs a reason, which stays in the journal. */
    needsReason(line) {
        return Boolean(line.patient?.flags?.some((flag) => flag.key === "blacklist"));
    }

    removeLine(line) {
        this.state.lines = this.state.lines.filter((other) => other !== line);
    }

    service(line) {
        return this.state.form.services.find((service) => service.id === line.service_id);
    }

    duration(line) {
        return this.service(line)?.duration || 30;
    }

    stopClock(line) {
        return clock(line.minutes + this.duration(line));
    }

    get serviceChoices() {
        return this.state.form.services.map((service) => ({
            value: service.id,
            label: service.label,
        }));
    }

    get relative() {
        const first = this.state.lines[0]?.patient;
        return first ? { family_name: first.family_name, phone: first.phone } : null;
    }

    get preparations() {
        const seen = new Map();
        for (const line of this.state.lines) {
            const service = this.service(line);
            if (service?.preparation) {
                seen.set(service.id, service);
            }
        }
        return [...seen.values()];
    }

    price(line) {
        return line.price ?? this.service(line)?.price ?? 0;
    }

    priceLabel(line) {
        return line.price === null ? this.service(line).price_label : this.money(line.price);
    }

    money(sum) {
        const text = sum.toLocaleString(undefined, { maximumFractionDigits: 2 });
        return this.state.form.currency_template.replace("{}", text);
    }

    /** The price of all in words; nothing for one person or before a service is chosen. */
    get total() {
        const { lines } = this.state;
        const sum = lines.reduce((value, line) => value + this.price(line), 0);
        return lines.length < 2 || !sum ? "" : this.money(sum);
    }

    setPatient(line, patient) {
        Object.assign(line, { patient, blacklist_reason: "" });
        this.state.error = "";
    }

    setService(line, value) {
        line.service_id = value || false;
        Object.assign(line, { alternatives: [], error: "", price: null });
    }

    onClock(line, ev) {
        line.clock = ev.target.value;
        const minutes = parseClock(line.clock);
        line.error = minutes === null ? _t("Write the time like 9:15.") : "";
        if (minutes !== null) {
            Object.assign(line, { minutes, fixed: false, where: "", alternatives: [] });
        }
    }

    /** Take an offered time: it may be another day or another doctor. */
    takeAlternative(line, alternative) {
        line.slot = { ...line.slot, ...alternative.slot };
        line.minutes = alternative.minutes;
        line.clock = clock(alternative.minutes);
        line.where = alternative.label;
        line.fixed = alternative.slot.start;
        Object.assign(line, { alternatives: [], error: "" });
    }

    slotOf(line) {
        const onColumnDay = formatUtc(this.props.column.day.msOf(line.minutes));
        return {
            ...line.slot,
            service_id: line.service_id,
            start: line.fixed || onColumnDay,
            // what the registrar has read aloud: the server refuses to take more
            price: this.price(line),
        };
    }

    // ------------------------------------------------------------------- book

    check() {
        for (const line of this.state.lines) {
            if (!line.patient) {
                return _t("Choose the patient or make a card.");
            }
            if (this.needsReason(line) && !line.blacklist_reason.trim()) {
                return _t("The patient is on the black list. Write why the visit is booked all the same.");
            }
            if (!line.service_id) {
                return _t("Choose the service.");
            }
            if (this.state.overbook && !this.state.overbook_reason.trim()) {
                return _t("Write why the extra visit is put into a time that is taken.");
            }
            if (parseClock(line.clock) === null) {
                return _t("Write the time like 9:15.");
            }
        }
        return "";
    }

    async book() {
        if (this.state.saving) {
            return;
        }
        this.state.error = this.check();
        if (this.state.error) {
            return;
        }
        this.state.saving = true;
        const { lines, channel, payer_kind, note } = this.state;
        const payload = lines.map((line) => ({
            slot: this.slotOf(line),
            patient_id: line.patient.id,
            token: line.token,
            payer_kind,
            note,
            blacklist_reason: line.blacklist_reason,
            visit_address: this.isHome(line) ? line.visit_address.trim() : "",
            overbook_reason: this.state.overbook ? this.state.overbook_reason : "",
        }));
        try {
            await Promise.all(payload.map(({ slot }) => this.journey.log("chosen", channel, slot)));
            const result = await this.store.actOrThrow("book", [payload, channel, this.journey.facts]);
            this.props.onBooked(result, lines);
            this.props.close();
        } catch (error) {
            await this.explain(error);
        } finally {
            this.state.saving = false;
        }
    }

    async explain(error) {
        const text = refusalText(error);
        const line = this.state.lines[error.data?.context?.line ?? 0];
        const price = changedPrice(error);
        if (price !== undefined && line) {
            Object.assign(line, { price, error: text });
            return;
        }
        if (!isSlotTaken(error) || !line) {
            this.state.error = text;
            return;
        }
        line.error = text;
        line.alternatives = await this.store.alternatives(this.slotOf(line));
        if (line.alternatives.length) {
            this.journey.log("shown", this.state.channel, this.slotOf(line));
        }
    }
}
