import { useEffect, useRef } from 'preact/hooks';
import { functionKey, useKey } from './api';
import { Announcements } from './parts/announce';
import { route, type View } from './route';
import { forgetSamples } from './samples';
import { CredentialsPage } from './pages/CredentialsPage';
import { DestinationList } from './pages/DestinationList';
import { DestinationPage } from './pages/DestinationPage';
import { KeyForm } from './pages/KeyForm';
import { attention } from './summary';
import { UnroutedPage } from './pages/UnroutedPage';

const places: [View, string, string][] = [['list', '#/', 'Destinations'], ['credentials', '#/credentials', 'Credentials'], ['unrouted', '#/unrouted', 'Unrouted']];

export function App() {
  const { id, view } = route.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const place = id || view === 'new' ? 'list' : view;
  useEffect(() => {
    document.title = `${id ?? (view === 'new' ? 'New destination' : places.find(([name]) => name === view)?.[2])} · ClockifyFunctions`;
    // Moves the focus to the top of a new page, for people who use the keyboard.
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [id, id ? '' : view]);
  const forget = () => {
    void forgetSamples();
    useKey('');
  };

  return (
    <>
      <a class="skip" href="#main" onClick={event => { event.preventDefault(); main.current?.focus(); }}>Skip to content</a>
      <header class="bar">
        <div class="line">
          <a class="brand" href="#/"><img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="28" height="28" /><span>ClockifyFunctions</span></a>
          {functionKey.value && (
            <nav class="places" aria-label="Pages">
              {places.map(([name, link, label]) => <a key={name} href={link} aria-current={place === name ? 'page' : undefined}>{label}{attention.value[name] ? <span class="count">{attention.value[name]}</span> : null}</a>)}
            </nav>
          )}
          {functionKey.value && <button class="quiet" onClick={forget}>Forget key</button>}
        </div>
        <Announcements />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {!functionKey.value ? <KeyForm />
          : view === 'new' ? <DestinationPage key="/new" />
          : id ? <DestinationPage key={id} id={id} />
          : view === 'credentials' ? <CredentialsPage />
          : view === 'unrouted' ? <UnroutedPage />
          : <DestinationList />}
      </main>
    </>
  );
}
