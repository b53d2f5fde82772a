import { clear, createStore, del, delMany, entries, get, set } from 'idb-keyval';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatOf, head, type RecordsFormat } from './records';

export type Source = 'paste' | 'file' | 'backlog';
/** The sample records of one destination: the pasted text, the chosen file, and which of them is shown. */
export interface SampleSet { source: Source; pasted: string; file?: { name: string; text: string; format: RecordsFormat } }

/** Maximum number of records in a preview. */
export const mostShown = 100;
const none: SampleSet = { source: 'paste', pasted: '' };

/**
 * Uses IndexedDB, because files can be larger than the limit of session storage. It keeps data after a tab is closed, so each tab has its own name,
 * and the page deletes data of other tabs after half a day.
 */
const store = createStore('samples', 'samples');
const keptFor = 12 * 60 * 60 * 1000;
interface Kept { at: number; set: SampleSet }
const tab = (() => {
  const name = sessionStorage.getItem('tab') ?? crypto.randomUUID();
  sessionStorage.setItem('tab', name);
  return name;
})();
const keyOf = (id: string | undefined) => `${tab}/${id ?? ''}`;
/** In a browser without storage (some private windows), the samples are lost when the page is left. */
const ignore = () => {};

void entries<string, Kept>(store).then(all => delMany(all.filter(([, kept]) => kept.at < Date.now() - keptFor).map(([key]) => key), store)).catch(ignore);

export const forgetSamples = () => clear(store).catch(ignore);

/** The samples of a destination, or of a new one without an id. They survive tab changes, saving and reloads of the page. */
export function useSamples(id: string | undefined) {
  const [samples, setSamples] = useState<SampleSet>(none);
  useEffect(() => {
    get<Kept>(keyOf(id), store).then(kept => { if (kept) setSamples(kept.set); }, ignore);
  }, []);
  const change = (next: SampleSet) => {
    setSamples(next);
    void set(keyOf(id), { at: Date.now(), set: next } satisfies Kept, store).catch(ignore);
  };
  /** A new destination has been saved under an id. */
  const moveTo = async (newId: string) => {
    await set(keyOf(newId), { at: Date.now(), set: samples } satisfies Kept, store).catch(ignore);
    await del(keyOf(id), store).catch(ignore);
  };
  const given = useMemo(() => givenOf(samples), [samples]);
  return { samples, change, moveTo, given };
}

/** The complete pasted text or file; undefined for the waiting records of the destination. */
export interface Given { text: string; format: RecordsFormat; shown: string; total: number }

function givenOf({ source, pasted, file }: SampleSet): Given | undefined {
  if (source === 'backlog') return undefined;
  const { text, format } = source === 'file' ? (file ?? { text: '', format: 'json' as const }) : { text: pasted, format: formatOf(pasted) };
  const { text: shown, total } = head(text, format, mostShown);
  return { text, format, shown, total };
}
