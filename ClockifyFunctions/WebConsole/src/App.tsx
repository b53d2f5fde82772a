import { useEffect, useRef } from 'preact/hooks';
import { functionKey, useKey } from './api';
import { Announcements } from './parts/announce';
import { route } from './route';
import { DestinationList } from './pages/DestinationList';
import { DestinationPage } from './pages/DestinationPage';
import { KeyForm } from './pages/KeyForm';

export function App() {
  const { id, view } = route.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${id ?? (view === 'new' ? 'New destination' : 'Destinations')} · ClockifyFunctions`;
    // A new page begins at its top, for the keyboard too.
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [id, view === 'new']);

  return (
    <>
      <a class="skip" href="#main" onClick={event => { event.preventDefault(); main.current?.focus(); }}>Skip to content</a>
      <header class="bar">
        <a class="brand" href="#/"><img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="28" height="28" /><span>ClockifyFunctions</span></a>
        {functionKey.value && <button class="quiet" onClick={() => useKey('')}>Forget key</button>}
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {!functionKey.value ? <KeyForm /> : view === 'new' ? <DestinationPage key="/new" /> : id ? <DestinationPage key={id} id={id} /> : <DestinationList />}
      </main>
      <Announcements />
    </>
  );
}
