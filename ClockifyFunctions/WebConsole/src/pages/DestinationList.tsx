import { signal } from '@preact/signals';
import type { Sort, Status, Summary } from '../api';
import { ago, count, duration, plural, waiting } from '../format';
import { usePolled, useSettled } from '../hooks';
import { ConditionPill } from '../parts/Condition';
import { RateText } from '../parts/Numbers';
import { Pager } from '../parts/Pager';
import { linkTo } from '../route';
import { loadSummary } from '../summary';

const pageSize = 20;
const sorts: [Sort, string][] = [['trouble', 'Trouble first'], ['name', 'Name'], ['waiting', 'Most waiting first']];
const kinds: [keyof Summary['counts'], string][] = [['stopped', 'stopped'], ['waiting', 'waiting for the API'], ['active', 'active'], ['paused', 'paused']];

/** The state of the list. It is kept outside of the component, so that it is the same when a person returns from a destination. */
const view = signal<{ search: string; sort: Sort; offset: number }>({ search: '', sort: 'trouble', offset: 0 });

export function DestinationList() {
  const { search, sort, offset } = view.value;
  const settled = useSettled(search, 250);
  const { value, error } = usePolled(() => loadSummary(settled, sort, offset, pageSize), [settled, sort, offset]);
  const all = value ? Object.values(value.counts).reduce((sum, one) => sum + one, 0) : 0;

  return (
    <>
      <div class="title"><h1>Destinations</h1><a class="button primary" href="#/new">New destination</a></div>
      {error && <p class="box bad" role="alert">{error}</p>}
      {value === undefined ? !error && <p class="muted">Loading …</p> : all === 0 ? <Empty /> : (
        <>
          <div class="tools">
            <input type="search" aria-label="Search destinations" placeholder="Search by name, endpoint or credential" value={search} onInput={event => (view.value = { ...view.peek(), search: event.currentTarget.value, offset: 0 })} />
            <select aria-label="Order" value={sort} onChange={event => (view.value = { ...view.peek(), sort: event.currentTarget.value as Sort, offset: 0 })}>
              {sorts.map(([name, label]) => <option key={name} value={name} selected={name === sort}>{label}</option>)}
            </select>
            <span class="muted">{plural(all, 'destination')}: {kinds.filter(([kind]) => value.counts[kind]).map(([kind, label]) => `${count(value.counts[kind]!)} ${label}`).join(', ')}</span>
          </div>
          {value.total === 0 && <p class="empty small">No destination matches “{search}”.</p>}
          <ul class="destinations">
            {value.destinations.map(status => <Row key={status.id} status={status} />)}
          </ul>
          <Pager label="Pages of destinations" offset={offset} shown={value.destinations.length} total={value.total} size={pageSize} onChange={next => { view.value = { ...view.peek(), offset: next }; scrollTo(0, 0); }} />
        </>
      )}
    </>
  );
}

const Empty = () => (
  <div class="empty">
    <h2>There is no destination yet</h2>
    <p>A destination says where records are sent: to an endpoint of Clockify, or to a method and URL that you choose.<br />You see each request before it is sent.</p>
    <a class="button primary" href="#/new">Create the first destination</a>
  </div>
);

function Row({ status }: { status: Status }) {
  const { id, condition, lastError } = status;
  const trouble = condition.kind === 'stopped' || condition.kind === 'waiting' ? `${condition.reason ?? ''} ${condition.remedy ?? ''}` : lastError ? `${lastError.message} (${ago(lastError.at)})` : undefined;
  return (
    <li class="card row">
      <div class="about">
        <a href={linkTo(id)}>{id}</a> <ConditionPill condition={condition} />
        <p class="muted">{status.target} · credential <code>{status.credential}</code></p>
      </div>
      <dl>
        <div><dt>Waiting</dt><dd>{waiting(status.waiting)}{status.waiting.oldestAgeSeconds ? <small> for {duration(status.waiting.oldestAgeSeconds)}</small> : null}</dd></div>
        <div><dt>Calls per second</dt><dd><RateText rate={status.rate} /></dd></div>
        <div><dt>Delivered</dt><dd>{count(status.delivered)}</dd></div>
        <div><dt>In quarantine</dt><dd>{status.quarantined > 0 ? <a href={linkTo(id, 'quarantine')} aria-label={`${count(status.quarantined)} in quarantine of ${id}`}>{count(status.quarantined)}</a> : 0}</dd></div>
      </dl>
      {trouble && <p class={condition.kind === 'waiting' ? 'trouble warn' : 'trouble'}><span aria-hidden="true">⚠</span> {trouble}</p>}
    </li>
  );
}
