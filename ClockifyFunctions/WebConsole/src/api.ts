import { signal } from '@preact/signals';

/** The part of the HTTP API that the page uses. The app serves the full description at /api/openapi.json. */

export interface Problem { path: string; message: string }
export interface Pair { name: string; value: string }
export type State = 'active' | 'paused';

export interface Grouping { kind?: string; property?: string; attribute?: string; constants?: Record<string, unknown> }
export interface Batching { size?: number; maxBytes?: number; maxAgeSeconds?: number; grouping?: Grouping }
/** The source of the value of a field: an attribute, a constant, or an attribute (or a date and a time) with its format. */
export type Source = string | { value: unknown } | Written;
export interface Written { from?: string; date?: string; time?: string; format?: string; at?: string; unit?: string; culture?: string; split?: string; type?: string }
/** The attribute that names an object, alone or with the options of the search for the object. */
export type ReferenceSource = string | { from: string; [option: string]: unknown };
export interface Reference { name: string; title: string; by: string; field?: string; many: boolean; within?: string; isListedByParent: boolean; canCreate: boolean }
export interface Config {
  credential?: string;
  endpoint?: string;
  sync?: string;
  key?: string;
  mode?: string;
  vanished?: string;
  adopt?: string;
  drift?: string;
  inputs?: Record<string, string>;
  method?: string;
  url?: string;
  contentType?: string;
  headers?: string | Record<string, string>;
  bodyTemplate?: string;
  excludeAttributes?: string[];
  unknownAttributes?: string;
  mapping?: Record<string, Source>;
  references?: Record<string, ReferenceSource | Record<string, unknown>>;
  timeZone?: string;
  convert?: boolean;
  timers?: boolean;
  idFrom?: string;
  batching?: Batching;
  responses?: boolean;
  updateMode?: string;
  archiveFirst?: boolean;
  validation?: string;
  onUnknown?: string;
  [other: string]: unknown;
}
/** The changes that records would make to the objects of their keys. */
export interface Plan { version: string; rows: PlanRow[]; unchanged: number; calls: number; seconds: number; note?: string }
export interface PlanRow { step: string; object: string; label?: string; key?: string; record?: number; details: string[] }
export interface Destination { id: string; state: State; config: Config }
/** The condition of a destination or a credential, with the text of the app. */
export interface Condition { kind: 'active' | 'paused' | 'waiting' | 'stopped'; text: string; reason?: string; remedy?: string; canResume?: boolean }
export interface Rate { perSecond: number; limits: string[]; mostPerSecond: number }
export interface Waiting { records: number; isExact: boolean; bytes: number; oldestAgeSeconds?: number }
export interface Status {
  id: string; state: State; condition: Condition; target: string; credential: string; waiting: Waiting; delivered: number; warned: number; quarantined: number; quarantineTag?: string; changes?: Record<string, number>;
  holder?: string; rate: Rate; countedAt?: string; lastError?: { at: string; message: string };
  calls?: { until: string; points: { at: string; calls: number; responses429: number }[] };
}
export interface Credential {
  name: string; source: 'settings' | 'managed'; fingerprint: string; baseUrl: string; header: string; allowedHosts: string[]; inlineConfigs: string; workspaces: string[]; condition: Condition; rate: Rate; holder?: string; responses429: number; destinations: number;
}
export interface CredentialConfig { apiKey?: string; baseUrl: string; header: string; limits: string[]; allowedHosts: string[]; inlineConfigs: string; workspaces: string[] }
export type Sort = 'trouble' | 'name' | 'waiting';
export interface Summary { now: string; total: number; destinations: Status[]; counts: Partial<Record<Condition['kind'], number>>; credentials: Credential[]; credentialStore: { canManage: boolean; problem?: string }; unrouted: number }
export interface Check { ok: boolean; user?: { id: string; name: string; email: string } | null; workspaces?: { id: string; name: string }[] | null; status?: number | null; message?: string | null }
export interface Field {
  name: string; type: string; required: boolean; description: string;
  minLength?: number; maxLength?: number | null; default?: unknown; values?: string[];
}
export interface Input { name: string; title: string; description: string; type: string; required: boolean; from?: string; default?: string; values?: string[] }
export interface Template {
  name: string; title: string; group: string; tier: string; description: string; instructions: string; method: string; path: string; inputs: Input[]; id?: Input;
  takesBody: boolean; canMerge: boolean; canArchive: boolean; hasTimers: boolean; feature?: string; adminOnly: boolean; fields: Field[]; lost: { name: string; remedy: string }[]; references: Reference[]; example: Record<string, unknown>;
  synchronizes?: string;
}
export interface HttpCall { method: string; url: string; headers: Pair[]; contentType?: string | null; body?: string | null }
export interface PreviewRequest extends HttpCall { records: number[]; warnings?: Problem[]; steps?: string[] | null }
export interface Preview {
  problems: Problem[]; recordProblems: Problem[]; source: string; attributes: string[];
  requests: PreviewRequest[]; refused: { record: number; problems: Problem[] }[];
}
export interface MappingProposal {
  columns: { attribute: string; example?: string; target?: string }[]; targets: { id: string; title: string; description: string }[];
  mapping: Record<string, string | Record<string, unknown>>; references: Record<string, string | Record<string, unknown>>; inputs: Record<string, string>; idFrom?: string; key?: string; excludeAttributes: string[];
  leftOver: string[]; missing: string[]; questions: string[]; recordProblems: Problem[];
}
export interface TestResult {
  request: HttpCall;
  response?: { status?: number | null; contentType?: string | null; headers: Pair[]; body?: string | null; durationMs: number; error?: string | null } | null;
  waitedMs: number; outcome: string;
}
export interface QuarantineEntry {
  id: string; messageId?: string; at: string; kind: string; reason: string; record?: unknown; raw?: string;
  call?: unknown; replay?: number; history?: { at: string; kind: string; reason: string }[];
}
/** One page of the entries, and the number of all entries. */
export interface Quarantine { entries: QuarantineEntry[]; total: number }
export type QuarantineChoice = { ids: string[] } | { all: true };
export interface QuarantineChange { count: number; problems?: Problem[] }

