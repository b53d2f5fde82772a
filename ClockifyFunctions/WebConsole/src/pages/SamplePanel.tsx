import { useState } from 'preact/hooks';
import { api, type Config, type PreviewRequest } from '../api';
import { contentTypes, exampleRecords, formatOf, type RecordsFormat } from '../config';
import { plural, pretty } from '../format';
import { useOnce } from '../hooks';
import { announce, announceError, attempt } from '../parts/announce';
import { CodeField } from '../parts/CodeField';
import { ProblemList } from '../parts/Field';
import type { PreviewState, Samples } from '../preview';
import { TestDialog } from './TestDialog';

type Source = 'paste' | 'file' | 'backlog';
const labels: Record<RecordsFormat, string> = { json: 'JSON', ndjson: 'NDJSON', csv: 'CSV' };
/** As much of a file as a preview needs; the whole file can still be queued. */
const mostShown = 200_000;

interface Properties { id?: string; config: Config; samples: Samples; onSamples: (samples: Samples) => void; state: PreviewState; changed: boolean }

/** The exact requests that the settings make of sample records. */
export function SamplePanel({ id, config, samples, onSamples, state, changed }: Properties) {
  const [source, setSource] = useState<Source>(samples.text === null ? 'backlog' : 'paste');
  const [file, setFile] = useState<{ name: string; text: string; format: RecordsFormat }>();
  const [pasted, setPasted] = useState(samples.text ?? '');
  const [testing, setTesting] = useState<PreviewRequest>();
  const templates = useOnce('templates', api.templates);
  const { preview } = state;

  const paste = (text: string) => {
    setPasted(text);
    onSamples({ text, format: formatOf(text) });
  };
  const choose = (next: Source) => {
    setSource(next);
    onSamples(next === 'backlog' ? { text: null, format: 'json' } : next === 'file' ? shown(file) : { text: pasted, format: formatOf(pasted) });
  };
  const open = async (chosen?: File) => {
    if (!chosen) return;
    const text = await decoded(chosen);
    if (text === undefined) return;
    const format: RecordsFormat = /\.csv$/i.test(chosen.name) ? 'csv' : /\.(ndjson|jsonl)$/i.test(chosen.name) ? 'ndjson' : formatOf(text);
    setFile({ name: chosen.name, text, format });
    onSamples(shown({ text, format }));
  };
  const [queueing, setQueueing] = useState(false);
  const queue = () => attempt(async () => {
    const { text, format } = source === 'file' && file ? file : { text: pasted, format: formatOf(pasted) };
    setQueueing(true);
    try {
      announce(`${plural((await api.records(id!, text, contentTypes[format])).count, 'record')} queued for ${id}.`);
    } finally {
      setQueueing(false);
    }
  });
  const given = source === 'file' ? file?.text : pasted;

  return (
    <section class="card samples" aria-labelledby="samples">
      <div class="title small">
        <h2 id="samples">Sample payload</h2>
        <span class="muted" data-testid="latency" aria-hidden="true">{state.milliseconds !== undefined && !state.error ? `updated in ${Math.round(state.milliseconds)} ms` : ''}</span>
      </div>
      <fieldset class="choice"><legend class="hidden">Records from</legend>
        {([['paste', 'Paste'], ['file', 'File'], ['backlog', 'Waiting records']] as [Source, string][]).map(([value, label]) => (
          <label key={value} class={value === 'backlog' && !id ? 'off' : ''}><input type="radio" name="source" checked={source === value} disabled={value === 'backlog' && !id} onChange={() => choose(value)} /><span>{label}</span></label>
        ))}
      </fieldset>
      {source === 'paste' && (
        <div class="field">
          <CodeField label="Sample records" multiline language="json" value={pasted} onChange={paste} placeholder={'{"start":"2026-11-02T08:00:00Z","description":"…"}\nJSON, NDJSON, or CSV with a header line'} />
          <div class="under">
            <span class="hint">{pasted.trim() ? `Read as ${labels[formatOf(pasted)]}.` : 'Paste records to see what would be sent.'}</span>
            {!pasted.trim() && <button type="button" onClick={() => paste(exampleRecords(config.endpoint ? templates?.find(one => one.name === config.endpoint) : undefined))}>Use an example</button>}
          </div>
        </div>
      )}
      {source === 'file' && (
        <div class="field">
          <label class="label" for="file">NDJSON, JSON or CSV file</label>
          <input id="file" type="file" accept=".json,.ndjson,.jsonl,.csv,application/json,text/csv" onChange={event => open(event.currentTarget.files?.[0])} />
          {file && file.text.length > mostShown && <p class="hint">The preview shows the beginning of the file.</p>}
        </div>
      )}

      <p class="hidden" role="status">{preview && !state.pending ? `${plural(preview.requests.length, 'request')}, ${plural(preview.refused.length, 'record')} refused` : ''}</p>
      <div class="results" aria-busy={state.pending}>
        {state.error && <p class="box bad">{state.error}</p>}
        {preview && <ProblemList problems={preview.recordProblems} />}
        {preview && preview.problems.length > 0 && <p class="box bad">{plural(preview.problems.length, 'setting needs', 'settings need')} attention, marked beside it.</p>}
        {preview && preview.problems.length === 0 && preview.requests.length === 0 && preview.refused.length === 0 && preview.recordProblems.length === 0 && (
          <p class="empty small">{source === 'backlog' ? 'No records wait here.' : 'Requests appear here as soon as there are records.'}</p>
        )}
        {preview && preview.requests.length > 0 && <h3>{plural(preview.requests.length, 'request')}</h3>}
        {preview?.requests.map((request, index) => <Request key={index} request={request} open={index === 0} onTest={() => setTesting(request)} />)}
        {preview && preview.refused.length > 0 && <h3>{plural(preview.refused.length, 'record')} refused, without a call</h3>}
        {preview?.refused.map(({ record, problems }) => <div class="refused" key={record}><b>Record {record + 1}</b><ProblemList problems={problems} /></div>)}
      </div>

      {id && source !== 'backlog' && given?.trim() && (
        <div class="buttons end top"><button type="button" disabled={changed || queueing} title={changed ? 'Save first' : undefined} onClick={queue}>{queueing ? 'Queueing …' : 'Queue these records'}</button></div>
      )}
      {testing && <TestDialog config={config} request={testing} onClose={() => setTesting(undefined)} />}
    </section>
  );
}

