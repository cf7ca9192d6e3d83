import { selected } from '../queries.ts';

/** Per-user metrics of the chosen users. */
export function perUser(metric: string): string {
  return `max by (user_name) (${selected(metric, 'user_name=~"$user"')})`;
}
