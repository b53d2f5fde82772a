import { useEffect, useState } from 'preact/hooks';
import { api, type Quarantine, type QuarantineChange, type QuarantineChoice, type QuarantineEntry } from '../api';
import { ago, count, plural, time } from '../format';
import { useOnce, usePolled } from '../hooks';
import { announce, announceError, attempt } from '../parts/announce';
import { Confirm } from '../parts/Dialog';
import { Pager } from '../parts/Pager';

const pageSize = 50;
/** `tag`: a version of the entries. Without it the view loads the entries every four seconds. */
interface Properties { id: string; tag?: string; onChange?: () => void }

/** The entries of a quarantine with their reasons. */
export function QuarantineView({ id, tag, onChange }: Properties) {
  const [offset, setOffset] = useState(0);
  const load = () => api.quarantine(id, offset, pageSize);
  return tag === undefined
    ? <Polled load={load} id={id} offset={offset} onOffset={setOffset} />
    : <OnChange load={load} id={id} offset={offset} onOffset={setOffset} tag={tag} onChange={onChange} />;
}

interface InnerProperties { id: string; offset: number; load: () => Promise<Quarantine>; onOffset: (offset: number) => void }

function Polled({ load, ...rest }: InnerProperties) {
  const { value, error, reload } = usePolled(load, [rest.offset]);
  return <Entries {...rest} value={value} error={error} onChange={reload} />;
}

function OnChange({ load, tag, onChange, ...rest }: InnerProperties & { tag: string; onChange?: () => void }) {
  const [value, setValue] = useState<Quarantine>();
  const [error, setError] = useState<string>();
  const reload = () => load().then(loaded => { setValue(loaded); setError(undefined); }, failure => setError(failure.message));
  useEffect(() => { void reload(); }, [tag, rest.offset]);
  return <Entries {...rest} value={value} error={error} onChange={() => { void reload(); onChange?.(); }} />;
}

type Choice = { choice: QuarantineChoice; count: number };

