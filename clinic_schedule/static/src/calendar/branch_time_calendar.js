import { registry } from "@web/core/registry";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";

const { DateTime } = luxon;

/**
 * The hour of the branch as if it were an hour of the reader: calendars know one zone only.
 *
 * @param {luxon.DateTime} moment
 * @param {string} zone of the branch
 */
export function branchWall(moment, zone) {
    return zone ? moment.setZone(zone).setZone("default", { keepLocalTime: true }) : moment;
}

/** Whether the clocks of two zones differ at a moment. */
function differs(moment, zone) {
    return moment.setZone(zone).offset !== moment.setZone("default").offset;
}

/** Visits stand at the hour and on the day of their branch, as in lists and on the board. */
export class BranchTimeCalendarModel extends CalendarModel {
    /** The day on the calendar of the branch, which the server keeps. */
    computeRangeDomain({ range }) {
        return [
            ["local_date", ">=", range.start.toISODate()],
            ["local_date", "<=", range.end.toISODate()],
        ];
    }

    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        const { start, end } = record;
        return {
            ...record,
            isPast: end <= DateTime.now(),
            isForeignClock: Boolean(rawRecord.tz) && differs(start, rawRecord.tz),
            start: branchWall(start, rawRecord.tz),
            end: branchWall(end, rawRecord.tz),
        };
    }

    /** Branches on the screen as [name, "UTC+9"], when somebody could mistake the clock. */
    get clocks() {
        const records = Object.values(this.data.records || {});
        const zones = new Set(records.map((record) => record.rawRecord.tz));
        if (!records.some((record) => record.isForeignClock) && zones.size < 2) {
            return [];
        }
        const clocks = new Map();
        for (const { rawRecord, start } of records) {
            const zoned = start.setZone(rawRecord.tz);
            clocks.set(rawRecord.branch_id[1], `UTC${zoned.toFormat("Z")}`);
        }
        return [...clocks].sort(([a], [b]) => a.localeCompare(b));
    }
}

class BranchTimeCommonRenderer extends CalendarCommonRenderer {
    /** The line of "now" is drawn by the clock of the branches; not at all when they have several. */
    get options() {
        const records = Object.values(this.props.model.records);
        const zones = [...new Set(records.map((record) => record.rawRecord.tz).filter(Boolean))];
        return {
            ...super.options,
            nowIndicator: zones.length < 2,
            now: () => branchWall(DateTime.now(), zones[0]).toFormat("yyyy-MM-dd'T'HH:mm:ss"),
        };
    }

    eventClassNames(info) {
        const classes = super.eventClassNames(info);
        const record = this.props.model.records[info.event.id];
        const kept = classes.filter((name) => name !== "o_past_event");
        return record?.isPast ? [...kept, "o_past_event"] : kept;
    }
}

export class BranchTimeCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: BranchTimeCommonRenderer,
        week: BranchTimeCommonRenderer,
        month: BranchTimeCommonRenderer,
    };
}

export class BranchTimeCalendarController extends CalendarController {
    static template = "clinic_schedule.BranchTimeCalendarController";
}

registry.category("views").add("clinic_branch_time_calendar", {
    ...calendarView,
    Controller: BranchTimeCalendarController,
    Model: BranchTimeCalendarModel,
    Renderer: BranchTimeCalendarRenderer,
});
