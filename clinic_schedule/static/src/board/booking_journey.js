/** A mark that tells the steps of one booking together and leads to nobody. */
function newMark() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What the event log hears of one booking dialog: when it opened, showed a time, when one was chosen.
 *
 * No patient: service, doctor, branch, channel and time passed. A log that does not answer disturbs nobody.
 */
export class BookingJourney {
    constructor(orm) {
        this.orm = orm;
        this.session = newMark();
        this.begun = performance.now();
    }

    get duration_ms() {
        return Math.round(performance.now() - this.begun);
    }

    /** For the server's own lines: booked or refused. */
    get facts() {
        return { session: this.session, duration_ms: this.duration_ms };
    }

    /**
     * @param {"opened"|"shown"|"chosen"} kind
     * @param {string} channel
     * @param {Object} slot {service_id, resource_id, branch_id}
     */
    async log(kind, channel, slot) {
        const { service_id, resource_id, branch_id } = slot;
        try {
            await this.orm.silent.call("clinic.booking", "log_event", [kind, channel], {
                service: service_id || false,
                resource: resource_id || false,
                branch: branch_id || false,
                duration_ms: kind === "opened" ? 0 : this.duration_ms,
                session_hash: this.session,
            });
        } catch {
            // figures are not worth an error in the middle of a booking
        }
    }
}
