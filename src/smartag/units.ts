/** Bytes per second in one Kbit/s, the API's unit of bandwidth. */
const BYTES_PER_KILOBIT = 1000 / 8;

/** Converts Kbit/s to bytes per second. */
export const kilobits = (value: number): number => value * BYTES_PER_KILOBIT;

/** Converts bytes per second to Kbit/s, for people who know the API's unit. */
export const inKilobits = (bytesPerSecond: number): number => bytesPerSecond / BYTES_PER_KILOBIT;
