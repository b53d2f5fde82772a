import { signal } from '@preact/signals';

export type View = 'list' | 'new' | 'settings' | 'activity' | 'quarantine';
export interface Route { view: View; id?: string }

/** #/ , #/new , #/d/{id} , #/d/{id}/activity , #/d/{id}/quarantine */
function read(): Route {
  const [place, id, view] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  if (place === 'new') return { view: 'new' };
  if (place === 'd' && id) return { id, view: view === 'activity' || view === 'quarantine' ? view : 'settings' };
  return { view: 'list' };
}

export const route = signal(read());
addEventListener('hashchange', () => (route.value = read()));

export const linkTo = (id: string, view: View = 'settings') => `#/d/${encodeURIComponent(id)}${view === 'settings' ? '' : `/${view}`}`;
