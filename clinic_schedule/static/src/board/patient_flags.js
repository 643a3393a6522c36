import { Component } from "@odoo/owl";
import { FLAGS } from "./board_marks";

/** What to know of a patient before a booking: colour, icon and words, the gravest first. */
export class PatientFlags extends Component {
    static template = "clinic_schedule.PatientFlags";
    static props = { flags: { type: [Array, { value: undefined }], optional: true } };

    get flags() {
        return (this.props.flags || []).map((flag) => ({ ...flag, ...FLAGS[flag.key] }));
    }
}
