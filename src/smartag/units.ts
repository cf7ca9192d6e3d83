/** Bytes per second in one Kbit/s, the API's unit of bandwidth. */
const BYTES_PER_KILOBIT = 1000 / 8;

/** Bytes per second of so many Kbit/s. */
export const kilobits = (value: number): number => value * BYTES_PER_KILOBIT;
