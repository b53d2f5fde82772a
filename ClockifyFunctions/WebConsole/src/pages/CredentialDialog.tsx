import { useState } from 'preact/hooks';
import { api, ApiError, type Credential, type CredentialConfig, type Problem } from '../api';
import { runCheck } from '../check';
import { announce } from '../parts/announce';
import { Dialog } from '../parts/Dialog';
import { LimitFields } from './LimitFields';

type Purpose = 'create' | 'change' | 'rotate';
interface Properties { purpose: Purpose; credential?: Credential; baseUrl: string; onDone: (name: string) => void; onClose: () => void }

const titles: Record<Purpose, string> = { create: 'New credential', change: 'Change credential', rotate: 'Replace the key of' };
const lines = (text: string) => text.split('\n').map(line => line.trim()).filter(Boolean);

/** Creates a credential, changes it, or replaces its key. No response of the app contains a key, so the field of the key is initially empty. */
export function CredentialDialog({ purpose, credential, baseUrl, onDone, onClose }: Properties) {
  const [name, setName] = useState(credential?.name ?? '');
  const [apiKey, setApiKey] = useState('');
  const [address, setAddress] = useState(credential?.baseUrl ?? baseUrl);
  const [header, setHeader] = useState(credential?.header ?? 'X-Api-Key');
  const [limits, setLimits] = useState(credential?.rate.limits ?? ['10/00:00:01']);
  const [hosts, setHosts] = useState((credential?.allowedHosts ?? []).join('\n'));
  const [inline, setInline] = useState(credential?.inlineConfigs ?? 'endpoints');
  const [workspaces, setWorkspaces] = useState((credential?.workspaces ?? []).join('\n'));
  const [problems, setProblems] = useState<Problem[]>([]);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const save = async () => {
    setBusy(true);
    setProblems([]);
    setError(undefined);
    try {
      if (purpose === 'rotate') await api.rotateCredential(name, apiKey);
      else {
        const config: CredentialConfig = { baseUrl: address, header, limits, allowedHosts: lines(hosts), inlineConfigs: inline, workspaces: lines(workspaces) };
        await api.saveCredential(name, purpose === 'create' ? { ...config, apiKey } : config, purpose === 'create');
      }
      announce({ create: `Created credential ${name}.`, change: `Changed credential ${name}.`, rotate: `Credential ${name} has a new key. Every instance uses it within 30 seconds.` }[purpose]);
      // The old check was made with another key, or at another address.
      void runCheck(name);
      onDone(name);
      onClose();
    } catch (failure) {
      if (failure instanceof ApiError && failure.errors.length > 0) setProblems(failure.errors);
      else setError(failure instanceof ApiError && failure.status === 412 ? `There is a credential ${name} already. Choose another name.` : (failure as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const entry = (member: string, label: string, control: (attributes: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => preact.ComponentChildren, hint?: string) => {
    const own = problems.filter(one => one.path === `$.${member}` || one.path.startsWith(`$.${member}[`));
    const id = `credential-${member}`;
    return (
      <div class={own.length ? 'field bad' : 'field'}>
        <label class="label" for={id}>{label}</label>
        {control({ id, 'aria-describedby': hint || own.length ? `${id}-hint` : undefined, 'aria-invalid': own.length > 0 || undefined })}
        {(hint || own.length > 0) && <div id={`${id}-hint`}>{hint && <p class="hint">{hint}</p>}{own.length > 0 && <ul class="problems">{own.map(one => <li>{one.message}</li>)}</ul>}</div>}
      </div>
    );
  };

  return (
    <Dialog title={purpose === 'create' ? titles.create : `${titles[purpose]} ${name}`} onClose={onClose}>
      <form onSubmit={event => { event.preventDefault(); void save(); }}>
        {error && <p class="box bad" role="alert">{error}</p>}
        {purpose === 'create' && entry('name', 'Name', attributes => <input {...attributes} required value={name} spellcheck={false} autocomplete="off" onInput={event => setName(event.currentTarget.value.toLowerCase())} />, 'Letters a to z and digits. Destinations name the credential by it.')}
        {purpose !== 'change' && entry('apiKey', 'API key', attributes => <input {...attributes} type="password" required value={apiKey} autocomplete="off" onInput={event => setApiKey(event.currentTarget.value)} />, 'In Clockify: profile settings, API. It cannot be read again here; only its fingerprint is shown.')}
        {purpose !== 'rotate' && (
          <>
            {entry('baseUrl', 'API address', attributes => <input {...attributes} type="url" required value={address} spellcheck={false} onInput={event => setAddress(event.currentTarget.value)} />, 'https://api.clockify.me/api/v1, or the address of the region of the workspace.')}
            <LimitFields limits={limits} problems={problems.filter(one => one.path.startsWith('$.limits'))} onChange={setLimits} />
            <details class="more">
              <summary>Header, further hosts, configs in messages</summary>
              {entry('header', 'Request header with the key', attributes => <input {...attributes} required value={header} spellcheck={false} onInput={event => setHeader(event.currentTarget.value)} />)}
              {entry('allowedHosts', 'Further hosts that may receive the key', attributes => <textarea {...attributes} rows={2} value={hosts} spellcheck={false} onInput={event => setHosts(event.currentTarget.value)} />, 'One per line: host or host:port.')}
              {entry('inlineConfigs', 'Messages that carry their own destination config', attributes => (
                <select {...attributes} value={inline} onChange={event => setInline(event.currentTarget.value)}>
                  {[['endpoints', 'may use endpoints of the catalog'], ['none', 'are not permitted'], ['all', 'may use any method and URL']].map(([value, label]) => <option key={value} value={value} selected={value === inline}>{label}</option>)}
                </select>
              ))}
              {entry('workspaces', 'Workspaces that such messages may use', attributes => <textarea {...attributes} rows={2} value={workspaces} spellcheck={false} onInput={event => setWorkspaces(event.currentTarget.value)} />, 'One ID per line. Without one, all workspaces of the key.')}
            </details>
          </>
        )}
        <div class="buttons end"><button type="button" onClick={onClose}>Cancel</button><button class="primary" disabled={busy}>{busy ? 'Saving …' : purpose === 'rotate' ? 'Replace key' : 'Save'}</button></div>
      </form>
    </Dialog>
  );
}
