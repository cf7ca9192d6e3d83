import type { UserColumn, UserColumnSpec, UserStatus } from '../status/user-columns.ts';
import { duration, figure } from '../words.ts';
import { type Content, foreign, type Html, html } from './html.ts';
import { ifKnown, moment } from './parts.ts';

/** @param asOf the time of the page, as ISO 8601 */
type Cell = (user: UserStatus, asOf: string) => Content;

/** The cells that need more than the text of their value. */
const CELLS: Readonly<Partial<Record<UserColumn, Cell>>> = {
  name: ({ userName }) => foreign(userName),
  mail: ({ userMail }) => ifKnown(userMail, foreign),
  state: ({ enabled }) => ifKnown(enabled, stateTag),
  online: ({ onlineClients }) => ifKnown(onlineClients, onlineFigure),
  since: sinceCell,
  address: addressesCell,
};

export function userCell({ name, field, text = String }: UserColumnSpec): Cell {
  return CELLS[name] ?? ((user) => ifKnown(user[field], text));
}

const stateTag = (enabled: boolean): Html =>
  enabled
    ? html`enabled`
    : html`<span class="tag starting"><span aria-hidden="true">⊘</span> disabled</span>`;

const onlineFigure = (clients: number): Content =>
  clients === 0
    ? html`<span class="soft">offline</span>`
    : html`<span class="online"><span aria-hidden="true">●</span> ${figure(clients)}</span>`;

function sinceCell({ onlineSince, onlineSeconds, onlineClients }: UserStatus): Content {
  if (onlineSince === undefined || onlineSeconds === undefined) {
    return onlineClients === 0
      ? html`<span class="soft" aria-hidden="true">–</span>`
      : ifKnown(undefined, String);
  }
  return html`${moment(onlineSince)} <span class="soft">${duration(onlineSeconds)}</span>`;
}

function addressesCell({ sessions = [], fixedAddress }: UserStatus, asOf: string): Content {
  const lines = sessions.map(
    ({ clientAddress, start }) =>
      html`<li>${ifKnown(clientAddress, foreign)}${sessions.length > 1 && start !== undefined && html` <span class="soft">since ${moment(start, asOf)}</span>`}</li>`,
  );
  const fixed =
    fixedAddress !== undefined && html`<span class="soft">fixed: ${foreign(fixedAddress)}</span>`;
  return html`${lines.length > 0 && html`<ul class="plain">${lines}</ul>`}${fixed}`;
}
