import type { Config, Field, Template } from './api';

export type Mode = 'template' | 'manual';

const only: Record<Mode, string[]> = {
  template: ['endpoint', 'inputs', 'idFrom', 'updateMode', 'archiveFirst'],
  manual: ['method', 'url', 'contentType', 'headers', 'bodyTemplate', 'batching'],
};

export const modeOf = (config: Config): Mode => (config.endpoint || !(config.method || config.url) ? 'template' : 'manual');

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** The config that is saved and previewed: the members of the chosen tab and those of both tabs, without empty ones. The draft keeps the members of the other tab. */
export function effective(draft: Config, mode: Mode): Config {
  const other = only[mode === 'template' ? 'manual' : 'template'];
  const config = Object.fromEntries(Object.entries(draft).filter(([name, value]) => !other.includes(name) && (name === 'batching' ? value !== undefined : !isEmpty(value))));
  // An empty URL says that the config is a manual one, so that the app asks for no endpoint.
  return mode === 'manual' ? { ...config, url: draft.url ?? '' } : config;
}

/** The URL that the Advanced tab begins with: that of the chosen template where its inputs are known, else the API address of the credential. */
export function manualStart(draft: Config, baseUrl: string, template?: Template): Config {
  const path = template?.path.replace(/\{(\w+)\}/g, (macro, name) => (name === 'id' ? '{record.id}' : draft.inputs?.[name] || macro));
  const isKnown = path !== undefined && !/\{\w+\}/.test(path);
  return { ...draft, method: draft.method ?? (isKnown ? template!.method : 'POST'), url: `${baseUrl.replace(/\/$/, '')}/${isKnown ? path : ''}` };
}

/** Headers as pairs, whether they were written as a text or as an object. */
export function headerPairs(headers: Config['headers']): [string, string][] {
  if (!headers) return [];
  if (typeof headers === 'object') return Object.entries(headers);
  return headers.split(',').filter(pair => pair.trim()).map(pair => {
    const colon = pair.indexOf(':');
    return colon < 0 ? [pair.trim(), ''] : [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
  });
}

/** Two example records for an endpoint. */
export function exampleRecords(template?: Template): string {
  const fields = template?.fields ?? [];
  const wanted = fields.filter(field => field.required || ['start', 'end', 'description', 'name', 'billable'].includes(field.name));
  const record = (number: number) => ({
    ...(template?.needsId ? { id: `64a687e29ae1f428e7ebe30${number}` } : {}),
    ...Object.fromEntries((template ? wanted : [{ name: 'name', type: 'text' } as Field]).map(field => [field.name, example(field, number)])),
  });
  return [1, 2].map(number => JSON.stringify(record(number))).join('\n');
}

function example(field: Field, number: number): unknown {
  if (field.name === 'start') return `2026-11-02T0${7 + number}:00:00Z`;
  if (field.name === 'end') return `2026-11-02T0${7 + number}:45:00Z`;
  switch (field.type.toLowerCase()) {
    case 'boolean': return true;
    case 'number': case 'integer': return number;
    case 'choice': return field.values?.[0];
    case 'id': return `64a687e29ae1f428e7ebe30${number}`;
    case 'ids': case 'objects': return [];
    case 'datetime': return `2026-11-02T0${7 + number}:00:00Z`;
    default: return `Example ${number}`;
  }
}
