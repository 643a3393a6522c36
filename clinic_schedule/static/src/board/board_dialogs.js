import { Component, onMounted, useExternalListener, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

/** Why: one click or one digit. Answers through `confirm(reason)`; closing means "no". */
export class ReasonDialog extends Component {
    static template = "clinic_schedule.ReasonDialog";
    static components = { Dialog };
    static props = {
        title: String,
        subject: String,
        /** What the patient should hear before the choice. */
        note: { type: String, optional: true },
        reasons: Array,
        confirm: Function,
        close: Function,
    };

    setup() {
        this.listRef = useRef("list");
        onMounted(() => this.listRef.el.querySelector("button")?.focus());
        useExternalListener(window, "keydown", (ev) => {
            const index = /^[1-9]$/.test(ev.key) ? Number(ev.key) - 1 : -1;
            if (this.props.reasons[index]) {
                ev.preventDefault();
                this.choose(this.props.reasons[index]);
            }
        });
    }

    choose(reason) {
        this.props.confirm(reason);
        this.props.close();
    }

    get groups() {
        const labels = { patient: _t("Patient's wish"), clinic: _t("On the clinic's side") };
        return Object.entries(labels)
            .map(([by, label]) => ({
                by,
                label,
                reasons: this.props.reasons
                    .map((reason, index) => ({ ...reason, digit: index + 1 }))
                    .filter((reason) => reason.by === by),
            }))
            .filter((group) => group.reasons.length);
    }
}

/** The keys of the board. */
export class HelpDialog extends Component {
    static template = "clinic_schedule.HelpDialog";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.keys = [
            ["← → ↑ ↓", _t("Move the focus over visits and free times")],
            ["Enter", _t("Open the visit or book the free time")],
            ["N", _t("New visit at the focused time")],
            ["A", _t("The patient has arrived")],
            ["K", _t("Confirm the visit")],
            ["M", _t("Move: choose another time, even on another day")],
            ["D", _t("Repeat the visit at another time")],
            ["C", _t("Cancel with a reason")],
            ["P", _t("Slip")],
            ["Alt", _t("While dragging: five minutes instead of the steps of the shift")],
            ["Shift + ← →", _t("In a week: the previous or next doctor, room or device")],
            ["Ctrl + Z", _t("Undo the last action")],
            ["T", _t("Today")],
            ["[  ]", _t("Earlier, later")],
            ["Esc", _t("Give up moving or repeating")],
            ["?", _t("This list")],
            [_t("Mouse"), _t("Senior nurse: drag over empty time to close it with a reason")],
            [_t("Finger"), _t("Tap opens, a long press lifts the visit to be dragged")],
        ];
    }
}
