import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("clinic_my_day", {
    steps: () => [
        { content: "the patient is expected", trigger: ".o_md_visit .o_md_name:contains(Testova)", timeout: 60000, run: () => {} },
        { trigger: ".o_md_visit button.o_md_arrive", run: "click" },
        { content: "there is a number", trigger: ".o_md_visit .o_md_queue:contains(А-001)", run: () => {} },
        { content: "by the key", trigger: ".o_md_s_arrived", run: "press c" },
        { trigger: ".o_md_s_called button.o_md_start.btn-primary", run: "click" },
        { trigger: ".o_md_s_in_progress button.o_md_done", run: "click" },
        { trigger: ".o_md_s_done button.o_md_next", run: "click" },
        { trigger: ".o_md_next_dialog button:contains(In 7 days)", run: "click" },
        { trigger: ".o_md_next_dialog button.btn-primary:contains(In 7 days)", run: () => {} },
        { trigger: ".o_md_next_dialog button.o_md_slot:contains(09:15)", run: "click" },
        { trigger: "body:not(:has(.o_dialog)) .o_notification:contains(09:15)", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_my_day_absence", {
    steps: () => [
        { trigger: "button.o_md_absence", timeout: 60000, run: "click" },
        { trigger: ".o_md_absence_dialog select[name=kind]", run: "select other" },
        { trigger: ".o_md_absence_dialog input[name=reason]", run: "edit Council" },
        { content: "a visit is touched", trigger: ".o_md_absence_dialog .alert-warning b:contains(1)", run: () => {} },
        { trigger: "button.o_md_send:enabled", run: "click" },
        { trigger: "body:not(:has(.o_dialog)) .o_md_request_requested", run: () => {} },
        { trigger: "button.o_md_withdraw", run: "click" },
        { trigger: "body:not(:has(.o_md_request))", run: () => {} },
    ],
});
