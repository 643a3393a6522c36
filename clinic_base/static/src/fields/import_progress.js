import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PERIOD = 3000;
const NAMES = ["job", "is_paused", "state", "job_done", "job_total", "progress", "time_left"];

/** How far a load is. Asks the server for a few numbers; the form is read anew when the work has ended. */
export class ImportProgress extends Component {
    static template = "clinic_base.ImportProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ news: null });
        this.busy = false;
        onMounted(() => (this.timer = setInterval(() => this.look(), PERIOD)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    get shown() {
        return this.state.news || this.props.record.data;
    }

    get percent() {
        return Math.min(100, Math.floor(this.shown.progress || 0));
    }

    async look() {
        const { record } = this.props;
        if (this.busy || document.hidden || !record.resId || !record.data.job) {
            return;
        }
        this.busy = true;
        try {
            const [news] = await this.orm.silent.read(record.resModel, [record.resId], NAMES);
            const ended = ["job", "is_paused", "state"].some((name) => news[name] !== record.data[name]);
            this.state.news = ended ? null : news;
            if (ended && !(await record.isDirty())) {
                await record.load();
            }
        } catch {
            // the server is away for a moment or somebody deleted the load: the next look tells
        } finally {
            this.busy = false;
        }
    }
}

registry.category("view_widgets").add("clinic_import_progress", { component: ImportProgress });