/** Nothing, and a word to the person, where the file is no UTF-8: its letters would become question marks. */
async function decoded(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    announceError(`${file.name} is no UTF-8. Save it as UTF-8; a spreadsheet calls it "CSV UTF-8".`);
    return undefined;
  }
}

/** Whole lines of the beginning. */
function shown(file?: { text: string; format: RecordsFormat }): Samples {
  if (!file) return { text: '', format: 'json' };
  if (file.text.length <= mostShown || file.format === 'json') return file;
  return { text: file.text.slice(0, file.text.lastIndexOf('\n', mostShown)), format: file.format };
}

function Request({ request, open, onTest }: { request: PreviewRequest; open: boolean; onTest: () => void }) {
  const { pathname, search, host } = URL.canParse(request.url) ? new URL(request.url) : { pathname: request.url, search: '', host: '' };
  return (
    <details class="request" open={open}>
      <summary>
        <b class="verb">{request.method}</b> <span class="url">{pathname}{search}</span>
        {request.records.length > 1 && <span class="badge">{request.records.length} records</span>}
        {request.warnings && request.warnings.length > 0 && <span class="badge warn">{plural(request.warnings.length, 'warning')}</span>}
      </summary>
      {request.warnings && request.warnings.length > 0 && <ul class="problems warnings">{request.warnings.map(one => <li><code>{one.path.replace(/^\$\.?/, '')}</code> {one.message}</li>)}</ul>}
      {request.steps && request.steps.length > 0 && <ol class="steps">{request.steps.map(step => <li><code>{step}</code></li>)}</ol>}
      <dl class="headers"><div><dt>Host</dt><dd>{host}</dd></div>{request.headers.map(({ name, value }) => <div><dt>{name}</dt><dd>{value}</dd></div>)}{request.contentType && <div><dt>Content-Type</dt><dd>{request.contentType}</dd></div>}</dl>
      {request.body ? <pre tabIndex={0} aria-label="Body">{pretty(request.body)}</pre> : <p class="hint">No body.</p>}
      <div class="buttons end"><button type="button" onClick={onTest}>Test …</button></div>
    </details>
  );
}
