import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, ApiError, type Config, type State } from '../api';
import { effective, modeOf, type Mode } from '../config';
import { useOnce, usePolled } from '../hooks';
import { announce, announceError, attempt } from '../parts/announce';
import { Confirm, Dialog } from '../parts/Dialog';
import { newProblems, ProblemsContext, TextField, UnplacedProblems } from '../parts/Field';
import { type Samples, usePreview } from '../preview';
import { linkTo, route, type View } from '../route';
import { Activity } from './Activity';
import { CheckButton, StatePill } from './DestinationList';
import { Editor } from './Editor';
import { QuarantineView } from './QuarantineView';
import { SamplePanel } from './SamplePanel';

const views: [View, string][] = [['settings', 'Settings'], ['activity', 'Activity'], ['quarantine', 'Quarantine']];

/** One destination: what it is, what it does, what it refused. Without an id: a new one. */
export function DestinationPage({ id }: { id?: string }) {
  const [newId, setNewId] = useState('');
  const [draft, setDraft] = useState<Config>();
  const [mode, setMode] = useState<Mode>('template');
  const [saved, setSaved] = useState('');
  const [etag, setEtag] = useState<string>();
  const [state, setState] = useState<State>('paused');
  const [missing, setMissing] = useState<string>();
  const [dialog, setDialog] = useState<'copy' | 'delete' | 'force' | 'conflict'>();
  const [samples, setSamples] = useState<Samples>({ text: '', format: 'json' });
  const [loaded, setLoaded] = useState(0);
  const [workspaces, setWorkspaces] = useState<{ id: string; name: string }[]>([]);
  const problems = useMemo(newProblems, []);
  const credentials = useOnce('credentials', api.credentials);

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
  useEffect(() => {
    if (id) load().catch(error => setMissing(error.message));
  }, []);
  useEffect(() => {
    if (id) return;
    setDraft(before => {
      const credential = credentials && !credentials.some(one => one.name === before?.credential) ? credentials[0]?.name : before?.credential;
      return { endpoint: 'createTimeEntry', ...before, credential: credential ?? 'default' };
    });
  }, [credentials]);

  const config = useMemo(() => effective(draft ?? {}, mode), [draft, mode]);
  const changed = draft !== undefined && JSON.stringify(config) !== saved;
  const preview = usePreview(id, config, samples);
  useEffect(() => {
    problems.all.value = preview.preview?.problems ?? [];
    const refused = preview.preview?.refused.flatMap(one => one.problems.map(problem => ({ ...problem, message: `${problem.message} (record ${one.record + 1})` }))) ?? [];
    problems.ofSamples.value = refused.filter((one, index) => refused.findIndex(other => other.path === one.path) === index).slice(0, 20);
  }, [preview.preview]);
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

  const status = usePolled(async () => (id ? api.status(id) : undefined), 2000);
  const current = status.value?.state ?? state;

  /** Activating and pausing make a new version too; only a change of the settings is somebody else's. */
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
  const save = () => attempt(async () => {
    const name = id ?? newId;
    try {
      const stored = await saveVersion(name);
      setEtag(stored.etag);
      setSaved(JSON.stringify(config));
      announce(id ? 'Saved.' : `Created ${name}. It is paused: activate it when it looks right.`);
      if (!id) location.hash = linkTo(name);
    } catch (error) {
      if (!id && error instanceof ApiError && error.status === 412) error = new ApiError(400, `There is a destination ${name} already.`, '', [{ path: '$.id', message: 'is taken; choose another name.' }]);
      if (!(error instanceof ApiError) || error.status !== 400) throw error;
      problems.all.value = error.errors;
      announceError(error.errors.length ? `Not saved: ${error.title}` : error);
    }
  });
  const changeState = (to: 'activate' | 'pause') => attempt(async () => {
    setState((await api.setState(id!, to)).state);
    status.reload();
    announce(to === 'activate' ? 'Active: waiting records are sent now.' : 'Paused: records wait until you activate it again.');
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
      <nav aria-label="Breadcrumb" class="crumbs"><a href="#/">Destinations</a></nav>
      <div class="title">
        <h1>{id ?? 'New destination'} {id && <StatePill state={current} />}</h1>
        <div class="buttons">
          {id && <button onClick={() => setDialog('copy')}>Copy</button>}
          {id && <button class="danger-text" onClick={() => setDialog('delete')}>Delete</button>}
          {id && (current === 'active' ? <button onClick={() => changeState('pause')}>Pause</button> : <button disabled={changed} title={changed ? 'Save first' : undefined} onClick={() => changeState('activate')}>Activate</button>)}
          <button class="primary" disabled={!changed || (!id && !newId)} onClick={save}>Save</button>
        </div>
      </div>
      {id && (
        <nav class="tabs" aria-label="Destination">
          {views.map(([name, label]) => <a key={name} href={linkTo(id, name)} aria-current={view === name ? 'page' : undefined}>{label}</a>)}
        </nav>
      )}

      {status.error && <p class="box warn">What is shown is not up to date: {status.error}</p>}
      {view === 'activity' && id ? <Activity id={id} status={status.value} /> : view === 'quarantine' && id ? <QuarantineView id={id} onChange={status.reload} /> : (
        <div class="split">
          <section aria-label="Settings">
            <UnplacedProblems />
            <div class="card">
              {!id && <TextField label="Name" path="$.id" value={newId} onChange={value => setNewId(value.toLowerCase())} placeholder="time-entries" hint="Letters, digits and hyphens. Messages name the destination by it." />}
              <div class="field" data-path="$.credential">
                <label class="label" for="credential">Credential</label>
                <select id="credential" disabled={!!id} value={draft.credential} onChange={event => setDraft({ ...draft, credential: event.currentTarget.value })}>
                  {(credentials?.map(one => one.name) ?? [draft.credential!]).map(name => <option key={name} value={name} selected={name === draft.credential}>{name}</option>)}
                </select>
                <p class="hint">{id ? 'A destination keeps its credential: its waiting records belong to that key.' : 'The API key, from the app settings. A destination keeps it.'}</p>
              </div>
              {draft.credential && <CheckButton name={draft.credential} onChecked={check => setWorkspaces(check.workspaces ?? [])} />}
            </div>
            <Editor key={loaded} workspaces={workspaces} draft={draft} config={config} mode={mode} attributes={preview.preview?.attributes ?? []} onChange={setDraft} onMode={setMode} />
          </section>
          <SamplePanel id={id} config={config} samples={samples} onSamples={setSamples} state={preview} changed={changed} />
        </div>
      )}

      {dialog === 'copy' && id && <CopyDialog id={id} onClose={() => setDialog(undefined)} />}
      {dialog === 'delete' && <Confirm title={`Delete ${id}?`} action="Delete" onConfirm={() => remove(false)} onClose={() => setDialog(undefined)}>Its settings are gone then. Records that still wait keep it from being deleted.</Confirm>}
      {dialog === 'conflict' && <Confirm title={`${id} has changed`} action="Load the new version" onConfirm={() => attempt(load)} onClose={() => setDialog(undefined)}>Somebody else saved it since you opened it. Loading the new version drops your changes.</Confirm>}
      {dialog === 'force' && <Confirm title="Records still wait" action="Delete with its records" onConfirm={() => remove(true)} onClose={() => setDialog(undefined)}>Deleting {id} now drops the records that have not been sent. Nobody can bring them back.</Confirm>}
    </ProblemsContext.Provider>
  );
}

function CopyDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [name, setName] = useState(`${id}-copy`);
  return (
    <Dialog title={`Copy ${id}`} onClose={onClose}>
      <form onSubmit={event => { event.preventDefault(); void attempt(async () => { await api.copy(id, name); announce(`Copied to ${name}. It is paused.`); onClose(); location.hash = linkTo(name); }); }}>
        <TextField label="Name of the copy" path="$.id" value={name} onChange={setName} hint="The copy is paused and has no records." />
        <div class="buttons end"><button type="button" onClick={onClose}>Cancel</button><button class="primary">Copy</button></div>
      </form>
    </Dialog>
  );
}
