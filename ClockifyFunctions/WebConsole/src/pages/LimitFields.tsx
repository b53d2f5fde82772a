import type { Problem } from '../api';

const periods: [string, string][] = [['00:00:01', 'second'], ['00:01:00', 'minute'], ['01:00:00', 'hour'], ['1.00:00:00', 'day']];

/** The rate limits of a key. Each is a number of calls in a period, and all of them apply. */
export function LimitFields({ limits, problems, onChange }: { limits: string[]; problems: Problem[]; onChange: (limits: string[]) => void }) {
  const set = (index: number, text: string) => onChange(limits.map((limit, at) => (at === index ? text : limit)));
  return (
    <fieldset>
      <legend>Rate limits</legend>
      <div class="rows">
        {limits.map((limit, index) => {
          const [permits, period] = limit.split('/');
          return (
            <div class="limit" key={index}>
              <input type="number" min={1} max={100000} required aria-label={`Calls of limit ${index + 1}`} value={permits} onInput={event => set(index, `${event.currentTarget.value}/${period}`)} />
              <span>per</span>
              <select aria-label={`Period of limit ${index + 1}`} value={period} onChange={event => set(index, `${permits}/${event.currentTarget.value}`)}>
                {[...periods, ...(periods.some(([value]) => value === period) ? [] : [[period, period] as [string, string]])].map(([value, label]) => <option key={value} value={value} selected={value === period}>{label}</option>)}
              </select>
              <button type="button" class="quiet" disabled={limits.length === 1} aria-label={`Remove limit ${index + 1}`} onClick={() => onChange(limits.filter((_, at) => at !== index))}>×</button>
            </div>
          );
        })}
        <button type="button" onClick={() => onChange([...limits, '30/01:00:00'])}>Add limit</button>
      </div>
      {problems.length > 0 && <ul class="problems">{problems.map(one => <li>{one.message}</li>)}</ul>}
      <p class="hint">Clockify permits 10 calls per second for each key, and new free workspaces 30 calls per hour.</p>
    </fieldset>
  );
}
