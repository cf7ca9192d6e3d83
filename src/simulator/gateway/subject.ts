import type { Parameters } from './parameters.ts';

/** The facts of a call by which rules select calls. */
export interface Subject {
  readonly operation: string;
  readonly accessKeyId: string;
  /** The role that the key acts as; undefined before authentication. */
  readonly roleArn?: string | undefined;
  readonly instanceIds: readonly string[];
  readonly userNames: readonly string[];
}

/** The calls that a rule applies to. A property that is left out matches every call. */
export interface Match {
  readonly operation?: string;
  readonly accessKeyId?: string;
  /** Matches a call with any temporary key of the role. */
  readonly roleArn?: string;
  /** Matches a call that names the instance, alone or among others. */
  readonly instanceId?: string;
  /** Matches a call that names the user, alone or among others. */
  readonly userName?: string;
}

/** Reads the instances and users that a call names, under every parameter name the operations use. */
export function subjectOf(operation: string, accessKeyId: string, parameters: Parameters): Subject {
  return {
    operation,
    accessKeyId,
    instanceIds: named(parameters, ['SmartAGId'], 'SmartAGIds'),
    // The KickOutClients page writes Username with a lower-case n.
    userNames: named(parameters, ['UserName', 'Username'], 'UserNames'),
  };
}

export function matches(match: Match, subject: Subject): boolean {
  return (
    (match.operation === undefined || match.operation === subject.operation) &&
    (match.accessKeyId === undefined || match.accessKeyId === subject.accessKeyId) &&
    (match.roleArn === undefined || match.roleArn === subject.roleArn) &&
    (match.instanceId === undefined || subject.instanceIds.includes(match.instanceId)) &&
    (match.userName === undefined || subject.userNames.includes(match.userName))
  );
}

function named(parameters: Parameters, single: readonly string[], list: string): readonly string[] {
  const names = single.map((name) => parameters.get(name)).filter((name) => name !== undefined);
  return [...names, ...parameters.list(list)];
}
