import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';

/** Milliseconds between two automatic requests of a page. */
const pollEvery = 4000;
/** Minimum number of milliseconds between the last request and the request of a page that becomes visible again. */
const leastPause = 3000;

/** A value that is loaded at once and then every four seconds. A hidden page sends no requests. */
export function usePolled<T>(load: () => Promise<T>, dependencies: unknown[] = []) {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<string>();
  const current = useRef(load);
  current.current = load;
  const again = useRef<() => void>(() => {});
  useEffect(() => {
    let over = false;
    let timer = 0;
    let asked = 0;
    let latest = 0;
    const run = async () => {
      clearTimeout(timer);
      if (document.hidden) return;
      asked = performance.now();
      const own = ++latest;
      try {
        const loaded = await current.current();
        if (over || own !== latest) return;
        setValue(() => loaded);
        setError(undefined);
      } catch (failure) {
        if (over || own !== latest) return;
        setError((failure as Error).message);
        // Without a valid key the app would refuse all further requests.
        if (failure instanceof ApiError && failure.status === 401) return;
      }
      timer = window.setTimeout(run, pollEvery);
    };
    again.current = run;
    const visible = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = window.setTimeout(run, Math.max(0, asked + leastPause - performance.now()));
    };
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

/** A value that is loaded once per page. */
const once = new Map<string, Promise<unknown>>();
export function useOnce<T>(name: string, load: () => Promise<T>): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    if (!once.has(name)) once.set(name, load().catch(error => { once.delete(name); throw error; }));
    (once.get(name) as Promise<T>).then(loaded => setValue(() => loaded), () => {});
  }, [name]);
  return value;
}

/** The value, after it has not changed for some time. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
