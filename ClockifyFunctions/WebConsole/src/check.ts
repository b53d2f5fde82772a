import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api, type Check } from './api';

/** The result of a connection check of a credential, or the reason why there is no result. */
export interface CheckState { check?: Check; error?: string; busy: boolean }

const storageKey = (credential: string) => `check:${credential}`;
const states = signal<Record<string, CheckState>>({});
const put = (credential: string, state: CheckState) => { states.value = { ...states.value, [credential]: state }; };

function stored(credential: string): CheckState | undefined {
  const text = sessionStorage.getItem(storageKey(credential));
  return text === null ? undefined : { check: JSON.parse(text), busy: false };
}

/** Requests the owner of the key and its workspaces from Clockify. It changes nothing, but it delays other calls with the key for a moment. */
export async function runCheck(credential: string): Promise<void> {
  put(credential, { ...states.peek()[credential], busy: true, error: undefined });
  try {
    const check = await api.check(credential);
    put(credential, { check, busy: false });
    if (check.ok) sessionStorage.setItem(storageKey(credential), JSON.stringify(check));
    else sessionStorage.removeItem(storageKey(credential));
  } catch (error) {
    put(credential, { error: (error as Error).message, busy: false });
  }
}

/** The latest check of this browser tab. With `automatic`, the page makes a check if there is none yet. */
export function useCheck(credential: string | undefined, automatic: boolean): CheckState | undefined {
  useEffect(() => {
    if (!credential || states.peek()[credential]) return;
    const known = stored(credential);
    if (known) put(credential, known);
    else if (automatic) void runCheck(credential);
  }, [credential, automatic]);
  return credential ? states.value[credential] : undefined;
}
