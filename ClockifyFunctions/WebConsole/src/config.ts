import type { Config, Template } from './api';

export type Mode = 'template' | 'sync' | 'manual';

const only: Record<Mode, string[]> = {
  template: ['endpoint', 'inputs', 'idFrom', 'updateMode', 'archiveFirst', 'references', 'unknownAttributes', 'timers', 'dedupeBy', 'dedupeDays'],
  sync: ['sync', 'inputs', 'key', 'mode', 'adopt', 'changed', 'vanished', 'deleteAfterDays', 'limits', 'marker', 'gone', 'onDoubleKey', 'graceMinutes', 'drift', 'references', 'unknownAttributes', 'timers'],
  manual: ['method', 'url', 'contentType', 'headers', 'bodyTemplate', 'batching', 'dedupeBy', 'dedupeDays'],
};

export const modeOf = (config: Config): Mode => (config.sync !== undefined ? 'sync' : config.endpoint || !(config.method || config.url) ? 'template' : 'manual');

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** The config that is saved and previewed: the members of the chosen tab and those of all tabs, without empty ones. The draft keeps the members of the other tabs. */
export function effective(draft: Config, mode: Mode): Config {
  const other = Object.values(only).flat().filter(name => !only[mode].includes(name));
  const config = Object.fromEntries(Object.entries(draft).filter(([name, value]) => !other.includes(name) && (name === 'batching' ? value !== undefined : !isEmpty(value))));
  // An empty URL marks the config as a manual one, so that the app does not report a missing endpoint.
  if (mode === 'manual') return { ...config, url: draft.url ?? '' };
  return mode === 'sync' ? { ...config, sync: draft.sync ?? '' } : config;
}

/** The initial URL of the Advanced tab: the URL of the chosen template if its inputs are known, otherwise the API address of the credential. */
export function manualStart(draft: Config, baseUrl: string, template?: Template): Config {
  const path = template?.path.replace(/\{(\w+)\}/g, (macro, name) => (name === 'id' ? '{record.id}' : draft.inputs?.[name] || macro));
  const isKnown = path !== undefined && !/\{\w+\}/.test(path);
  return { ...draft, method: draft.method ?? (isKnown ? template!.method : 'POST'), url: `${baseUrl.replace(/\/$/, '')}/${isKnown ? path : ''}` };
}

/** Headers as pairs. A config contains them as a text or as an object. */
export function headerPairs(headers: Config['headers']): [string, string][] {
  if (!headers) return [];
  if (typeof headers === 'object') return Object.entries(headers);
  return headers.split(',').filter(pair => pair.trim()).map(pair => {
    const colon = pair.indexOf(':');
    return colon < 0 ? [pair.trim(), ''] : [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
  });
}

/** The endpoint's own example record. */
export function exampleRecords(template?: Template): string {
  return JSON.stringify(template?.example ?? { name: 'Example 1' });
}

/** Removes empty inputs, so that the value comes from the record or the default. */
export function withInput(inputs: Record<string, string> | undefined, name: string, value: string): Record<string, string> {
  const next = { ...inputs, [name]: value };
  if (value === '') delete next[name];
  return next;
}
