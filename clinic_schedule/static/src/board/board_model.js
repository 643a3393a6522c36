/**
 * Pure maths of the reception board: no DOM, no services, no state.
 *
 * Instants are milliseconds since the epoch; "minutes" are wall minutes since midnight
 * of the column's date in the zone of the column's branch, never in the browser's zone.
 */
const { DateTime } = luxon;

export const MINUTE = 60000;
export const DAY_MINUTES = 1440;
/** Pixels per minute of the three zoom levels. */
export const ZOOMS = [1.1, 1.6, 2.4];
export const COLUMN_MIN = 138;
export const COLUMN_MAX = 320;
/** Off-grid clicks and drops are rounded to this many minutes. */
export const FREE_ROUNDING = 5;

export const CLOSED_STATES = ["cancelled_patient", "cancelled_clinic", "no_show"];
/** States in which a visit may still be moved or cancelled. */
export const OPEN_STATES = ["held", "booked", "confirmed"];

/** @param {string} text naive UTC as the server writes it */
export function parseUtc(text) {
    return Date.parse(text.replace(" ", "T") + "Z");
}

/** @param {number} ms @returns {string} naive UTC as the server reads it */
export function formatUtc(ms) {
    return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

/** One calendar day of one zone; converts between instants and wall minutes. */
export class ZoneDay {
    constructor(zone, isoDate) {
        this.zone = zone;
        this.date = isoDate;
        const start = DateTime.fromISO(isoDate, { zone }).startOf("day");
        const end = start.plus({ days: 1 });
        this.startMs = start.toMillis();
        this.endMs = end.toMillis();
        this.plain = this.endMs - this.startMs === DAY_MINUTES * MINUTE;
    }

    /** Wall minutes of an instant; below 0 or above 1440 on the neighbouring days. */
    minutesOf(ms) {
        if (this.plain) {
            return (ms - this.startMs) / MINUTE;
        }
        const wall = DateTime.fromMillis(ms, { zone: this.zone });
        const day = DateTime.fromISO(this.date, { zone: "utc" });
        const own = DateTime.utc(wall.year, wall.month, wall.day);
        const days = Math.round((own - day) / (DAY_MINUTES * MINUTE));
        return days * DAY_MINUTES + wall.hour * 60 + wall.minute + wall.second / 60;
    }

    /** The instant of a wall minute (in a doubled hour: the earlier one). */
    msOf(minutes) {
        if (this.plain) {
            return this.startMs + minutes * MINUTE;
        }
        const [year, month, day] = this.date.split("-").map(Number);
        const shift = Math.floor(minutes / DAY_MINUTES);
        const rest = minutes - shift * DAY_MINUTES;
        return DateTime.fromObject(
            { year, month, day, hour: Math.floor(rest / 60), minute: Math.floor(rest % 60) },
            { zone: this.zone }
        )
            .plus({ days: shift })
            .toMillis();
    }
}

const zoneDays = new Map();

/** A cached ZoneDay. */
export function zoneDay(zone, isoDate) {
    const key = `${zone}|${isoDate}`;
    if (!zoneDays.has(key)) {
        if (zoneDays.size > 400) {
            zoneDays.clear();
        }
        zoneDays.set(key, new ZoneDay(zone, isoDate));
    }
    return zoneDays.get(key);
}

/** "09:05" of wall minutes. */
export function clock(minutes) {
    const value = ((Math.round(minutes) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    const pad = (number) => String(number).padStart(2, "0");
    return `${pad(Math.floor(value / 60))}:${pad(value % 60)}`;
}

/** @returns {boolean} whether [a, b) meets any interval of a list sorted by start */
export function meets(intervals, a, b) {
    for (const [start, stop] of intervals) {
        if (start >= b) {
            return false;
        }
        if (stop > a) {
            return true;
        }
    }
    return false;
}

/** Sorted union of intervals. */
export function union(intervals) {
    const sorted = [...intervals].sort((a, b) => a[0] - b[0]);
    const result = [];
    for (const [start, stop] of sorted) {
        const last = result[result.length - 1];
        if (last && start <= last[1]) {
            last[1] = Math.max(last[1], stop);
        } else {
            result.push([start, stop]);
        }
    }
    return result;
}

/**
 * Starts on the grid of the shifts at which a whole step is free.
 *
 * @param {Array} shifts {start, stop, step} in minutes
 * @param {Array} busy sorted disjoint [start, stop] in minutes
 * @param {number} from minutes before which nothing is offered
 */
export function freeStarts(shifts, busy, from = -Infinity) {
    const starts = new Map();
    for (const shift of shifts) {
        const step = Math.max(5, shift.step || 15);
        for (let at = shift.start; at + step <= shift.stop; at += step) {
            if (at >= from && !starts.has(at) && !meets(busy, at, at + step)) {
                starts.set(at, { at, stop: at + step, shiftId: shift.id });
            }
        }
    }
    return [...starts.values()].sort((a, b) => a.at - b.at);
}

/** Give overlapping items lanes: adds `lane` and `lanes` to each; items have start, stop. */
export function assignLanes(items) {
    const sorted = [...items].sort((a, b) => a.start - b.start || b.stop - a.stop);
    let cluster = [];
    let clusterStop = -Infinity;
    const close = () => {
        const lanes = Math.max(0, ...cluster.map((item) => item.lane)) + 1;
        cluster.forEach((item) => (item.lanes = lanes));
        cluster = [];
    };
    for (const item of sorted) {
        if (item.start >= clusterStop) {
            close();
            clusterStop = -Infinity;
        }
        const taken = new Set(cluster.filter((o) => o.stop > item.start).map((o) => o.lane));
        item.lane = 0;
        while (taken.has(item.lane)) {
            item.lane++;
        }
        cluster.push(item);
        clusterStop = Math.max(clusterStop, item.stop);
    }
    close();
    return sorted;
}

/** Hours shown: everything that is there, at least 9 to 18, whole hours. */
export function hourRange(columns) {
    let first = 9 * 60;
    let last = 18 * 60;
    for (const column of columns) {
        for (const item of [...column.shifts, ...column.visits]) {
            first = Math.min(first, item.start);
            last = Math.max(last, item.stop);
        }
    }
    return {
        first: Math.max(0, Math.floor(first / 60) * 60),
        last: Math.min(2 * DAY_MINUTES, Math.ceil(last / 60) * 60),
    };
}

/** Width of a column that fills the screen when there are few and scrolls when many. */
export function columnWidth(viewport, count) {
    const fit = Math.floor(viewport / Math.max(1, count));
    return Math.max(COLUMN_MIN, Math.min(COLUMN_MAX, fit));
}

/** Indexes [from, to) of the columns to render. */
export function visibleRange(scrollLeft, viewport, width, count, overscan = 2) {
    const from = Math.max(0, Math.floor(scrollLeft / width) - overscan);
    const to = Math.min(count, Math.ceil((scrollLeft + viewport) / width) + overscan);
    return [Math.min(from, count), to];
}

/** The shift that covers a wall minute. */
export function shiftAt(column, minutes) {
    return column.shifts.find((shift) => shift.start <= minutes && minutes < shift.stop);
}

/**
 * Round a wall minute to the grid of its shift when near to it, else to 5 minutes.
 *
 * @param {number} snap tolerance in minutes around a grid start
 */
export function snapMinutes(column, minutes, snap = 15) {
    const shift = shiftAt(column, minutes) || shiftAt(column, minutes + snap);
    if (shift) {
        const step = Math.max(5, shift.step || 15);
        const grid = shift.start + Math.round((minutes - shift.start) / step) * step;
        if (Math.abs(grid - minutes) <= snap && grid < shift.stop) {
            return grid;
        }
    }
    return Math.round(minutes / FREE_ROUNDING) * FREE_ROUNDING;
}

/**
 * Where a dragged visit would land.
 *
 * @param {Object} geometry {width, ppm, first} and columns
 * @param {boolean} exact five minutes instead of the grid of the shift
 * @param {number} x pixels from the left of the first column
 * @param {number} y pixels from the top of the first row, of the visit's upper edge
 */
export function dropTarget(columns, geometry, x, y, exact = false) {
    const index = Math.floor(x / geometry.width);
    const column = columns[index];
    if (!column) {
        return null;
    }
    const minutes = snapMinutes(column, geometry.first + y / geometry.ppm, exact ? 0 : 15);
    return { column, index, minutes };
}

/** What the keyboard walks over in a column: visits and free starts by time. */
export function focusables(column) {
    return [
        ...column.visits.map((visit) => ({ type: "visit", id: visit.id, start: visit.start })),
        ...column.free.map((free) => ({ type: "free", id: free.at, start: free.at })),
    ].sort((a, b) => a.start - b.start || (a.type === "visit" ? -1 : 1));
}

/**
 * The next focus after an arrow key.
 *
 * @param {Array} columns
 * @param {{key: string, type: string, id: number}|null} focus
 * @param {"up"|"down"|"left"|"right"|"home"|"end"} direction
 */
export function nextFocus(columns, focus, direction) {
    const filled = columns.filter((column) => column.visits.length || column.free.length);
    if (!filled.length) {
        return null;
    }
    const at = (column, item) => ({ key: column.key, type: item.type, id: item.id });
    const index = focus ? filled.findIndex((column) => column.key === focus.key) : -1;
    if (index < 0) {
        return at(filled[0], focusables(filled[0])[0]);
    }
    const items = focusables(filled[index]);
    let place = items.findIndex((item) => item.type === focus.type && item.id === focus.id);
    place = Math.max(0, place);
    if (direction === "up" || direction === "down") {
        const step = direction === "up" ? -1 : 1;
        const target = items[Math.min(items.length - 1, Math.max(0, place + step))];
        return at(filled[index], target);
    }
    if (direction === "home" || direction === "end") {
        return at(filled[index], items[direction === "home" ? 0 : items.length - 1]);
    }
    const target = filled[index + (direction === "left" ? -1 : 1)];
    if (!target) {
        return focus;
    }
    const start = items[place].start;
    const nearest = focusables(target).reduce((best, item) =>
        Math.abs(item.start - start) < Math.abs(best.start - start) ? item : best
    );
    return at(target, nearest);
}

/** "ИП" for "Иванов Пётр": at most two letters for a face without a photo. */
export function initials(name) {
    return name
        .split(/\s+/)
        .filter(Boolean)
        .slice(0, 2)
        .map((part) => part[0].toUpperCase())
        .join("");
}

/** "Иванова А.П." for "Иванова Анна Петровна". */
export function shortName(name) {
    const [family, ...rest] = name.split(/\s+/).filter(Boolean);
    if (!family) {
        return "";
    }
    const letters = rest.slice(0, 2).map((part) => `${part[0]}.`);
    return [family, letters.join("")].filter(Boolean).join(" ");
}

/** Wall minutes of "9:15", "09.15", "915" or "9"; null when it is not a time. */
export function parseClock(text) {
    const match = /^\s*(\d{1,2})(?:\s*[:.,-]?\s*(\d{2}))?\s*$/.exec(text || "");
    if (!match) {
        return null;
    }
    const hour = Number(match[1]);
    const minute = Number(match[2] || 0);
    return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/**
 * Words and a number typed into the patient search, as fields of a provisional card.
 *
 * @param {string} text e.g. "Иванова Анна 8 914 123-45-67"
 */
export function splitQuery(text) {
    const phone = /\+?[\d][\d\s()-]{5,}$/.exec(text.trim());
    const words = text.replace(phone ? phone[0] : "", "").split(/[\s,]+/).filter((w) => /\p{L}/u.test(w));
    const capital = (word) => (word ? word[0].toUpperCase() + word.slice(1) : "");
    return {
        family_name: capital(words[0]),
        given_name: capital(words[1]),
        patronymic: capital(words[2]),
        phone: phone ? phone[0].trim() : "",
    };
}

/** A key that makes a repeated request harmless. */
export function newToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
