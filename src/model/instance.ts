/** Which SAG APP instance is meant: the identity labels of every per-instance metric. */
export interface InstanceId {
  /** Name of the Alibaba Cloud account in the configuration. */
  readonly account: string;
  readonly regionId: string;
  /** SmartAGId, such as `sag-kzo5dvms3dqii3`. */
  readonly instanceId: string;
}

/** What discovery learns of an instance; what the API leaves out is absent, never invented. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Users the instance may have (UserCount). */
  readonly usersLimit?: number;
  /** Bytes per second (MaxBandwidth). */
  readonly bandwidthLimit?: number;
  /** End of the subscription, seconds since the epoch (EndTime). */
  readonly expiresAt?: number;
  /** HardwareVersion of a device; absent for a SAG APP instance, and when the API omits it. */
  readonly device?: string;
  /** Implausible fields, each described in a sentence; their values are absent. */
  readonly doubts?: readonly string[];
}
