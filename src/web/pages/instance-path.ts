/** The path of an instance's page, relative to the root. Its JSON has the same path under `api/v1/`. */
export function instancePath(id: {
  readonly account: string;
  readonly regionId: string;
  readonly instanceId: string;
}): string {
  const parts = [id.account, id.regionId, id.instanceId];
  return ['instances', ...parts.map((part) => encodeURIComponent(part))].join('/');
}
