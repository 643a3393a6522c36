import { registry } from "@web/core/registry";

const services = () => odoo.__WOWL_DEBUG__.root.env.services;

registry.category("web_tour.tours").add("clinic_print_package", {
    steps: () => [
        {
            content: "the desk opens the package of documents on the card",
            trigger: "button[name=action_document_package]:first",
            timeout: 60000,
            run: "click",
        },
        { content: "four papers are ticked", trigger: ".modal .o_data_row:contains(Never printed)" },
        {
            content: "the title page is not needed today",
            trigger: ".modal .o_data_row:contains(Title page) [name=is_chosen] input",
            run: "click",
        },
        { trigger: ".modal .o_data_row:contains(Title page) [name=is_chosen] input:not(:checked)" },
        { content: "print", trigger: ".modal button[name=action_print]", run: "click" },
        { content: "the window closes by itself", trigger: "body:not(:has(.modal))", timeout: 60000 },
        {
            content: "the signed consent comes back",
            trigger: ".o_form_view",
            async run() {
                const { orm, action } = services();
                const wanted = [["form_id.purpose_id.code", "=", "personal_data"]];
                const [paper] = await orm.searchRead("clinic.print.document", wanted, ["token"], {
                    limit: 1,
                    order: "id desc",
                });
                window.clinicToken = paper.token;
                await action.doAction("clinic_base.clinic_print_scan_action");
            },
        },
        {
            content: "the hand scanner types the digits",
            trigger: ".modal [name=code] input",
            async run(helpers) {
                await helpers.edit(window.clinicToken);
                await helpers.press("Enter");
            },
        },
        { content: "whose paper it is", trigger: ".modal [name=patient_id]:contains(Tourova)" },
        { trigger: ".modal button[name=action_accept]", run: "click" },
        { content: "taken back; the window waits for the next", trigger: ".modal .o_data_row:contains(Tourova)" },
        { trigger: ".modal:not(:has(button[name=action_accept]))" },
    ],
});

registry.category("web_tour.tours").add("clinic_print_form_editor", {
    steps: () => [
        { content: "a new version of the form", trigger: "button[name=action_new_version]", timeout: 60000, run: "click" },
        { content: "the text with its fields", trigger: ".o_field_clinic_print_body .odoo-editor-editable p" },
        {
            content: "write into it",
            trigger: ".o_field_clinic_print_body .odoo-editor-editable p:first",
            run: "editor Paper of",
        },
        {
            content: "find a field",
            trigger: ".o_cf_fields input[type=search]",
            run: "edit Full name",
        },
        { trigger: '.o_cf_fields button[data-field="patient.name"]', run: "click" },
        {
            content: "the field stands in the text",
            trigger: ".o_field_clinic_print_body .odoo-editor-editable:contains({{patient.name}})",
        },
        { content: "publish", trigger: "button[name=action_publish]", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "in force", trigger: ".o_statusbar_status button[data-value=published].o_arrow_button_current" },
    ],
});
