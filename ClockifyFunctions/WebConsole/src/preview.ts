import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Config, type Preview } from './api';
import type { RecordsFormat } from './config';

/** Records to preview with: a text, or null for the stored destination's own waiting ones. */
export interface Samples { text: string | null; format: RecordsFormat }
export interface PreviewState { preview?: Preview; milliseconds?: number; error?: string; pending: boolean }

/** Long enough to sleep through a burst of keys, and together with the call well below 200 ms. */
const debounce = 80;

export function usePreview(id: string | undefined, config: Config, samples: Samples): PreviewState {
  const [state, setState] = useState<PreviewState>({ pending: false });
  const running = useRef<AbortController>(undefined);
  const body = JSON.stringify(samples.text === null
    ? { config, destination: id, limit: 20 }
    : { config, recordsText: samples.text, recordsFormat: samples.format, limit: 100 });
  useEffect(() => {
    setState(before => ({ ...before, pending: true }));
    const timer = setTimeout(async () => {
      running.current?.abort();
      const own = (running.current = new AbortController());
      const start = performance.now();
      try {
        const preview = await api.preview(JSON.parse(body), own.signal);
        setState({ preview, milliseconds: performance.now() - start, pending: false });
      } catch (error) {
        if (!own.signal.aborted) setState(before => ({ ...before, error: (error as Error).message, pending: false }));
      }
    }, debounce);
    return () => clearTimeout(timer);
  }, [body]);
  useEffect(() => () => running.current?.abort(), []);
  return state;
}
