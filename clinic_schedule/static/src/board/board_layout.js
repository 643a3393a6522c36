/** From the server's answer to what the grid draws. Pure, like board_model. */
import {
    assignLanes,
    clock,
    freeStarts,
    hourRange,
    initials,
    parseUtc,
    shortName,
    union,
    zoneDay,
} from "./board_model";

const { DateTime } = luxon;

export function columnKey(resourceId, branchId, date) {
    return `${resourceId}-${branchId}-${date}`;
}

/** The resource and the day of a column's key. */
export function readColumnKey(key) {
    const [, resourceId, date] = key.match(/^(\d+)-\d+-(.+)$/);
    return { resource_id: Number(resourceId), date };
}

/** The raw answer of `clinic.board.load` grouped by column; merged by {@link mergeRaw}. */
export function indexRaw(data) {
    const byKey = new Map();
    for (const column of data.columns) {
        byKey.set(columnKey(column.resource_id, column.branch_id, column.date), {
            ...column,
            key: columnKey(column.resource_id, column.branch_id, column.date),
            shifts: [],
            visits: [],
            busy: [],
            absences: [],
            offers: data.offers ? [] : null,
        });
    }
    const put = (list, name, row) => {
        for (const resourceId of list) {
            const column = byKey.get(columnKey(resourceId, row.branch_id, row.date));
            column?.[name].push(row);
        }
    };
    for (const shift of data.shifts) {
        put(shift.resource_ids, "shifts", shift);
    }
    for (const visit of data.visits) {
        put(visit.resource_ids, "visits", visit);
    }
    for (const offer of data.offers || []) {
        put([offer.resource_id], "offers", offer);
    }
    for (const column of byKey.values()) {
        column.busy = data.busy[column.resource_id] || [];
        column.absences = data.absences.filter((row) => row.resource_id === column.resource_id);
    }
    return byKey;
}

/**
 * Put a partial answer over the known columns.
 *
 * @param {Map} known key → raw column
 * @param {Map} fresh key → raw column of the asked resources and dates
 * @param {{resource_ids: number[], dates: string[]}} asked
 */
export function mergeRaw(known, fresh, asked) {
    const merged = new Map();
    for (const [key, column] of known) {
        const isAsked =
            asked.resource_ids.includes(column.resource_id) && asked.dates.includes(column.date);
        if (!isAsked) {
            merged.set(key, column);
        } else if (fresh.has(key)) {
            merged.set(key, fresh.get(key));
        }
    }
    for (const [key, column] of fresh) {
        if (!merged.has(key)) {
            merged.set(key, column);
        }
    }
    return new Map(
        [...merged].sort(([, a], [, b]) => a.order.localeCompare(b.order) || a.resource_id - b.resource_id)
    );
}

/** Whether the patient of a visit of today should have been here by now. */
function isLate(visit, now, after) {
    const minutes = (now - parseUtc(visit.start)) / 60000;
    return ["booked", "confirmed"].includes(visit.state) && minutes >= after && minutes < 1440;
}

function layoutVisit(visit, day, now, lateAfter = 10) {
    const start = day.minutesOf(parseUtc(visit.start));
    const stop = day.minutesOf(parseUtc(visit.stop));
    return {
        ...visit,
        late: isLate(visit, now, lateAfter),
        start,
        stop,
        startText: visit.start,
        label: visit.label || (visit.name ? shortName(visit.name) : ""),
        time: clock(start),
        timeStop: clock(stop),
    };
}

/**
 * Wall minutes, lanes and free starts of one column.
 *
 * @param {Object} raw
 * @param {number} now instant
 */
export function layoutColumn(raw, now) {
    const day = zoneDay(raw.tz, raw.date);
    const range = ([start, stop]) => [day.minutesOf(parseUtc(start)), day.minutesOf(parseUtc(stop))];
    const shifts = raw.shifts.map((shift) => {
        const [start, stop] = range([shift.start, shift.stop]);
        return { ...shift, start, stop };
    });
    const visits = assignLanes(raw.visits.map((visit) => layoutVisit(visit, day, now, raw.late_after)));
    const absences = raw.absences
        .map((row) => {
            const [start, stop] = range([row.start, row.stop]);
            return { ...row, start: Math.max(0, start), stop: Math.min(1440, stop) };
        })
        .filter((row) => row.stop > row.start);
    const busy = union([
        ...raw.busy.map(range),
        ...absences.map((row) => [row.start, row.stop]),
        ...visits.map((visit) => [visit.start, visit.stop]),
    ]);
    const nowMinutes = day.minutesOf(now);
    const free = raw.archived
        ? []
        : raw.offers
        ? raw.offers.map((offer) => {
              const [at, stop] = range([offer.start, offer.stop]);
              return { at, stop, price: offer.price, cheap: offer.cheap };
          })
        : freeStarts(shifts, busy, nowMinutes);
    // An offer longer than the distance to the next one is drawn up to the next one.
    free.forEach((start, index) => {
        const next = free[index + 1];
        start.drawn = next ? Math.min(start.stop, next.at) : start.stop;
        start.label = clock(start.at);
    });
    return {
        ...raw,
        day,
        shifts,
        visits,
        absences,
        free,
        room: [...new Set(shifts.map((shift) => shift.room).filter(Boolean))].join(", "),
        initials: initials(raw.name),
        short: raw.kind === "practitioner" ? shortName(raw.name) : raw.name,
        day_label: DateTime.fromISO(raw.date).toFormat("ccc d MMM"),
        nowMinutes: nowMinutes >= 0 && nowMinutes < 1440 ? nowMinutes : null,
    };
}

/** The whole picture: columns with wall minutes, and the hours shown. */
export function layout(rawColumns, now) {
    const columns = [...rawColumns.values()].map((raw) => layoutColumn(raw, now));
    return { columns, ...hourRange(columns) };
}
