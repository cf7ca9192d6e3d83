export interface MissingPermission {
  readonly operation: string;
  /**
   * The instance for which the permission is missing. Absent for an operation that names no instance, and for
   * one whose permission RAM cannot limit to an instance (the product's RAM pages).
   */
  readonly instanceId?: string;
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** The RAM policy that grants the permissions found missing. docs/configuration.md has all that can be needed. */
export function policyFor(missing: readonly MissingPermission[]): {
  readonly Version: '1';
  readonly Statement: readonly Statement[];
} {
  const everywhere = new Set<string>();
  const instancesOf = new Map<string, Set<string>>();
  for (const { operation, instanceId } of missing) {
    if (instanceId === undefined) {
      everywhere.add(operation);
      continue;
    }
    const instances = instancesOf.get(operation) ?? new Set();
    instancesOf.set(operation, instances.add(instanceId));
  }
  // Operations missing for the same instances share a statement.
  const operationsOf = new Map<string, string[]>();
  for (const [operation, instances] of instancesOf) {
    const key = [...instances].sort().join(' ');
    operationsOf.set(key, [...(operationsOf.get(key) ?? []), operation]);
  }
  return {
    Version: '1',
    Statement: [
      ...(everywhere.size > 0 ? [statement([...everywhere], '*')] : []),
      ...Array.from(operationsOf, ([key, operations]) =>
        statement(
          operations,
          key.split(' ').map((instanceId) => `acs:smartag:*:*:smartag/${instanceId}`),
        ),
      ),
    ],
  };
}

function statement(operations: readonly string[], resource: Statement['Resource']): Statement {
  return {
    Effect: 'Allow',
    Action: operations.map((operation) => `smartag:${operation}`),
    Resource: resource,
  };
}
