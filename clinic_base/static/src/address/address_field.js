import { Component, useState } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { session } from "@web/session";

/**
 * An address with suggestions of the classifier in the database; arrows and Enter choose.
 *
 * A chosen suggestion brings its code, which makes the address a person's choice. Where the clinic
 * has switched DaData on, the last line of the menu asks it; nothing is sent before that.
 */
export class AddressField extends Component {
    static template = "clinic_base.AddressField";
    static components = { AutoComplete };
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ online: [] });
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get sources() {
        return [{ options: (text) => this.options(text), optionSlot: "address" }];
    }

    async options(text) {
        const typed = text.trim();
        if (typed.length < 2) {
            return [];
        }
        const rows = await this.orm.silent.call("clinic.address.book", "suggest", [typed]);
        const options = rows.map((row) => ({
            label: row.text,
            data: { postcode: row.postcode },
            onSelect: () => this.choose(row.text, row.code),
        }));
        if (session.clinic_dadata) {
            options.push({
                label: _t("Ask DaData (the text goes to the internet)"),
                data: { ask: true },
                onSelect: () => this.askOnline(typed),
            });
        }
        return options;
    }

    choose(text, code) {
        this.state.online = [];
        return this.props.record.update({ [this.props.name]: text, code: code || false });
    }

    async askOnline(typed) {
        const rows = await rpc("/clinic/address/online", { text: typed }, { silent: true });
        this.state.online = rows.length ? rows : [{ text: typed }];
    }

    onChange({ inputValue }) {
        const text = inputValue.trim();
        if (text !== this.value) {
            this.props.record.update({ [this.props.name]: text, code: false });
        }
    }
}

registry.category("fields").add("clinic_address", {
    component: AddressField,
    displayName: _t("Address"),
    supportedTypes: ["char"],
    extractProps: ({ placeholder }) => ({ placeholder }),
});
