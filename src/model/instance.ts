/** Identifies a SAG APP instance; the labels of every per-instance metric. */
export interface InstanceId {
  /** Name of the Alibaba Cloud account in the configuration. */
  readonly account: string;
  readonly regionId: string;
  /** SmartAGId, such as `sag-kzo5dvms3dqii3`. */
  readonly instanceId: string;
}

/** The details of an instance that discovery reads. A field that the API omits is absent, never invented. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Maximum number of users of the instance (UserCount). */
  readonly usersLimit?: number;
  /** Bytes per second (MaxBandwidth). */
  readonly bandwidthLimit?: number;
  /** End of the subscription, seconds since the epoch (EndTime). */
  readonly expiresAt?: number;
  /** HardwareVersion of a device; absent for a SAG APP instance, or when the API omits it. */
  readonly device?: string;
  /** One sentence for each implausible field. The value of such a field is absent. */
  readonly doubts?: readonly string[];
}
