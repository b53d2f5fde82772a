import { useContext, useState } from 'preact/hooks';
import { api, type Config, type Preview, type PreviewRequest, type Waiting } from '../api';
import { exampleRecords } from '../config';
import { count, plural, pretty, waiting as waitingText } from '../format';
import { useOnce } from '../hooks';
import { announce, announceError, attempt } from '../parts/announce';
import { CodeField } from '../parts/CodeField';
import { Confirm } from '../parts/Dialog';
import { ProblemList, ProblemsContext, visibleProblems } from '../parts/Field';
import type { PreviewState } from '../preview';
import { contentTypes, formatLabels, formatOf, type RecordsFormat } from '../records';
import { type Given, mostShown, type SampleSet, type Source } from '../samples';
import { Columns } from './Columns';
import { PlanPanel } from './PlanPanel';
import { TestDialog } from './TestDialog';

const sources: [Source, string][] = [['paste', 'Paste'], ['file', 'File'], ['backlog', 'Waiting records']];

interface Properties {
  id?: string; config: Config; samples: SampleSet; given?: Given; waiting?: Waiting; onSamples: (samples: SampleSet) => void; onConfig: (change: Partial<Config>) => void; state: PreviewState; changed: boolean;
}

/** The exact requests of the settings for the sample records. */
export function SamplePanel({ id, config, samples, given, waiting, onSamples, onConfig, state, changed }: Properties) {
  const [testing, setTesting] = useState<PreviewRequest>();
  const templates = useOnce('templates', api.templates);
  const endpoint = config.endpoint ?? templates?.find(one => config.sync && one.synchronizes === config.sync)?.name;
  const { source, pasted, file } = samples;
  const { preview } = state;
  const shown = preview ? preview.requests.reduce((sum, one) => sum + one.records.length, 0) + preview.refused.length : 0;
  const open = async (chosen?: File) => {
    if (!chosen) return;
    const text = await decoded(chosen);
    if (text === undefined) return;
    const format: RecordsFormat = /\.(csv|tsv)$/i.test(chosen.name) ? 'csv' : /\.(ndjson|jsonl)$/i.test(chosen.name) ? 'ndjson' : formatOf(text);
    onSamples({ ...samples, file: { name: chosen.name, text, format } });
  };

  return (
    <section class="card samples" aria-labelledby="samples">
      <div class="title small">
        <h2 id="samples">Sample records and their requests</h2>
        <span class="muted" data-testid="latency" aria-hidden="true">{state.milliseconds !== undefined && !state.error ? `updated in ${Math.round(state.milliseconds)} ms` : ''}</span>
      </div>
      <fieldset class="choice"><legend class="hidden">Sample records from</legend>
        {sources.map(([value, label]) => (
          <label key={value} class={value === 'backlog' && !id ? 'off' : ''}><input type="radio" name="source" checked={source === value} disabled={value === 'backlog' && !id} onChange={() => onSamples({ ...samples, source: value })} /><span>{label}</span></label>
        ))}
      </fieldset>
      {source === 'paste' && (
        <div class="field">
          <CodeField label="Sample records" multiline language="json" value={pasted} onChange={text => onSamples({ ...samples, pasted: text })} placeholder={'{"start":"2026-11-02T08:00:00Z","description":"…"}\nJSON, NDJSON, or CSV with a header line'} />
          <div class="under">
            <span class="hint">{pasted.trim() ? `${plural(given!.total, 'record')}, read as ${formatLabels[given!.format]}.` : 'Paste records to see their requests.'}</span>
            {!pasted.trim() && <button type="button" onClick={() => onSamples({ ...samples, pasted: exampleRecords(endpoint ? templates?.find(one => one.name === endpoint) : undefined) })}>Use an example</button>}
          </div>
        </div>
      )}
      {source === 'file' && (
        <div class="field">
          <label class="label" for="file">NDJSON, JSON or CSV file</label>
          <input id="file" type="file" accept=".json,.ndjson,.jsonl,.csv,.tsv,.txt,application/json,text/csv" onChange={event => open(event.currentTarget.files?.[0])} />
          {file && <p class="hint">{file.name}: {plural(given!.total, 'record')}, read as {formatLabels[file.format]}.</p>}
        </div>
      )}

      {given && given.total > 0 && (config.endpoint || config.sync) && <Columns config={config} given={given} onConfig={onConfig} />}

      {id && given && given.text.trim() && config.sync && <PlanPanel id={id} given={given} isMirror={config.mode === 'mirror'} canRepair={config.drift === 'repair'} changed={changed} />}

      <p class="hidden" role="status">{preview && !state.pending ? `${plural(preview.requests.length, 'request')}, ${plural(preview.refused.length, 'invalid record')}` : ''}</p>
      <div class="results" aria-busy={state.pending}>
        {state.error && <p class="box bad">{state.error}</p>}
        {preview && <Results preview={preview} total={totalText(source, given, shown, waiting)} hasRecords={source === 'backlog' ? shown > 0 : (given?.total ?? 0) > 0} source={source} onTest={setTesting} />}
      </div>

      {id && given && given.text.trim() && !config.sync && <QueueButton id={id} given={given} preview={preview} shown={shown} changed={changed} />}
      {testing && <TestDialog config={config} request={testing} onClose={() => setTesting(undefined)} />}
    </section>
  );
}

