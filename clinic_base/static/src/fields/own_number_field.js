import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";
import { registry } from "@web/core/registry";

/**
 * A number of one's own where 0 means "as it is said elsewhere": shown empty, with the value
 * that holds instead as placeholder (`placeholder` or the option `placeholder_field`).
 */
export class OwnNumberField extends IntegerField {
    static template = "clinic_base.OwnNumberField";
    static props = { ...IntegerField.props, placeholder: { type: String, optional: true } };

    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("clinic_own_number", {
    ...integerField,
    component: OwnNumberField,
    extractProps: (fieldInfo) => ({
        ...integerField.extractProps(fieldInfo),
        placeholder: String(fieldInfo.placeholder || ""),
    }),
});
