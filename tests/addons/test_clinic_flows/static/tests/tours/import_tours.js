import { registry } from "@web/core/registry";

const count = (name, amount) => `.oe_stat_button:has([name=${name}]:contains(${amount}))`;

registry.category("web_tour.tours").add("clinic_flows_import_check", {
    steps: () => [
        { content: "what was read", trigger: ".o_field_widget[name=notice]:contains(строк 4)", run: () => {} },
        {
            content: "the columns found their fields, with examples",
            trigger: ".o_field_x2many_list .o_data_row:contains(ФИО в одном столбце):contains(Турова)",
            run: () => {},
        },
        { trigger: ".o_statusbar_buttons button[name=action_check]", run: "click" },
        { content: "the work has begun", trigger: ".alert-info:contains(Проверка)", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_flows_import_load", {
    steps: () => [
        { trigger: count("reject_count", 2), run: "click" },
        { content: "why it was rejected", trigger: ".o_data_row .o_data_cell:contains(нет в календаре)", run: "click" },
        { trigger: ".o_form_view [name=remedy]:contains(Проверьте дату)", run: () => {} },
        { trigger: ".o_form_view [name=content]:contains(31.02.1980)", run: () => {} },
        { trigger: ".o_back_button, .breadcrumb-item:not(.active):first a", run: "click" },
        { trigger: ".o_list_view", run: () => {} },
        { trigger: ".o_back_button, .breadcrumb-item:not(.active):first a", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_load]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".alert-info:contains(Загрузка)", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_flows_import_undo", {
    steps: () => [
        { trigger: count("loaded_count", 2), run: () => {} },
        { trigger: "button[name=action_rejects]", run: () => {} },
        { trigger: ".o_statusbar_buttons button[name=action_undo]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".alert-info:contains(Отмена)", run: () => {} },
    ],
});
