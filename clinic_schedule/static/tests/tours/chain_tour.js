import { registry } from "@web/core/registry";

const lines = ".o_dialog .o_field_widget[name=line_ids]";
const pick = (number, name) => [
    { trigger: `${lines} .o_field_x2many_list_row_add a`, run: "click" },
    { trigger: `${lines} .o_data_row:nth-child(${number}).o_selected_row .o_field_widget[name=service_id] input`, run: `edit ${name}` },
    { trigger: `.o-autocomplete--dropdown-item a:contains(${name})`, run: "click" },
    { trigger: `${lines} .o_data_row:nth-child(${number}) .o_field_widget[name=service_id] input:value(${name})`, run: () => {} },
];

registry.category("web_tour.tours").add("clinic_chain", {
    steps: () => [
        { content: "from the patient's card", trigger: "button[name=action_clinic_book_chain]", run: "click" },
        ...pick(1, "Blood test"),
        ...pick(2, "Consultation"),
        { trigger: ".o_dialog button[name=action_find]", run: "click" },
        { content: "take the best one", trigger: ".o_dialog .o_field_widget[name=option_ids] .o_data_row:first button[name=action_take]", run: "click" },
        { content: "both visits are there", trigger: "body:not(:has(.o_dialog)) .o_field_widget[name=visit_ids] .o_data_row:nth-child(2)", run: () => {} },
        { content: "cancel them together", trigger: "button:contains(Cancel together)", run: "click" },
        { trigger: ".o_dialog .o_field_widget[name=reason_id] input:first", run: "click" },
        { trigger: ".o_dialog button[name=action_cancel]", run: "click" },
        { content: "nothing is to come any more", trigger: "body:not(:has(.o_dialog)):not(:has(button:contains(Cancel together))) .o_field_widget[name=visit_ids] .o_data_row.text-muted", run: () => {} },
    ],
});
