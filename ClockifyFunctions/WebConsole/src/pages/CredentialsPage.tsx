import { useState } from 'preact/hooks';
import { api, type Credential } from '../api';
import { runCheck, useCheck } from '../check';
import { count, plural } from '../format';
import { usePolled } from '../hooks';
import { announce, attempt } from '../parts/announce';
import { ConditionBox, ConditionPill } from '../parts/Condition';
import { Confirm } from '../parts/Dialog';
import { RateText } from '../parts/Numbers';
import { loadSummary } from '../summary';
import { CredentialDialog } from './CredentialDialog';

type Asked = { purpose: 'create' } | { purpose: 'change' | 'rotate' | 'delete'; credential: Credential };

export function CredentialsPage() {
  const { value, error, reload } = usePolled(() => loadSummary('', 'name', 0, 1));
  const [asked, setAsked] = useState<Asked>();
  const store = value?.credentialStore;
  const remove = (name: string) => attempt(async () => {
    await api.deleteCredential(name);
    announce(`Deleted credential ${name}.`);
    reload();
  });
  return (
    <>
      <div class="title"><h1>Credentials</h1>{store?.canManage && <button class="primary" onClick={() => setAsked({ purpose: 'create' })}>New credential</button>}</div>
      {error && <p class="box bad" role="alert">{error}</p>}
      {store && !store.canManage && <p class="box warn">In this deployment, credentials are app settings. To create and change them in the console, set <code>KeyVaultUri</code> to a key vault that the app may write, or <code>CredentialsFile</code> to a local file.</p>}
      {store?.problem && <p class="box bad">The managed credentials cannot be read: {store.problem}</p>}
      {value === undefined ? !error && <p class="muted">Loading …</p> : value.credentials.length === 0 ? <p class="empty">There is no credential yet.</p> : (
        <ul class="credentials">{value.credentials.map(one => <CredentialCard key={one.name} credential={one} onAsk={setAsked} onChange={reload} />)}</ul>
      )}
      {asked?.purpose === 'delete' && <Confirm title={`Delete credential ${asked.credential.name}?`} action="Delete" onConfirm={() => remove(asked.credential.name)} onClose={() => setAsked(undefined)}>The key is removed from its store. A credential that a destination uses is not deleted.</Confirm>}
      {asked && asked.purpose !== 'delete' && (
        <CredentialDialog purpose={asked.purpose} credential={asked.purpose === 'create' ? undefined : asked.credential} baseUrl={value?.credentials[0]?.baseUrl ?? 'https://api.clockify.me/api/v1'} onDone={reload} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

function CredentialCard({ credential, onAsk, onChange }: { credential: Credential; onAsk: (asked: Asked) => void; onChange: () => void }) {
  const isManaged = credential.source === 'managed';
  return (
    <li class="card" data-credential={credential.name}>
      <h2>{credential.name} <ConditionPill condition={credential.condition} /></h2>
      <p class="muted"><span class="url">{credential.baseUrl}</span><br />Fingerprint of the key <code>{credential.fingerprint}</code></p>
      <dl>
        <div><dt>Calls per second</dt><dd><RateText rate={credential.rate} /></dd></div>
        <div><dt>429 answers</dt><dd>{count(credential.responses429)}</dd></div>
        <div><dt>Destinations</dt><dd>{count(credential.destinations)}</dd></div>
        <div><dt>Sending now</dt><dd>{credential.holder ? 'yes' : 'no'}</dd></div>
      </dl>
      <ConditionBox condition={credential.condition} credential={credential.name} onChange={onChange} />
      {isManaged ? (
        <div class="buttons">
          <button onClick={() => onAsk({ purpose: 'rotate', credential })}>Replace key</button>
          <button onClick={() => onAsk({ purpose: 'change', credential })}>Change</button>
          <button class="danger-text" onClick={() => onAsk({ purpose: 'delete', credential })}>Delete</button>
        </div>
      ) : <p class="hint">An app setting: a deployment changes it.</p>}
      <CheckButton name={credential.name} />
    </li>
  );
}

/** Requests the owner of the key from Clockify. */
export function CheckButton({ name, automatic = false }: { name: string; automatic?: boolean }) {
  const state = useCheck(name, automatic);
  const check = state?.check;
  return (
    <div class="checkup">
      <button type="button" disabled={state?.busy} onClick={() => runCheck(name)}>{state?.busy ? 'Checking …' : 'Check connection'}</button>
      <div role="status" class={automatic ? 'reserved' : undefined}>
        {state?.error && <p class="box bad">{state.error}</p>}
        {check && !state.busy && !state.error && (check.ok
          ? <p class="box good">Connected as {check.user?.name} ({check.user?.email}). The key sees {plural(check.workspaces?.length ?? 0, 'workspace')}: {check.workspaces?.map(one => one.name).join(', ')}.</p>
          : <p class="box bad">{check.message ?? `Clockify answered with status ${check.status}.`}</p>)}
      </div>
    </div>
  );
}
