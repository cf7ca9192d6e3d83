/** Bytes per second in one Kbit/s, the API's unit of bandwidth. */
const BYTES_PER_KILOBIT = 1000 / 8;

/** Bytes per second of so many Kbit/s. */
export const kilobits = (value: number): number => value * BYTES_PER_KILOBIT;

/** Kbit/s of so many bytes per second, for who knows the API's unit. */
export const inKilobits = (bytesPerSecond: number): number => bytesPerSecond / BYTES_PER_KILOBIT;
