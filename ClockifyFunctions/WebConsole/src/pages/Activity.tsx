import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Status } from '../api';
import { ago, count, duration, time, waiting } from '../format';
import { Chart } from '../parts/Chart';
import { RateText } from '../parts/Numbers';

/** Seconds that the charts show. */
export const span = 120;

/** The numbers of waiting records since the page was opened, by destination. */
const depths = new Map<string, { at: number; records: number; isExact: boolean }[]>();

export function Activity({ id, status }: { id: string; status?: Status }) {
  const [seen, setSeen] = useState(depths.get(id) ?? []);
  useEffect(() => {
    if (!status) return;
    const now = Date.now() / 1000;
    const next = [...(depths.get(id) ?? []), { at: now, records: status.waiting.records, isExact: status.waiting.isExact }].filter(one => one.at > now - span);
    depths.set(id, next);
    setSeen(next);
  }, [status]);
  const calls = useMemo(() => perSecond(status?.calls), [status?.calls]);
  if (!status) return <p class="muted">Loading …</p>;
  const { rate, lastError } = status;
  const isEstimated = seen.some(one => !one.isExact);

  return (
    <>
      {lastError && <p class="box warn"><b>Last error</b> {lastError.message} <span class="muted" title={time(lastError.at)}>{ago(lastError.at)}</span></p>}
      <dl class="facts card">
        <div><dt>Waiting</dt><dd data-testid="waiting">{waiting(status.waiting)}</dd></div>
        <div><dt>Oldest waits</dt><dd>{status.waiting.oldestAgeSeconds ? duration(status.waiting.oldestAgeSeconds) : '–'}</dd></div>
        <div><dt>Calls per second</dt><dd data-testid="rate"><RateText rate={rate} /></dd></div>
        <div><dt>Delivered</dt><dd data-testid="delivered">{count(status.delivered)}</dd></div>
        {Object.entries(status.changes ?? {}).filter(([, records]) => records > 0).map(([change, records]) => <div key={change}><dt class="change">{change}</dt><dd data-testid={change}>{count(records)}</dd></div>)}
        {status.warned > 0 && <div><dt>With warnings</dt><dd data-testid="warned">{count(status.warned)}</dd></div>}
        <div><dt>In quarantine</dt><dd data-testid="quarantined">{count(status.quarantined)}</dd></div>
      </dl>
      <p class="hint">{status.holder && status.countedAt ? `Counted ${ago(status.countedAt)}. ` : ''}While records are sent, these numbers follow within 10 seconds.</p>
      <div class="charts">
        <section class="card" aria-labelledby="calls">
          <h2 id="calls">Calls per second <span class="muted">with the key of {status.credential}</span></h2>
          {calls.most === 0 ? <p class="empty small">No calls in the last two minutes.</p> : (
            <Chart
              label={`Calls per second in the last two minutes: at most ${count(calls.most)}, limit ${rate.limits.length ? count(rate.mostPerSecond) : 'unknown'}, ${calls.refusals} answered with 429.`}
              times={calls.times}
              span={span}
              format={count}
              lines={[
                { label: 'calls', colour: 'accent', values: calls.made, fill: true },
                { label: 'limit', colour: 'muted', values: calls.times.map(() => rate.mostPerSecond), dashed: true },
                { label: '429', colour: 'bad', values: calls.refused, points: true },
              ]}
            />
          )}
        </section>
        <section class="card" aria-labelledby="backlog">
          <h2 id="backlog">Waiting records <span class="muted">{isEstimated ? 'estimated, ' : ''}since you opened this page</span></h2>
          {seen.length < 2 ? <p class="empty small">Measuring …</p> : (
            <Chart
              label={`Waiting records: now ${waiting(status.waiting)}.`}
              times={seen.map(one => one.at)}
              span={span}
              format={count}
              lines={[{ label: isEstimated ? 'records (estimated)' : 'records', colour: 'good', values: seen.map(one => one.records), fill: true }]}
            />
          )}
        </section>
      </div>
    </>
  );
}

/** The chart ends with the last known second. A second without a point had no calls. */
function perSecond(calls: Status['calls']) {
  const bySecond = new Map(calls?.points.map(point => [Date.parse(point.at) / 1000, point]));
  const end = calls ? Math.floor(Date.parse(calls.until) / 1000) - 1 : 0;
  const times = Array.from({ length: span }, (_, index) => end - span + 1 + index);
  const made = times.map(at => bySecond.get(at)?.calls ?? 0);
  return {
    times,
    made,
    most: Math.max(...made),
    refused: times.map(at => bySecond.get(at)?.responses429 || null),
    refusals: [...bySecond.values()].reduce((sum, one) => sum + one.responses429, 0),
  };
}
