import type { Credential } from '../api';
import { runCheck, useCheck } from '../check';
import { count, plural } from '../format';
import { usePolled } from '../hooks';
import { ConditionBox, ConditionPill } from '../parts/Condition';
import { RateText } from '../parts/Numbers';
import { loadSummary } from '../summary';

export function CredentialsPage() {
  const { value, error, reload } = usePolled(() => loadSummary('', 'name', 0, 1));
  return (
    <>
      <div class="title"><h1>Credentials</h1></div>
      {error && <p class="box bad" role="alert">{error}</p>}
      {value === undefined ? !error && <p class="muted">Loading …</p> : (
        <ul class="credentials">{value.credentials.map(one => <CredentialCard key={one.name} credential={one} onChange={reload} />)}</ul>
      )}
    </>
  );
}

function CredentialCard({ credential, onChange }: { credential: Credential; onChange: () => void }) {
  return (
    <li class="card">
      <h2>{credential.name} <ConditionPill condition={credential.condition} /></h2>
      <p class="muted"><span class="url">{credential.baseUrl}</span><br />Fingerprint of the key <code>{credential.fingerprint}</code></p>
      <dl>
        <div><dt>Calls per second</dt><dd><RateText rate={credential.rate} /></dd></div>
        <div><dt>429 answers</dt><dd>{count(credential.responses429)}</dd></div>
        <div><dt>Destinations</dt><dd>{count(credential.destinations)}</dd></div>
        <div><dt>Sending now</dt><dd>{credential.holder ? 'yes' : 'no'}</dd></div>
      </dl>
      <ConditionBox condition={credential.condition} credential={credential.name} onChange={onChange} />
      <CheckButton name={credential.name} />
    </li>
  );
}

/** Asks Clockify who the key belongs to. */
export function CheckButton({ name, automatic = false }: { name: string; automatic?: boolean }) {
  const state = useCheck(name, automatic);
  const check = state?.check;
  return (
    <div class="checkup">
      <button type="button" disabled={state?.busy} onClick={() => runCheck(name)}>{state?.busy ? 'Checking …' : 'Check connection'}</button>
      <div role="status">
        {state?.error && <p class="box bad">{state.error}</p>}
        {check && !state.busy && !state.error && (check.ok
          ? <p class="box good">Connected as {check.user?.name} ({check.user?.email}). The key sees {plural(check.workspaces?.length ?? 0, 'workspace')}: {check.workspaces?.map(one => one.name).join(', ')}.</p>
          : <p class="box bad">{check.message ?? `Clockify answered with status ${check.status}.`}</p>)}
      </div>
    </div>
  );
}
