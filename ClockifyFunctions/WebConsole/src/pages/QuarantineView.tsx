import { useState } from 'preact/hooks';
import { api, type QuarantineChange, type QuarantineChoice, type QuarantineEntry } from '../api';
import { ago, plural, time } from '../format';
import { usePolled } from '../hooks';
import { announce, announceError, attempt } from '../parts/announce';
import { Confirm } from '../parts/Dialog';

/** What was refused and why; back to the backlog, or away. */
export function QuarantineView({ id, onChange }: { id: string; onChange: () => void }) {
  const { value, error, reload } = usePolled(() => api.quarantine(id), 4000, [id]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // Fixed when the question is asked, where all are shown: entries that come meanwhile are not meant.
  const [discarding, setDiscarding] = useState<{ choice: QuarantineChoice; count: number }>();
  const unrouted = id === '_unrouted';
  const destinations = usePolled(async () => (unrouted ? (await api.destinations()).map(one => one.id) : []), 10000, [id]).value ?? [];
  const [destination, setDestination] = useState('');
  const { entries, total } = value ?? { entries: [], total: 0 };
  const selected = entries.filter(one => chosen.has(one.id)).map(one => one.id);
  const ids = selected.length ? selected : entries.map(one => one.id);
  const meant: { choice: QuarantineChoice; count: number } = selected.length || total === entries.length ? { choice: { ids }, count: ids.length } : { choice: { all: true }, count: total };

  const apply = (action: Promise<QuarantineChange>, done: string) => attempt(async () => {
    const { count, problems } = await action;
    if (count) announce(`${plural(count, 'record')} ${done}.`);
    for (const problem of problems?.slice(0, 2) ?? []) announceError(`${problem.path}: ${problem.message}`);
    if (problems && problems.length > 2) announceError(`${plural(problems.length - 2, 'more record')} could not be dealt with.`);
    setChosen(new Set());
    reload();
    onChange();
  });
  const toggle = (entry: string) => {
    const next = new Set(chosen);
    if (!next.delete(entry)) next.add(entry);
    setChosen(next);
  };

  if (error && !value) return <p class="box bad">{error}</p>;
  if (!value) return <p class="muted">Loading …</p>;
  if (entries.length === 0) return <div class="empty"><h2>The quarantine is empty</h2><p>Records that cannot be sent, or that Clockify refuses, come here with the reason.</p></div>;
  return (
    <section aria-label="Quarantine">
      <div class="title small">
        <label class="all"><input type="checkbox" checked={selected.length === entries.length} onChange={event => setChosen(new Set(event.currentTarget.checked ? entries.map(one => one.id) : []))} /> {selected.length ? `${plural(selected.length, 'record')} chosen` : total > entries.length ? `Choose the first ${entries.length} of ${total}` : `Choose all (${total})`}</label>
        <div class="buttons">
          <button class="danger-text" onClick={() => setDiscarding(meant)}>Discard {selected.length ? 'chosen' : 'all'}</button>
          {unrouted && (
            <select aria-label="Destination to replay to" value={destination} onChange={event => setDestination(event.currentTarget.value)}>
              <option value="">as they say</option>
              {destinations.map(one => <option key={one} value={one}>to {one}</option>)}
            </select>
          )}
          <button class="primary" onClick={() => apply(api.replay(id, { ...meant.choice, destination: destination || undefined }), 'back in the queue')}>Replay {selected.length ? 'chosen' : 'all'}</button>
        </div>
      </div>
      <ul class="entries">
        {entries.map(entry => <Entry key={entry.id} entry={entry} chosen={chosen.has(entry.id)} onToggle={() => toggle(entry.id)} />)}
      </ul>
      {total > entries.length && <p class="hint">The first {entries.length} of {total} are shown.</p>}
      {discarding && <Confirm title={`Discard ${plural(discarding.count, 'record')}?`} action="Discard" onConfirm={() => apply(api.discard(id, discarding.choice), 'discarded')} onClose={() => setDiscarding(undefined)}>They will not be sent, and leave this list{'all' in discarding.choice ? ', with whatever has come by then' : ''}.</Confirm>}
    </section>
  );
}

function Entry({ entry, chosen, onToggle }: { entry: QuarantineEntry; chosen: boolean; onToggle: () => void }) {
  return (
    <li class="card entry">
      <input type="checkbox" checked={chosen} aria-label={`Choose record ${entry.id}`} onChange={onToggle} />
      <div>
        <p><span class="pill bad">{entry.kind}</span> <span class="muted" title={time(entry.at)}>{ago(entry.at)}</span>{entry.replay ? <span class="badge">replayed {plural(entry.replay, 'time')}</span> : null}</p>
        <p class="reason">{entry.reason}</p>
        <details>
          <summary>Record{entry.call ? ', request and response' : ''}</summary>
          <pre tabIndex={0} aria-label="Record">{entry.record !== undefined && entry.record !== null ? JSON.stringify(entry.record, null, 2) : entry.raw ? text(entry.raw) : 'The message is kept in storage.'}</pre>
          {entry.call ? <pre tabIndex={0} aria-label="Call">{JSON.stringify(entry.call, null, 2)}</pre> : null}
          {entry.history?.map(earlier => <p class="hint">{time(earlier.at)}: {earlier.kind}, {earlier.reason}</p>)}
        </details>
      </div>
    </li>
  );
}

/** Raw messages come as base64. */
function text(raw: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(raw), letter => letter.charCodeAt(0)));
  } catch {
    return raw;
  }
}