/** A response with an error, in the format of problem details (RFC 9457). */
export class ApiError extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail = '', readonly errors: Problem[] = []) {
    super(detail ? `${title} ${detail}` : title);
  }
}

const storageKey = 'functionKey';

/** The browser keeps the key until its tab is closed. */
export const functionKey = signal(sessionStorage.getItem(storageKey) ?? '');
export const keyRefused = signal(false);

export function useKey(key: string): void {
  if (key) sessionStorage.setItem(storageKey, key);
  else sessionStorage.removeItem(storageKey);
  keyRefused.value = false;
  functionKey.value = key;
}

/** The link that `./build.sh start` prints ends with `#key=…`. The address bar does not keep the key, because addresses are shared and recorded. */
function takeKeyFromLink(): void {
  const key = /^#key=(.+)$/.exec(location.hash)?.[1];
  if (!key) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  useKey(key);
}

takeKeyFromLink();
addEventListener('hashchange', takeKeyFromLink);

/** `etag`: the version that is changed; `'new'`: the object must not exist. */
interface Options { method?: string; body?: unknown; contentType?: string; etag?: string; signal?: AbortSignal }

async function send(path: string, { method = 'GET', body, contentType = 'application/json', etag, signal }: Options = {}): Promise<Response> {
  const key = functionKey.value;
  const headers: Record<string, string> = { 'x-functions-key': key, accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = contentType;
  if (etag) headers[etag === 'new' ? 'if-none-match' : 'if-match'] = etag === 'new' ? '*' : etag;
  let answer: Response;
  try {
    answer = await fetch(`/api/${path}`, { method, headers, signal, cache: 'no-store', body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body) });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError(0, 'The app does not answer.', 'Is it running, and is the network up?');
  }

  if (answer.status === 401) {
    // Several calls may be refused at once, and a person may have entered another key in the meantime.
    if (key !== '' && key === functionKey.value) {
      useKey('');
      keyRefused.value = true;
    }

    throw new ApiError(401, 'The function key was refused.');
  }

  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new ApiError(answer.status, problem.title ?? `The app answered with status ${answer.status}.`, problem.detail ?? '', problem.errors ?? []);
  }

  return answer;
}

