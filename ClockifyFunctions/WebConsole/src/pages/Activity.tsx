import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, type Metrics, type Status } from '../api';
import { ago, bytes, count, duration, time } from '../format';
import { usePolled } from '../hooks';
import { announce, attempt } from '../parts/announce';
import { Chart } from '../parts/Chart';
import { waitingText } from './DestinationList';

const span = 120;

/** Backlog depths seen while the page is open, by destination. */
const depths = new Map<string, { at: number; records: number | null; bytes: number }[]>();

export function Activity({ id, status }: { id: string; status?: Status }) {
  const metrics = usePolled(() => api.metrics(span), 2000, [id]);
  const [seen, setSeen] = useState(depths.get(id) ?? []);
  useEffect(() => {
    if (!status) return;
    const now = Date.now() / 1000;
    const next = [...(depths.get(id) ?? []), { at: now, records: status.waiting?.records ?? null, bytes: status.waiting?.bytes ?? 0 }].filter(one => one.at > now - span);
    depths.set(id, next);
    setSeen(next);
  }, [status]);

  const permitted = status?.rate?.permittedPerSecond ?? 0;
  const credential = status?.credential;
  const calls = useMemo(() => perSecond(metrics.value, credential), [metrics.value, credential]);
  const inRecords = seen.every(one => one.records !== null);
  const resume = () => attempt(async () => {
    await api.resume(credential!);
    announce(`Credential ${credential} sends again.`);
  });

  return (
    <>
      {status?.suspended && <p class="box bad">The credential is suspended: {status.suspended} <button onClick={resume}>Resume</button></p>}
      {status?.lastError && <p class="box warn"><b>Last error</b> {status.lastError.message} <span class="muted" title={time(status.lastError.at)}>{ago(status.lastError.at)}</span></p>}
      <dl class="facts card">
        <div><dt>Waiting</dt><dd>{status ? waitingText(status) : '…'}</dd></div>
        <div><dt>Oldest waits</dt><dd>{status?.waiting?.oldestAgeSeconds ? duration(status.waiting.oldestAgeSeconds) : '–'}</dd></div>
        <div><dt>Calls per second</dt><dd>{status?.rate ? <>{count(status.rate.perSecond)} <small>of {count(permitted)}</small></> : '–'}</dd></div>
        <div><dt>Delivered</dt><dd data-testid="delivered">{status ? count(status.delivered) : '…'}</dd></div>
        <div><dt>Quarantined</dt><dd>{status ? count(status.quarantined) : '…'}</dd></div>
      </dl>
      <div class="charts">
        <section class="card" aria-labelledby="calls">
          <h2 id="calls">Calls per second <span class="muted">with this key</span></h2>
          {metrics.error ? <p class="box bad">{metrics.error}</p> : calls.times.length === 0 ? <p class="empty small">No calls in the last two minutes.</p> : (
            <Chart
              label={`Calls per second in the last two minutes: at most ${count(Math.max(0, ...calls.made))} of ${count(permitted)} permitted, ${calls.refusals} answered with 429.`}
              times={calls.times}
              span={span}
              format={count}
              lines={[
                { label: 'calls', colour: 'accent', values: calls.made, fill: true },
                { label: 'permitted', colour: 'muted', values: calls.times.map(() => permitted), dashed: true },
                { label: '429', colour: 'bad', values: calls.refused, points: true },
              ]}
            />
          )}
        </section>
        <section class="card" aria-labelledby="backlog">
          <h2 id="backlog">Waiting {inRecords ? 'records' : 'bytes'} <span class="muted">since you opened this page</span></h2>
          {seen.length < 2 ? <p class="empty small">Measuring …</p> : (
            <Chart
              label={`Waiting ${inRecords ? 'records' : 'bytes'}: now ${status ? waitingText(status) : ''}.`}
              times={seen.map(one => one.at)}
              span={span}
              format={inRecords ? count : bytes}
              lines={[{ label: inRecords ? 'records' : 'bytes', colour: 'good', values: seen.map(one => (inRecords ? one.records : one.bytes)), fill: true }]}
            />
          )}
        </section>
      </div>
    </>
  );
}

/** The key's calls, whichever of its destinations made them; seconds without a point had none. */
function perSecond(metrics: Metrics | undefined, credential: string | undefined) {
  const end = metrics ? Math.floor(Date.parse(metrics.now) / 1000) : 0;
  const bySecond = new Map<number, { calls: number; refused: number }>();
  for (const series of metrics?.series ?? []) {
    if (series.credential !== credential) continue;
    for (const point of series.points) {
      const at = Math.floor(Date.parse(point.at) / 1000);
      const sum = bySecond.get(at) ?? { calls: 0, refused: 0 };
      bySecond.set(at, { calls: sum.calls + point.calls, refused: sum.refused + point.responses429 });
    }
  }

  const times = bySecond.size === 0 ? [] : Array.from({ length: span }, (_, index) => end - span + 1 + index);
  return {
    times,
    made: times.map(at => bySecond.get(at)?.calls ?? 0),
    refused: times.map(at => bySecond.get(at)?.refused || null),
    refusals: [...bySecond.values()].reduce((sum, one) => sum + one.refused, 0),
  };
}