function Entries({ id, value, error, offset, onOffset, onChange }: { id: string; value?: Quarantine; error?: string; offset: number; onOffset: (offset: number) => void; onChange: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  /** The entries at the time of the question. Entries that arrive later are not included. */
  const [asking, setAsking] = useState<Choice & { action: 'discard' | 'replay' }>();
  const [destination, setDestination] = useState('');
  const { entries, total } = value ?? { entries: [], total: 0 };
  const selected = entries.filter(one => chosen.has(one.id)).map(one => one.id);
  const meant: Choice = selected.length ? { choice: { ids: selected }, count: selected.length } : total === entries.length ? { choice: { ids: entries.map(one => one.id) }, count: total } : { choice: { all: true }, count: total };

  const apply = (action: Promise<QuarantineChange>, done: string) => attempt(async () => {
    const { count, problems } = await action;
    if (count) announce(`${plural(count, 'record')} ${done}.`);
    const [first, ...more] = problems ?? [];
    if (first) announceError(`Entry ${first.path} ${first.message}${more.length ? ` ${plural(more.length, 'more entry stays', 'more entries stay')} in quarantine for a similar reason.` : ''}`);
    setChosen(new Set());
    onChange();
  });
  const replay = ({ choice }: Choice) => apply(api.replay(id, { ...choice, destination: destination || undefined }), 'will be sent again');
  const toggle = (entry: string) => {
    const next = new Set(chosen);
    if (!next.delete(entry)) next.add(entry);
    setChosen(next);
  };

  if (error && !value) return <p class="box bad">{error}</p>;
  if (!value) return <p class="muted">Loading …</p>;
  if (total === 0) return <div class="empty"><h2>The quarantine is empty</h2><p>{id === '_unrouted' ? 'Messages that name no known destination are kept here.' : 'Records that cannot be sent, or that Clockify rejects, are kept here with the reason.'}</p></div>;
  return (
    <section aria-label="Quarantine">
      <div class="title small">
        <label class="all"><input type="checkbox" checked={entries.length > 0 && selected.length === entries.length} onChange={event => setChosen(new Set(event.currentTarget.checked ? entries.map(one => one.id) : []))} /> {selected.length ? `${plural(selected.length, 'record')} chosen` : `Choose ${total > entries.length ? `the ${count(entries.length)} on this page` : `all ${count(total)}`}`}</label>
        <div class="buttons">
          <button class="danger-text" onClick={() => setAsking({ ...meant, action: 'discard' })}>Discard {selected.length ? 'chosen' : `all ${count(total)}`}</button>
          {id === '_unrouted' && <DestinationChoice value={destination} onChange={setDestination} />}
          <button class="primary" onClick={() => (selected.length || total === 1 ? replay(meant) : setAsking({ ...meant, action: 'replay' }))}>Replay {selected.length ? 'chosen' : `all ${count(total)}`}</button>
        </div>
      </div>
      <ul class="entries">
        {entries.map(entry => <Entry key={entry.id} entry={entry} chosen={chosen.has(entry.id)} onToggle={() => toggle(entry.id)} />)}
      </ul>
      <Pager label="Pages of entries" offset={offset} shown={entries.length} total={total} size={pageSize} onChange={next => { setChosen(new Set()); onOffset(next); scrollTo(0, 0); }} />
      {asking?.action === 'discard' && <Confirm title={`Discard ${plural(asking.count, 'record')}?`} action="Discard" onConfirm={() => apply(api.discard(id, asking.choice), 'discarded')} onClose={() => setAsking(undefined)}>They are removed from the quarantine and are not sent{'all' in asking.choice ? '. This includes entries that arrive until then' : ''}.</Confirm>}
      {asking?.action === 'replay' && <Confirm title={`Replay ${plural(asking.count, 'record')}?`} action="Replay" onConfirm={() => replay(asking)} onClose={() => setAsking(undefined)}>They are sent again with the current settings. A record whose cause still exists returns to the quarantine.</Confirm>}
    </section>
  );
}

function DestinationChoice({ value, onChange }: { value: string; onChange: (destination: string) => void }) {
  const destinations = useOnce('destinations', api.destinations) ?? [];
  return (
    <select aria-label="Destination to replay to" value={value} onChange={event => onChange(event.currentTarget.value)}>
      <option value="">as the message says</option>
      {destinations.map(({ id }) => <option key={id} value={id}>to {id}</option>)}
    </select>
  );
}

function Entry({ entry, chosen, onToggle }: { entry: QuarantineEntry; chosen: boolean; onToggle: () => void }) {
  return (
    <li class="card entry">
      <input type="checkbox" checked={chosen} aria-label={`Choose record ${entry.id}`} onChange={onToggle} />
      <div>
        <p><span class="pill stopped">{entry.kind}</span> <span class="muted" title={time(entry.at)}>{ago(entry.at)}</span>{entry.replay ? <span class="badge">replayed {plural(entry.replay, 'time')}</span> : null}</p>
        <p class="reason">{entry.reason}</p>
        <details>
          <summary>Record{entry.call ? ', request and response' : ''}</summary>
          <pre tabIndex={0} aria-label="Record">{entry.record !== undefined && entry.record !== null ? JSON.stringify(entry.record, null, 2) : entry.raw ? text(entry.raw) : 'The message is too large to be shown. It is kept in storage.'}</pre>
          {entry.call ? <pre tabIndex={0} aria-label="Call">{JSON.stringify(entry.call, null, 2)}</pre> : null}
          {entry.history?.map(earlier => <p class="hint">{time(earlier.at)}: {earlier.kind}, {earlier.reason}</p>)}
        </details>
      </div>
    </li>
  );
}

/** Messages that are not JSON come as base64. */
function text(raw: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(raw), letter => letter.charCodeAt(0)));
  } catch {
    return raw;
  }
}