async function read<T>(path: string, options?: Options): Promise<T> {
  const answer = await send(path, options);
  return answer.status === 204 ? (undefined as T) : await answer.json();
}

function queryOf(query: Record<string, string | boolean | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return given.length ? `?${given.join('&')}` : '';
}

const of = (id: string) => `destinations/${encodeURIComponent(id)}`;

export const api = {
  summary: (search: string, sort: Sort, offset: number, limit: number) => read<Summary>(`summary?search=${encodeURIComponent(search)}&sort=${sort}&offset=${offset}&limit=${limit}`),
  destinations: () => read<Destination[]>('destinations?limit=1000'),
  destination: async (id: string) => {
    const answer = await send(of(id));
    return { ...((await answer.json()) as Destination), etag: answer.headers.get('etag') ?? '' };
  },
  save: async (id: string, config: Config, etag?: string) => {
    const answer = await send(of(id), { method: 'PUT', body: config, etag });
    return { ...((await answer.json()) as Destination), etag: answer.headers.get('etag') ?? '' };
  },
  setState: (id: string, to: 'activate' | 'pause') => read<Destination>(`${of(id)}/${to}`, { method: 'POST' }),
  copy: (id: string, newId: string) => read<Destination>(`${of(id)}/copy`, { method: 'POST', body: { id: newId } }),
  remove: (id: string, force: boolean) => read<void>(`${of(id)}${force ? '?force=true' : ''}`, { method: 'DELETE' }),
  status: (id: string, seconds: number) => read<Status>(`${of(id)}/status?seconds=${seconds}`),
  records: (id: string, text: string, contentType: string, query: { run?: string; plan?: string; repair?: boolean } = {}) =>
    read<{ count: number }>(`${of(id)}/records${queryOf(query)}`, { method: 'POST', body: text, contentType }),
  plan: (id: string, text: string, contentType: string, isWhole: boolean) => read<Plan>(`${of(id)}/plan${isWhole ? '?run=complete' : ''}`, { method: 'POST', body: text, contentType }),
  templates: () => read<Template[]>('templates?limit=1000'),
  schema: () => read<Record<string, unknown>>('schema/destination'),
  saveCredential: (name: string, config: CredentialConfig, isNew: boolean) => read<Credential>(`credentials/${encodeURIComponent(name)}`, { method: 'PUT', body: config, etag: isNew ? 'new' : undefined }),
  rotateCredential: (name: string, apiKey: string) => read<Credential>(`credentials/${encodeURIComponent(name)}/rotate`, { method: 'POST', body: { apiKey } }),
  deleteCredential: (name: string) => read<void>(`credentials/${encodeURIComponent(name)}`, { method: 'DELETE' }),
  check: (name: string) => read<Check>(`credentials/${encodeURIComponent(name)}/check`, { method: 'POST' }),
  resume: (name: string) => read<unknown>(`credentials/${encodeURIComponent(name)}/resume`, { method: 'POST' }),
  preview: (body: { destination?: string; config?: Config; recordsText?: string; recordsFormat?: string; limit?: number }, signal: AbortSignal) =>
    read<Preview>('preview', { method: 'POST', body, signal }),
  mapping: (body: { endpoint?: string; sync?: string; recordsText: string; recordsFormat: string; choices: Record<string, string> }, signal: AbortSignal) => read<MappingProposal>('mapping', { method: 'POST', body, signal }),
  test: (config: Config, request: HttpCall) => read<TestResult>('test', { method: 'POST', body: { config, request } }),
  quarantine: async (place: string, offset: number, limit: number): Promise<Quarantine> => {
    const answer = await send(`quarantine/${encodeURIComponent(place)}?offset=${offset}&limit=${limit}`);
    const entries = (await answer.json()) as QuarantineEntry[];
    return { entries, total: Number(answer.headers.get('x-total-count') ?? entries.length) };
  },
  replay: (place: string, choice: QuarantineChoice & { destination?: string }) => read<QuarantineChange>(`quarantine/${encodeURIComponent(place)}/replay`, { method: 'POST', body: choice }),
  discard: (place: string, choice: QuarantineChoice) => read<QuarantineChange>(`quarantine/${encodeURIComponent(place)}/discard`, { method: 'POST', body: choice }),
};
