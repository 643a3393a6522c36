import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const PIN = "#o_clinic_lock_secret";

/** An unfinished card stays as it is while the workplace is locked and unlocked by the same person. */
registry.category("web_tour.tours").add("clinic_desk_lock", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name=family_name] input", run: "edit Недописанная" },
        { trigger: ".o_clinic_desk_button", run: "click" },
        { trigger: ".o_clinic_lock .o_clinic_lock_person:contains(t_desk_user)" },
        { trigger: `body:has(.o_action_manager[inert]) ${PIN}`, run: "edit 000001" },
        { trigger: ".o_clinic_lock button[type=submit]", run: "click" },
        { trigger: ".o_clinic_lock [role=alert]" },
        { trigger: PIN, run: "edit 482913" },
        { trigger: ".o_clinic_lock button[type=submit]", run: "click" },
        { trigger: "body:not(:has(.o_clinic_lock)) .o_action_manager:not([inert])" },
        { trigger: ".o_field_widget[name=family_name] input:value(Недописанная)" },
        { trigger: ".o_field_widget[name=given_name] input", run: "edit Анна" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});

/** A colleague takes the workplace over by PIN: the page begins anew as his, nothing of the first is left. */
registry.category("web_tour.tours").add("clinic_desk_switch", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name=family_name] input", run: "edit Недописанная" },
        { trigger: ".o_clinic_desk_button", run: "click" },
        { trigger: ".o_clinic_lock .o_clinic_lock_person:contains(t_other_desk)", run: "click" },
        { trigger: PIN, run: "edit 739105" },
        { trigger: ".o_clinic_lock button[type=submit]", run: "click", expectUnloadPage: true },
        {
            trigger: "body:not(:has(.o_clinic_lock)):not(:has(input[value=Недописанная])) .o_clinic_desk_button",
            run() {
                if (user.login !== "t_other_desk") {
                    throw new Error(`The page is that of ${user.login}`);
                }
            },
        },
    ],
});
