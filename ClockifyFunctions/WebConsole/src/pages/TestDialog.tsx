import { useId, useMemo, useState } from 'preact/hooks';
import { api, ApiError, type Config, type PreviewRequest, type Problem, type TestResult } from '../api';
import { pretty } from '../format';
import { CodeField } from '../parts/CodeField';
import { Dialog } from '../parts/Dialog';
import { ProblemList } from '../parts/Field';

/** Sends one sample request, which a person may edit first. */
export function TestDialog({ config, request, onClose }: { config: Config; request: PreviewRequest; onClose: () => void }) {
  const id = useId();
  const [url, setUrl] = useState(request.url);
  const shown = useMemo(() => pretty(request.body ?? ''), [request]);
  const [body, setBody] = useState(shown);
  const [headers, setHeaders] = useState(request.headers.filter(one => one.value !== '***'));
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<TestResult>();
  const [error, setError] = useState<{ text: string; problems: Problem[] }>();

  const send = async () => {
    setBusy(true);
    setError(undefined);
    setResult(undefined);
    try {
      setResult(await api.test(config, { method: request.method, url, headers, contentType: request.contentType, body: (body === shown ? request.body : body) || null }));
    } catch (failure) {
      setError({ text: (failure as Error).message, problems: failure instanceof ApiError ? failure.errors : [] });
    } finally {
      setBusy(false);
    }
  };
  const response = result?.response;
  return (
    <Dialog title="Send test data" onClose={onClose} wide>
      <p class="muted">This request goes to <b>{URL.canParse(url) ? new URL(url).host : 'the API'}</b> and can change data there. The rate limit of the key applies.</p>
      <div class="split even">
        <div>
          <div class="field"><label class="label" for={`${id}-url`}>{request.method}</label><input id={`${id}-url`} value={url} spellcheck={false} onInput={event => setUrl(event.currentTarget.value)} /></div>
          {headers.map((header, index) => (
            <div class="field" key={header.name}><label class="label" for={`${id}-${index}`}>{header.name}</label><input id={`${id}-${index}`} value={header.value} onInput={event => setHeaders(headers.map((one, at) => (at === index ? { ...one, value: event.currentTarget.value } : one)))} /></div>
          ))}
          {request.body && <div class="field"><span class="label">Body</span><CodeField label="Body of the test request" multiline language="json" value={body} onChange={setBody} /></div>}
          <button class="primary" disabled={busy} onClick={send}>{busy ? 'Sending …' : 'Send test data'}</button>
        </div>
        <div class="response" role="status" aria-label="Response">
          {error && <div class="box bad">{error.text}<ProblemList problems={error.problems} /></div>}
          {!result && !error && <p class="empty small">{busy ? 'Waiting for a free place in the rate limit, then for the answer …' : 'The answer appears here.'}</p>}
          {result && (
            <>
              <p class="outcome">
                <span class={`pill ${response?.status && response.status < 300 ? 'active' : 'stopped'}`}>{response?.status ?? 'no answer'}</span>
                <span class="muted">{result.outcome}{response && ` · ${Math.round(response.durationMs)} ms`}{result.waitedMs >= 1 && ` · waited ${Math.round(result.waitedMs)} ms for the gate`}</span>
              </p>
              {response?.error && <p class="box bad">{response.error}</p>}
              {response?.body ? <pre tabIndex={0} aria-label="Response body">{pretty(response.body)}</pre> : <p class="hint">No body.</p>}
              {response && response.headers.length > 0 && <details><summary>Headers</summary><dl class="headers">{response.headers.map(({ name, value }) => <div><dt>{name}</dt><dd>{value}</dd></div>)}</dl></details>}
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}
