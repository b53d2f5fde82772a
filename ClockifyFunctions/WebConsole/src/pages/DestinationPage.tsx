import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, ApiError, type Config, type State, type Summary } from '../api';
import { effective, manualStart, modeOf, type Mode } from '../config';
import { plural } from '../format';
import { useOnce, usePolled } from '../hooks';
import { announce, announceError, attempt } from '../parts/announce';
import { ConditionBox, ConditionPill } from '../parts/Condition';
import { Confirm } from '../parts/Dialog';
import { newProblems, ProblemsContext, TextField, touch, UnplacedProblems } from '../parts/Field';
import { usePreview } from '../preview';
import { linkTo, route, type View } from '../route';
import { useSamples } from '../samples';
import { loadSummary } from '../summary';
import { Activity, span } from './Activity';
import { CopyDialog } from './CopyDialog';
import { CredentialDialog } from './CredentialDialog';
import { CheckButton } from './CredentialsPage';
import { Editor } from './Editor';
import { QuarantineView } from './QuarantineView';
import { SamplePanel } from './SamplePanel';

const views: [View, string][] = [['settings', 'Settings'], ['activity', 'Activity'], ['quarantine', 'Quarantine']];

/** One destination: its settings, its activity and its quarantine. Without an id: a new one. */
export function DestinationPage({ id }: { id?: string }) {
  const [newId, setNewId] = useState('');
  const [nameProblem, setNameProblem] = useState<string>();
  const [draft, setDraft] = useState<Config>();
  const [mode, setMode] = useState<Mode>('template');
  const [saved, setSaved] = useState('');
  const [etag, setEtag] = useState<string>();
  const [state, setState] = useState<State>('paused');
  const [missing, setMissing] = useState<string>();
  const [dialog, setDialog] = useState<'copy' | 'delete' | 'force' | 'conflict' | 'credential'>();
  const [loaded, setLoaded] = useState(0);
  const { samples, change: changeSamples, moveTo, given } = useSamples(id);
  const problems = useMemo(() => newProblems(id !== undefined), []);
  const [summary, setSummary] = useState<Summary>();
  const credentials = summary?.credentials;
  const templates = useOnce('templates', api.templates);
  const settings = useRef<HTMLElement>(null);

  const load = async () => {
    const found = await api.destination(id!);
    const foundMode = modeOf(found.config);
    setDraft(found.config);
    setMode(foundMode);
    setSaved(JSON.stringify(effective(found.config, foundMode)));
    setEtag(found.etag);
    setState(found.state);
    setLoaded(before => before + 1);
  };
  const loadCredentials = () => attempt(async () => setSummary(await loadSummary('', 'name', 0, 1)));
  useEffect(() => { void loadCredentials(); }, []);
  useEffect(() => {
    if (id) load().catch(error => setMissing(error.message));
  }, []);
  useEffect(() => {
    // The form of a new destination is shown when the credentials are known. Otherwise they would move the elements below them.
    if (id || !credentials) return;
    setDraft(before => {
      const named = (name?: string) => credentials.find(one => one.name === name)?.name;
      return { endpoint: 'createTimeEntry', ...before, credential: named(before?.credential) ?? named('default') ?? credentials[0]?.name };
    });
  }, [credentials]);

  const config = useMemo(() => effective(draft ?? {}, mode), [draft, mode]);
  const changed = draft !== undefined && JSON.stringify(config) !== saved;
  const preview = usePreview(id, config, given);
  useEffect(() => {
    problems.all.value = [...(nameProblem ? [{ path: '$.id', message: nameProblem }] : []), ...(preview.preview?.problems ?? [])];
    const refused = preview.preview?.refused.flatMap(one => one.problems.map(problem => ({ ...problem, message: `${problem.message} (record ${one.record + 1})` }))) ?? [];
    problems.ofSamples.value = refused.filter((one, index) => refused.findIndex(other => other.path === one.path) === index).slice(0, 20);
  }, [preview.preview, nameProblem]);
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    // Links within the page leave it too.
    const leave = (event: MouseEvent) => {
      const link = (event.target as Element).closest?.('a[href^="#/"]');
      if (link && !(id && link.getAttribute('href')!.startsWith(linkTo(id))) && !confirm('Leave without saving your changes?')) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    addEventListener('click', leave, true);
    return () => {
      removeEventListener('beforeunload', ask);
      removeEventListener('click', leave, true);
    };
  }, [changed]);

  const status = usePolled(async () => (id ? api.status(id, span) : undefined));
  const condition = status.value?.condition;
  const current = status.value?.state ?? state;

  const changeMode = (next: Mode) => {
    if (next === 'manual' && !draft?.url) {
      const baseUrl = credentials?.find(one => one.name === draft?.credential)?.baseUrl ?? '';
      setDraft(before => manualStart(before!, baseUrl, templates?.find(one => one.name === before!.endpoint)));
    }
    // Until the next preview, the problems are those of the other tab.
    problems.all.value = [];
    setMode(next);
  };

  /** Activating and pausing also create a new version. Only a change of the settings by another person is a conflict. */
  const saveVersion = async (name: string) => {
    try {
      return await api.save(name, config, id ? etag : 'new');
    } catch (error) {
      if (!id || !(error instanceof ApiError) || error.status !== 412) throw error;
      const now = await api.destination(id);
      if (JSON.stringify(effective(now.config, modeOf(now.config))) === saved) return api.save(name, config, now.etag);
      setDialog('conflict');
      throw error;
    }
  };
  const refuse = (found: { path: string; message: string }[]) => {
    setNameProblem(found.find(one => one.path === '$.id')?.message);
    problems.all.value = found;
    problems.showAll.value = true;
    announceError(`Not saved. ${plural(found.length, 'setting needs', 'settings need')} attention.`);
    // Runs after the fields have been rendered with their problems.
    setTimeout(() => settings.current?.querySelector<HTMLElement>('.field.bad :is(input, select, .code)')?.focus());
  };
  const save = () => attempt(async () => {
    const name = id ?? newId;
    if (!name) return refuse([{ path: '$.id', message: 'is missing; give the destination a name.' }, ...(preview.preview?.problems ?? [])]);
    try {
      const stored = await saveVersion(name);
      setEtag(stored.etag);
      setSaved(JSON.stringify(config));
      announce(id ? 'Saved.' : `Created ${name}. It is paused. Activate it when its requests look right.`);
      if (!id) {
        await moveTo(name);
        location.hash = linkTo(name);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!id && error.status === 412) refuse([{ path: '$.id', message: 'is taken; choose another name.' }]);
      else if (error.status === 400 && error.errors.length > 0) refuse(error.errors);
      else throw error;
    }
  });
  const changeState = (to: 'activate' | 'pause') => attempt(async () => {
    setState((await api.setState(id!, to)).state);
    status.reload();
    announce(to === 'activate' ? 'Active. Waiting records are sent now.' : 'Paused. Records wait until you activate it again.');
  });
  const remove = (force: boolean) => attempt(async () => {
    try {
      await api.remove(id!, force);
      announce(`Deleted ${id}.`);
      location.hash = '#/';
    } catch (error) {
      if (error instanceof ApiError && error.status === 409 && !force) setDialog('force');
      else throw error;
    }
  });

  if (missing) return <div class="empty"><h1>{id}</h1><p>{missing}</p><a class="button" href="#/">All destinations</a></div>;
  if (!draft) return <p class="muted">Loading …</p>;
  const view = id ? route.value.view : 'settings';
  return (
    <ProblemsContext.Provider value={problems}>
      <div class="title">
        <h1>{id ?? 'New destination'} {condition && <ConditionPill condition={condition} />}</h1>
        <div class="buttons">
          {id && <button onClick={() => setDialog('copy')}>Copy</button>}
          {id && <button class="danger-text" onClick={() => setDialog('delete')}>Delete</button>}
          {id && (current === 'active' ? <button onClick={() => changeState('pause')}>Pause</button> : <button disabled={changed} title={changed ? 'Save first' : undefined} onClick={() => changeState('activate')}>Activate</button>)}
          <button class="primary" disabled={!changed} onClick={save}>Save</button>
        </div>
      </div>
      {id && (
        <nav class="tabs" aria-label="Destination">
          {views.map(([name, label]) => <a key={name} href={linkTo(id, name)} aria-current={view === name ? 'page' : undefined}>{label}{name === 'quarantine' && status.value?.quarantined ? <span class="count">{status.value.quarantined}</span> : null}</a>)}
        </nav>
      )}

      {condition && <ConditionBox condition={condition} credential={status.value!.credential} onChange={status.reload} />}
      {status.error && <p class="box warn">These numbers are out of date: {status.error}</p>}
      {view === 'activity' && id ? <Activity id={id} status={status.value} /> : view === 'quarantine' && id ? <QuarantineView id={id} tag={status.value ? (status.value.quarantineTag ?? '') : ''} onChange={status.reload} /> : (
        <div class="split">
          <section aria-label="Settings" ref={settings} onFocusOut={event => touch(problems, event.target)} onChange={event => touch(problems, event.target)}>
            <UnplacedProblems />
            <div class="card">
              {!id && <TextField label="Name" path="$.id" value={newId} onChange={value => { setNewId(value.toLowerCase()); setNameProblem(undefined); }} placeholder="time-entries" hint="Letters, digits and hyphens. Messages name the destination by it." />}
              <div class="field" data-path="$.credential">
                <label class="label" for="credential">Credential</label>
                <select id="credential" disabled={!!id} value={draft.credential} onChange={event => setDraft({ ...draft, credential: event.currentTarget.value })}>
                  {(credentials?.map(one => one.name) ?? [draft.credential ?? '']).map(name => <option key={name} value={name} selected={name === draft.credential}>{name}</option>)}
                </select>
                {!id && summary?.credentialStore.canManage && <button type="button" class="below" onClick={() => setDialog('credential')}>New credential</button>}
                <p class="hint">{id ? 'A destination keeps its credential, because its waiting records belong to that key.' : 'The API key that sends the records. A destination keeps its credential.'}</p>
              </div>
              {draft.credential && <CheckButton name={draft.credential} automatic={!id} />}
            </div>
            <Editor key={loaded} isNew={!id} draft={draft} config={config} mode={mode} attributes={preview.preview?.attributes ?? []} onChange={setDraft} onMode={changeMode} />
          </section>
          <SamplePanel id={id} config={config} samples={samples} given={given} waiting={status.value?.waiting} onSamples={changeSamples} onConfig={change => setDraft({ ...draft, ...change })} state={preview} changed={changed} />
        </div>
      )}

      {dialog === 'credential' && <CredentialDialog purpose="create" baseUrl={credentials?.[0]?.baseUrl ?? 'https://api.clockify.me/api/v1'} onDone={name => { setDraft({ ...draft, credential: name }); void loadCredentials(); }} onClose={() => setDialog(undefined)} />}
      {dialog === 'copy' && id && <CopyDialog id={id} onClose={() => setDialog(undefined)} />}
      {dialog === 'delete' && <Confirm title={`Delete ${id}?`} action="Delete" onConfirm={() => remove(false)} onClose={() => setDialog(undefined)}>This deletes its settings. A destination with waiting records is not deleted.</Confirm>}
      {dialog === 'conflict' && <Confirm title={`${id} has changed`} action="Load the new version" onConfirm={() => attempt(load)} onClose={() => setDialog(undefined)}>Somebody else saved this destination after you opened it. If you load the new version, your changes are lost.</Confirm>}
      {dialog === 'force' && <Confirm title="Records still wait" action="Delete with its records" onConfirm={() => remove(true)} onClose={() => setDialog(undefined)}>If you delete {id} now, its waiting records are deleted too and are never sent. This cannot be undone.</Confirm>}
    </ProblemsContext.Provider>
  );
}
