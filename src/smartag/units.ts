/** Bytes per second in one Kbit/s, the API's unit of bandwidth. */
const BYTES_PER_KILOBIT = 1000 / 8;

/** Kbit/s as bytes per second. */
export const kilobits = (value: number): number => value * BYTES_PER_KILOBIT;

/** Bytes per second as Kbit/s, for people who know the API's unit. */
export const inKilobits = (bytesPerSecond: number): number => bytesPerSecond / BYTES_PER_KILOBIT;
