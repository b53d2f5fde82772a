import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Config, type Preview } from './api';
import { type Given, mostShown } from './samples';

export interface PreviewState { preview?: Preview; milliseconds?: number; error?: string; pending: boolean }

/** Milliseconds after the last change until the preview is requested. A person who types quickly causes one request. */
const debounce = 80;
const mostWaiting = 20;

/** The requests of a config for the given records, or for the waiting records of the stored destination. */
export function usePreview(id: string | undefined, config: Config, given: Given | undefined): PreviewState {
  const [state, setState] = useState<PreviewState>({ pending: false });
  const running = useRef<AbortController>(undefined);
  const body = JSON.stringify(given === undefined
    ? { config, destination: id, limit: mostWaiting }
    : { config, recordsText: given.shown, recordsFormat: given.format, limit: mostShown });
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
