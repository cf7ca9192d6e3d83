import type { AccountStatus } from '../status/schema.ts';
import type { PageContext } from './context.ts';
import { type Content, filled, foreign, type Html, html } from './html.ts';
import { bar, failure, freshness } from './parts.ts';
import { table } from './table.ts';
import { moment } from './times.ts';

/** The accounts, each with its budget and its discovery. */
export function accountsSection(accounts: readonly AccountStatus[], context: PageContext): Html {
  return html`<section aria-labelledby="accounts"><h2 id="accounts">${context.messages.overview.accounts}</h2>
${accounts.map((account) => accountCard(account, context))}</section>`;
}

function accountCard(account: AccountStatus, context: PageContext): Html {
  const { messages } = context;
  const { name, paused, fallbackPlaces } = account;
  return html`<article class="card"><h3>${foreign(name)} ${stateTag(account, context)}</h3>
${paused && failure(messages, paused)}
${[...new Set(fallbackPlaces.map(({ text }) => text))].map((text) => html`<p>${text}</p>`)}
<div class="pair">
${budgetTable(account, context)}
${discoveryTable(account, context)}
</div></article>`;
}

function stateTag({ paused, up }: AccountStatus, { messages }: PageContext): Html {
  const { overview } = messages;
  if (paused) return tag('down', '✕', overview.paused);
  return up ? tag('ok', '✓', overview.answering) : tag('warning', '△', overview.notAnswering);
}

const tag = (level: string, sign: string, text: string): Html =>
  html`<span class="tag ${level}"><span aria-hidden="true">${sign}</span> ${text}</span>`;

function budgetTable({ name, operations }: AccountStatus, { messages }: PageContext): Html {
  const { overview, formats } = messages;
  const { figure } = formats;
  const allowance = (allowed: number, configured: number): Content =>
    filled(
      overview.perSecond,
      html`<span class="figure">${figure(allowed)}</span>`,
      figure(configured),
    );
  return table({
    label: overview.budgetOf(name),
    caption: overview.budgetCaption,
    isCaptionShown: true,
    columns: [
      { label: overview.operation },
      { label: overview.allowed, kind: 'budget' },
      { label: overview.calls, figures: true },
      { label: overview.throttled, figures: true },
    ],
    rows: operations.map(
      ({ operation, allowedPerSecond, configuredPerSecond, calls, throttled, pausedUntil }) => ({
        cells: [
          operationName(operation),
          html`${bar(allowedPerSecond / configuredPerSecond, 'ok', false)}<span>${allowance(allowedPerSecond, configuredPerSecond)}${pausedUntil !== undefined && html`<br>${filled(overview.notCalledUntil, moment(pausedUntil))}`}</span>`,
          figure(calls),
          figure(throttled),
        ],
      }),
    ),
    none: overview.noCall,
  });
}

/** The name of an operation, which may break before its capital letters. */
function operationName(operation: string): Content {
  return operation.split(/(?=[A-Z])/).map((word) => html`<wbr>${word}`);
}

function discoveryTable(
  { name, regions, skippedRegions }: AccountStatus,
  { messages }: PageContext,
): Html {
  const { overview } = messages;
  return table({
    label: overview.discoveryOf(name),
    caption: overview.discovery,
    isCaptionShown: true,
    columns: [{ label: overview.region }, { label: overview.lastSuccess }],
    rows: [
      ...regions.map(({ regionId, discovery }) => ({
        cells: [
          regionId === '' ? overview.regionSearch : foreign(regionId),
          html`${freshness(messages, discovery)}${discovery.error && failure(messages, discovery.error)}`,
        ],
      })),
      ...skippedRegions.map(({ regionId, name, reason }) => ({
        cells: [
          html`${foreign(regionId)}${name !== undefined && html`<br><span class="id"><bdi lang="zh-CN">${name}</bdi></span>`}`,
          overview.skipped(reason),
        ],
      })),
    ],
    none: overview.noRegion,
  });
}
