import { registry } from "@web/core/registry";
import { bookBeside, bookBySearch, busReconnects, dragVisitTo, visitAt } from "./board_tour_steps";

registry.category("web_tour.tours").add("clinic_board_desk", {
    steps: () => [
        { content: "tomorrow", trigger: ".o_clinic_board .o_cb_next", run: "click" },
        ...bookBySearch(540, "Testova"),
        { content: "booked", trigger: visitAt("09:00", "Testova"), run: "click" },
        { content: "move by choosing", trigger: ".o_cb_card .o_cb_do_move", run: "click" },
        { trigger: ".o_cb_carry", run: () => {} },
        { trigger: '.o_cb_free[data-free="600"]', run: "click" },
        { trigger: ".o_cb_reason:first", run: "click" },
        { content: "moved", trigger: visitAt("10:00", "Testova"), run: () => {} },
        {
            content: "move by dragging",
            trigger: ".o_cb_visit",
            run: () => dragVisitTo('.o_cb_free[data-free="660"]'),
        },
        { trigger: ".o_cb_ghost", run: () => {} },
        { trigger: ".o_cb_reason:first", run: "click" },
        { content: "dragged", trigger: visitAt("11:00", "Testova"), run: "click" },
        { content: "arrived", trigger: ".o_cb_card .o_cb_do_confirm", run: "click" },
        { trigger: ".o_cb_visit.o_cb_s_confirmed", run: "click" },
        { content: "cancel", trigger: ".o_cb_card .o_cb_do_cancel", run: "click" },
        { trigger: ".o_cb_reason:first", run: "click" },
        { trigger: ".o_clinic_board:not(:has(.o_cb_visit))", run: () => {} },
        { content: "undo by key", trigger: ".o_cb_scroll", run: "press Control+z" },
        { content: "back again", trigger: visitAt("11:00", "Testova"), run: () => {} },
        { content: "keys", trigger: ".o_cb_help", run: "click" },
        { trigger: ".o_cb_keys kbd:contains(Enter)", run: () => {} },
        { trigger: ".o_dialog .btn-close", run: "click" },
        { content: "week of the doctor", trigger: ".o_cb_head:first", run: "click" },
        { trigger: ".o_cb_mode_week.active", run: () => {} },
        { trigger: ".o_cb_head:count(7)", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_board_quick_patient", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { trigger: '.o_cb_free[data-free="540"]', run: "click" },
        { trigger: ".o_cb_quick_open", run: "click" },
        { trigger: ".o_cb_quick input[name=family_name]", run: "edit Novikova" },
        { content: "a phone is needed", trigger: ".o_cb_quick_save", run: "click" },
        { trigger: ".o_cb_quick .o_cb_error", run: () => {} },
        { trigger: ".o_cb_quick input[name=phone]", run: "edit +7 914 000-11-22" },
        { trigger: ".o_cb_quick_save", run: "click" },
        { trigger: ".o_cb_picked:contains(Novikova)", run: () => {} },
        { content: "a child of the same phone", trigger: ".o_cb_add_person", run: "click" },
        { trigger: ".o_cb_bline:last .o_cb_quick_open", run: "click" },
        { trigger: ".o_cb_bline:last input[name=given_name]", run: "edit Dasha" },
        { trigger: ".o_cb_bline:last .o_cb_quick_save", run: "click" },
        { content: "the mother has this phone", trigger: ".o_cb_found button:contains(Novikova)", run: () => {} },
        { trigger: ".o_cb_bline:last .o_cb_quick_save", run: "click" },
        { trigger: ".o_cb_bline:last .o_cb_picked:contains(Dasha)", run: () => {} },
        { trigger: ".o_cb_book", run: "click" },
        { trigger: ".o_cb_visit:has(.o_cb_time:contains(09:00))", run: () => {} },
        { content: "the second one in turn", trigger: ".o_cb_visit:has(.o_cb_time:contains(09:30))", run: () => {} },
    ],
});

/** While it was locked the board has connected anew without a user; unlocked, it must hear the bus again. */
registry.category("web_tour.tours").add("clinic_board_unlocked", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { trigger: '.o_cb_free[data-free="540"]', run: () => {} },
        { trigger: ".o_clinic_desk_button", run: "click" },
        { trigger: ".o_clinic_lock #o_clinic_lock_secret" },
        {
            content: "the connection of before breaks",
            trigger: ".o_clinic_lock",
            run: () => busReconnects(),
            timeout: 60000,
        },
        { trigger: ".o_clinic_lock #o_clinic_lock_secret", run: "edit 482913" },
        { trigger: ".o_clinic_lock button[type=submit]", run: "click" },
        { trigger: "body:not(:has(.o_clinic_lock)) .o_clinic_board" },
        { content: "still tomorrow", trigger: '.o_cb_free[data-free="540"]', run: () => {} },
        { trigger: ".o_clinic_board", run: () => bookBeside("09:00", "Testova") },
        { trigger: ".o_cb_visit:has(.o_cb_time:contains(09:00))", run: () => {} },
    ],
});

registry.category("web_tour.tours").add("clinic_board_live", {
    steps: () => [
        { trigger: ".o_clinic_board .o_cb_next", run: "click" },
        { trigger: '.o_cb_free[data-free="540"]', run: () => {} },
        {
            content: "somebody else books; this board hears of it by the bus only",
            trigger: ".o_clinic_board",
            run: () => bookBeside("09:00", "Testova"),
        },
        { trigger: ".o_cb_visit:has(.o_cb_time:contains(09:00))", run: () => {} },
    ],
});
