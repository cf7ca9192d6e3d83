/** Path of an instance's page, from the root; under `api/v1/` that of its JSON. */
export function instancePath(id: {
  readonly account: string;
  readonly regionId: string;
  readonly instanceId: string;
}): string {
  const parts = [id.account, id.regionId, id.instanceId];
  return ['instances', ...parts.map((part) => encodeURIComponent(part))].join('/');
}
