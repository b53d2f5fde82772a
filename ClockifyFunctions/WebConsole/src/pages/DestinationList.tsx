import { useState } from 'preact/hooks';
import { api, type Check, type Credential, type Destination, type Status, type Template } from '../api';
import { ago, bytes, count, duration, plural } from '../format';
import { useOnce, usePolled } from '../hooks';
import { announce, attempt } from '../parts/announce';
import { linkTo } from '../route';
import { QuarantineView } from './QuarantineView';

export const StatePill = ({ state }: { state: string }) => <span class={`pill ${state}`}>{state}</span>;

/** Records where they are known, bytes otherwise. */
export const waitingText = (status: Status) =>
  !status.waiting || status.waiting.bytes === 0 ? 'none' : status.waiting.records !== null && status.waiting.records !== undefined ? count(status.waiting.records) : bytes(status.waiting.bytes);

export function DestinationList() {
  const templates = useOnce('templates', api.templates);
  const { value, error } = usePolled(async () => {
    const destinations = await api.destinations();
    const states = await Promise.all(destinations.map(one => api.status(one.id).catch(() => undefined)));
    return destinations.map((destination, index) => ({ destination, status: states[index] }));
  }, 3000);

  return (
    <>
      <div class="title"><h1>Destinations</h1><a class="button primary" href="#/new">New destination</a></div>
      {error && <p class="box bad" role="alert">{error}</p>}
      {value === undefined ? !error && <p class="muted">Loading …</p> : value.length === 0 ? <Empty /> : (
        <ul class="destinations">
          {value.map(row => <Row key={row.destination.id} {...row} templates={templates} />)}
        </ul>
      )}
      <Credentials />
      <Unrouted />
    </>
  );
}

const Empty = () => (
  <div class="empty">
    <h2>Nothing is delivered yet</h2>
    <p>A destination says where records go: one of Clockify's endpoints, or a method and URL of your own.<br />You see what would be sent before anything is sent.</p>
    <a class="button primary" href="#/new">Create the first destination</a>
  </div>
);

function Row({ destination: { id, state, config }, status, templates }: { destination: Destination; status?: Status; templates?: Template[] }) {
  const trouble = status?.suspended ? `Suspended: ${status.suspended}` : status?.lastError ? `${status.lastError.message} (${ago(status.lastError.at)})` : undefined;
  return (
    <li class="card row">
      <div class="who">
        <a href={linkTo(id)}>{id}</a> <StatePill state={state} />
        <p class="muted">{config.endpoint ? (templates?.find(one => one.name === config.endpoint)?.title ?? config.endpoint) : <><b>{config.method}</b> <span class="url">{config.url}</span></>} · key <code>{config.credential}</code></p>
      </div>
      <dl>
        <div><dt>Waiting</dt><dd>{status ? waitingText(status) : '…'}{status?.waiting?.oldestAgeSeconds ? <small> for {duration(status.waiting.oldestAgeSeconds)}</small> : null}</dd></div>
        <div><dt>Calls per second</dt><dd>{status?.rate ? <>{count(status.rate.perSecond)}<small> of {count(status.rate.permittedPerSecond)}</small></> : '–'}</dd></div>
        <div><dt>Delivered</dt><dd>{status ? count(status.delivered) : '…'}</dd></div>
        <div><dt>Refused so far</dt><dd>{status ? count(status.quarantined) : '…'} <small><a href={linkTo(id, 'quarantine')} aria-label={`Quarantine of ${id}`}>quarantine</a></small></dd></div>
      </dl>
      {trouble && <p class="trouble"><span aria-hidden="true">⚠</span> {trouble}</p>}
    </li>
  );
}

/** Messages that belong to no destination have no page of their own. */
function Unrouted() {
  const { value, reload } = usePolled(() => api.quarantine('_unrouted'), 8000);
  if (!value?.total) return null;
  return (
    <section aria-labelledby="unrouted">
      <h2 id="unrouted">Messages that name no known destination</h2>
      <QuarantineView id="_unrouted" onChange={reload} />
    </section>
  );
}

function Credentials() {
  const { value, reload } = usePolled(api.credentials, 3000);
  if (!value?.length) return null;
  return (
    <section aria-labelledby="credentials">
      <h2 id="credentials">Credentials</h2>
      <ul class="credentials">{value.map(one => <CredentialCard key={one.name} credential={one} onChange={reload} />)}</ul>
    </section>
  );
}

function CredentialCard({ credential, onChange }: { credential: Credential; onChange: () => void }) {
  return (
    <li class="card">
      <h3>{credential.name}</h3>
      <p class="muted"><span class="url">{credential.baseUrl}</span><br />Key fingerprint <code>{credential.fingerprint}</code></p>
      <dl>
        <div><dt>Calls per second</dt><dd>{count(credential.callsPerSecond)}<small> of {count(credential.permittedPerSecond)}</small></dd></div>
        <div><dt>429s</dt><dd>{count(credential.responses429)}</dd></div>
        <div><dt>Circuit breaker</dt><dd>{credential.breaker}</dd></div>
        <div><dt>Sending now</dt><dd>{credential.holder ? 'yes' : 'no'}</dd></div>
      </dl>
      {credential.suspended && (
        <p class="trouble"><span aria-hidden="true">⚠</span> Suspended: {credential.suspended} <button onClick={() => attempt(async () => { await api.resume(credential.name); announce(`Credential ${credential.name} sends again.`); onChange(); })}>Resume</button></p>
      )}
      <CheckButton name={credential.name} />
    </li>
  );
}

/** Asks Clockify who the key belongs to; writes nothing. */
export function CheckButton({ name, onChecked }: { name: string; onChecked?: (check: Check) => void }) {
  const [result, setResult] = useState<Check>();
  const [busy, setBusy] = useState(false);
  const check = () => attempt(async () => {
    setBusy(true);
    setResult(undefined);
    try {
      const check = await api.check(name);
      setResult(check);
      onChecked?.(check);
    } finally {
      setBusy(false);
    }
  });
  return (
    <div class="checkup">
      <button type="button" disabled={busy} onClick={check}>{busy ? 'Checking …' : 'Check connection'}</button>
      <div role="status">
        {result && (result.ok
          ? <p class="box good">Connected as {result.user?.name} ({result.user?.email}), {plural(result.workspaces?.length ?? 0, 'workspace')}: {result.workspaces?.map(one => one.name).join(', ')}</p>
          : <p class="box bad">{result.message ?? `Clockify answered with status ${result.status}.`}</p>)}
      </div>
    </div>
  );
}
