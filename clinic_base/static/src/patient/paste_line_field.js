import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** A line that is read as soon as it is pasted, without leaving the field. */
export class PasteLineField extends CharField {
    static template = "clinic_base.PasteLineField";

    onPaste(ev) {
        const input = ev.target;
        setTimeout(() => input.dispatchEvent(new Event("change", { bubbles: true })));
    }
}

registry.category("fields").add("clinic_paste_line", { ...charField, component: PasteLineField });
