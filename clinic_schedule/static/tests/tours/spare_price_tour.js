import { registry } from "@web/core/registry";
import { bookBeside, bookBySearch, visitAt } from "./board_tour_steps";

/** A reduced price of one visit a day: shown, lost to somebody else, agreed anew, said before a move. */
registry.category("web_tour.tours").add("clinic_spare_price", {
    steps: () => [
        { content: "tomorrow", trigger: ".o_clinic_board .o_cb_next", timeout: 60000, run: "click" },
        ...bookBySearch(540, "Testova").slice(0, -2),
        { content: "both prices", trigger: ".o_cb_price_before:contains(2,000)", run: () => {} },
        {
            content: "somebody else has the reduced price of the day meanwhile",
            trigger: ".o_cb_price:contains(1,500)",
            run: () => bookBeside("10:00", "Rivalova"),
        },
        { trigger: ".o_cb_book", run: "click" },
        { content: "said in words", trigger: ".o_cb_taken .o_cb_error:contains(2,000)", run: () => {} },
        { content: "the new price alone", trigger: ".o_cb_bline:not(:has(.o_cb_price_before)) .o_cb_price:contains(2,000)", run: () => {} },
        { content: "the patient agrees", trigger: ".o_cb_book", run: "click" },
        { trigger: "body:not(:has(.o_dialog))", run: () => {} },
        { trigger: visitAt("09:00", "Testova"), run: () => {} },
        { content: "the other one moves to a dear hour", trigger: visitAt("10:00", "Rivalova"), run: "click" },
        { content: "his card says both prices", trigger: ".o_cb_card:contains(instead of)", run: () => {} },
        { trigger: ".o_cb_card .o_cb_do_move", run: "click" },
        { trigger: ".o_cb_carry", run: () => {} },
        { trigger: '.o_cb_free[data-free="900"]', run: "click" },
        { content: "said before the reason is chosen", trigger: ".o_cb_reason_note:contains(2,000)", run: () => {} },
        { trigger: ".o_cb_reason:contains(The patient asked)", run: "click" },
        { trigger: visitAt("15:00", "Rivalova"), run: () => {} },
    ],
});
