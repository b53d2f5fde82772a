import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';

/** What is loaded, and again every so many milliseconds while the page is visible. */
export function usePolled<T>(load: () => Promise<T>, every: number, dependencies: unknown[] = []) {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<string>();
  const current = useRef(load);
  current.current = load;
  const again = useRef<() => void>(() => {});
  useEffect(() => {
    let over = false;
    let timer = 0;
    const run = async () => {
      clearTimeout(timer);
      if (!document.hidden) {
        try {
          const loaded = await current.current();
          if (over) return;
          setValue(() => loaded);
          setError(undefined);
        } catch (failure) {
          if (over) return;
          setError((failure as Error).message);
          if (failure instanceof ApiError && failure.status === 401) return;
        }
      }
      timer = window.setTimeout(run, every);
    };
    again.current = run;
    const visible = () => { if (!document.hidden) void run(); };
    document.addEventListener('visibilitychange', visible);
    void run();
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', visible);
    };
  }, dependencies);
  return { value, error, reload: () => again.current() };
}

/** Loaded once per page. */
const once = new Map<string, Promise<unknown>>();
export function useOnce<T>(name: string, load: () => Promise<T>): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    if (!once.has(name)) once.set(name, load().catch(error => { once.delete(name); throw error; }));
    (once.get(name) as Promise<T>).then(loaded => setValue(() => loaded), () => {});
  }, [name]);
  return value;
}