/** "first 100 of 10,000 records", or nothing where all are shown. */
function totalText(source: Source, given: Given | undefined, shown: number, waiting?: Waiting): string {
  if (source === 'backlog') return waiting && waiting.records > shown ? ` of the first ${count(shown)} of ${waitingText(waiting)} waiting records` : '';
  return given && given.total > mostShown ? ` of the first ${count(mostShown)} of ${count(given.total)} records` : '';
}

function Results({ preview, total, hasRecords, source, onTest }: { preview: Preview; total: string; hasRecords: boolean; source: Source; onTest: (request: PreviewRequest) => void }) {
  const problems = visibleProblems(useContext(ProblemsContext)).length;
  if (preview.problems.length > 0) {
    return (
      <>
        <ProblemList problems={preview.recordProblems} />
        {problems > 0 ? <p class="box bad">{plural(problems, 'setting needs', 'settings need')} attention. Each is marked at its field.</p> : <p class="empty small">Complete the settings to see the requests.</p>}
      </>
    );
  }
  return (
    <>
      <ProblemList problems={preview.recordProblems} />
      {!hasRecords && preview.recordProblems.length === 0 && <p class="empty small">{source === 'backlog' ? 'No records wait for this destination.' : 'The requests appear here as soon as there are records.'}</p>}
      {preview.requests.length > 0 && <h3>{plural(preview.requests.length, 'request')}{total}</h3>}
      {preview.requests.map((request, index) => <Request key={index} request={request} open={index === 0} onTest={() => onTest(request)} />)}
      {preview.refused.length > 0 && <h3>{plural(preview.refused.length, 'invalid record')}{total}: no call is made, the quarantine keeps them</h3>}
      {preview.refused.map(({ record, problems }) => <div class="refused" key={record}><b>Record {record + 1}</b><ProblemList problems={problems} /></div>)}
    </>
  );
}

/** Sends the records to the queue. Asks first where the preview shows invalid records. */
function QueueButton({ id, given, preview, shown, changed }: { id: string; given: Given; preview?: Preview; shown: number; changed: boolean }) {
  const [queueing, setQueueing] = useState(false);
  const [asking, setAsking] = useState(false);
  const invalid = preview?.refused.length ?? 0;
  const queue = () => attempt(async () => {
    setQueueing(true);
    try {
      announce(`${plural((await api.records(id, given.text, contentTypes[given.format])).count, 'record')} queued for ${id}.`);
    } finally {
      setQueueing(false);
    }
  });
  return (
    <div class="buttons end top">
      <button type="button" disabled={changed || queueing} title={changed ? 'Save first' : undefined} onClick={() => (invalid > 0 ? setAsking(true) : queue())}>{queueing ? 'Queueing …' : given.total > 1 ? `Queue these ${count(given.total)} records` : 'Queue this record'}</button>
      {asking && (
        <Confirm title={`Queue ${plural(given.total, 'record')}?`} action="Queue anyway" onConfirm={queue} onClose={() => setAsking(false)}>
          {invalid === shown ? `All ${plural(shown, 'shown record')} ${shown === 1 ? 'is' : 'are'} invalid.` : `${count(invalid)} of the ${plural(shown, 'shown record')} ${invalid === 1 ? 'is' : 'are'} invalid.`} Invalid records are not sent. They go to the quarantine.
        </Confirm>
      )}
    </div>
  );
}

const western = 'windows-1252';

/** Decodes a file: UTF-8, UTF-16 with a byte order mark, otherwise, for CSV, Windows-1252. The preview shows whether the letters are correct. */
async function decoded(file: File): Promise<string | undefined> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const encodings = bytes[0] === 0xff && bytes[1] === 0xfe ? ['utf-16le'] : bytes[0] === 0xfe && bytes[1] === 0xff ? ['utf-16be'] : /\.(csv|tsv|txt)$/i.test(file.name) ? ['utf-8', western] : ['utf-8'];
  for (const encoding of encodings) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (encoding === western) announce(`${file.name} is not UTF-8 and was read as Windows-1252. If letters such as ä or é are wrong, save it as UTF-8.`);
      return text;
    } catch {
      // The next encoding.
    }
  }

  announceError(`${file.name} is not UTF-8. Save it as UTF-8; spreadsheets call this "CSV UTF-8".`);
  return undefined;
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
