import { signal } from '@preact/signals';

export type View = 'list' | 'new' | 'credentials' | 'unrouted' | 'settings' | 'activity' | 'quarantine';
export interface Route { view: View; id?: string }

/** Decodes a part of the address. A part that is not valid percent-encoding is returned unchanged. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** #/ , #/new , #/credentials , #/unrouted , #/d/{id} , #/d/{id}/activity , #/d/{id}/quarantine */
function read(): Route {
  const [place, id, view] = location.hash.replace(/^#\/?/, '').split('/').map(decoded);
  if (place === 'new' || place === 'credentials' || place === 'unrouted') return { view: place };
  if (place === 'd' && id) return { id, view: view === 'activity' || view === 'quarantine' ? view : 'settings' };
  return { view: 'list' };
}

export const route = signal(read());
addEventListener('hashchange', () => (route.value = read()));

export const linkTo = (id: string, view: View = 'settings') => `#/d/${encodeURIComponent(id)}${view === 'settings' ? '' : `/${view}`}`;
