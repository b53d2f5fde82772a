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

/** What is saved and previewed: the members of the chosen tab and the common ones, without the empty ones. The draft keeps the other tab's. */
export function effective(draft: Config, mode: Mode): Config {
  const other = only[mode === 'template' ? 'manual' : 'template'];
  return Object.fromEntries(Object.entries(draft).filter(([name, value]) => !other.includes(name) && (name === 'batching' ? value !== undefined : !isEmpty(value))));
}

/** Headers as pairs, however they were written. */
export function headerPairs(headers: Config['headers']): [string, string][] {
  if (!headers) return [];
  if (typeof headers === 'object') return Object.entries(headers);
  return headers.split(',').filter(pair => pair.trim()).map(pair => {
    const colon = pair.indexOf(':');
    return colon < 0 ? [pair.trim(), ''] : [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
  });
}

export type RecordsFormat = 'json' | 'ndjson' | 'csv';
export const contentTypes: Record<RecordsFormat, string> = { json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' };

/** How a pasted text is meant: several objects one after the other are NDJSON, and what begins with no bracket is CSV. */
export function formatOf(text: string): RecordsFormat {
  const start = text.trimStart();
  if (start.startsWith('[')) return 'json';
  if (!start.startsWith('{')) return 'csv';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return /\}\s*\n\s*\{/.test(start) ? 'ndjson' : 'json';
  }
}

/** Two records that fit an endpoint, to begin with. */
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
