import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { serializeDate } from "@web/core/l10n/dates";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const DELAY = 250;
const MOST = 5;

/**
 * Cards that may be the person being registered, shown while the card is typed.
 *
 * A new card is left for an existing one by "Open"; a provisional one is joined with it.
 */
export class LikelyCards extends Component {
    static template = "clinic_base.LikelyCards";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ rows: [] });
        this.asked = "";
        useRecordObserver((record) => this.watch(record));
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    /** What is typed so far, in the words of `clinic_find_similar`. */
    valuesOf(record) {
        const { family_name, given_name, patronymic, sex, email, birth_date } = record.data;
        const rows = record.data.clinic_phone_ids?.records || [];
        const numbers = rows.map((row) => row.data.number).filter(Boolean);
        const values = { family_name, given_name, patronymic, sex, email };
        values.birth_date = birth_date ? serializeDate(birth_date) : false;
        values.phone = numbers.join(", ");
        return values;
    }

    watch(record) {
        const values = this.valuesOf(record);
        const enough = values.phone || (values.family_name && (values.given_name || values.birth_date));
        const wanted = enough && record.data.is_patient ? JSON.stringify(values) : "";
        if (wanted === this.asked) {
            return;
        }
        this.asked = wanted;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.ask(wanted, values, record.resId), DELAY);
    }

    async ask(wanted, values, ownId) {
        let rows = [];
        if (wanted) {
            rows = await this.orm.silent.call("res.partner", "clinic_find_similar", [values, MOST + 1]);
        }
        if (wanted === this.asked) {
            this.state.rows = rows.filter((row) => row.id !== ownId).slice(0, MOST);
        }
    }

    get isNew() {
        return !this.props.record.resId;
    }

    details(row) {
        const born = row.birth_date ? row.birth_date.split("-").reverse().join(".") : "";
        return [born, ...row.phones.slice(0, 2), row.patient_number, row.branch].filter(Boolean).join(" · ");
    }

    why(row) {
        if (row.because) {
            return row.because;
        }
        return row.why.includes("phone") ? _t("the same phone") : _t("the same name and birth date");
    }

    /** In words and not in colour: how sure the matcher is. */
    likely(row) {
        return row.likely >= 0.5 ? _t("%s %% the same person", Math.round(row.likely * 100)) : "";
    }

    /** Leave the card being typed and open the one that exists. */
    async open(row) {
        const opening = await this.orm.call("res.partner", "get_formview_action", [[row.id]]);
        if (this.isNew) {
            await this.props.record.discard();
        }
        return this.action.doAction(opening);
    }

    async join(row) {
        if (!(await this.props.record.save())) {
            return;
        }
        const ids = [this.props.record.resId, row.id];
        return this.action.doAction(await this.orm.call("res.partner", "action_propose_merge", [ids]));
    }
}

registry.category("view_widgets").add("clinic_likely_cards", { component: LikelyCards });
