import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";

/**
 * The text of a print form with the list of fields beside it: a click puts a field where the cursor
 * stands. A field is plain text in braces; nothing in it is ever evaluated.
 */
export class PrintBodyField extends HtmlField {
    static template = "clinic_base.PrintBodyField";

    setup() {
        super.setup();
        this.register = useState({ groups: [], filter: "" });
        onWillStart(async () => {
            if (!this.props.readonly) {
                this.register.groups = await this.ormService.call("clinic.print.form", "fields_list", []);
            }
        });
    }

    /** Groups with the fields that have the typed words in their label or name. */
    get groups() {
        const wanted = this.register.filter.trim().toLowerCase();
        return this.register.groups
            .map(({ group, fields }) => ({
                group,
                fields: fields.filter(({ name, label }) => `${group} ${label} ${name}`.toLowerCase().includes(wanted)),
            }))
            .filter(({ fields }) => fields.length);
    }

    insertField(name) {
        if (this.editor && !this.state.showCodeView) {
            this.editor.shared.selection.focusEditable();
            this.editor.shared.dom.insert(`{{${name}}}`);
            this.editor.shared.history.addStep();
        }
    }
}

registry.category("fields").add("clinic_print_body", { ...htmlField, component: PrintBodyField });
