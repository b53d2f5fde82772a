import { useState } from 'preact/hooks';
import { api, ApiError, type Plan } from '../api';
import { count, plural } from '../format';
import { announce, attempt } from '../parts/announce';
import { Confirm } from '../parts/Dialog';
import { contentTypes } from '../records';
import type { Given } from '../samples';

interface Properties { id: string; given: Given; isMirror: boolean; canRepair: boolean; changed: boolean }

const mostShown = 500;

/** The changes that the sample records would make, and a button that applies them. */
export function PlanPanel({ id, given, isMirror, canRepair, changed }: Properties) {
  const [plan, setPlan] = useState<{ of: string; plan: Plan }>();
  const [isWhole, setWhole] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  // A plan is valid only for the records from which it was made.
  const of = `${isWhole}\n${given.text}`;
  const shown = plan?.of === of ? plan.plan : undefined;
  const steps = [...new Set(shown?.rows.map(row => row.step) ?? [])];
  const rows = shown?.rows.filter(row => !hidden.has(row.step)) ?? [];
  const run = (work: () => Promise<void>) => attempt(async () => {
    setBusy(true);
    try {
      await work();
    } finally {
      setBusy(false);
    }
  });
  const make = () => run(async () => setPlan({ of, plan: await api.plan(id, given.text, contentTypes[given.format], isWhole) }));
  const apply = () => run(async () => {
    try {
      const { count: queued } = await api.records(id, given.text, contentTypes[given.format], { plan: shown!.version, run: isWhole ? 'complete' : undefined, repair: canRepair && shown!.rows.some(row => row.step === 'drift') });
      announce(`${plural(queued, 'record')} queued for ${id}.`);
      setPlan(undefined);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) setPlan(undefined);
      throw error;
    }
  });
  const toggle = (step: string) => {
    const next = new Set(hidden);
    if (!next.delete(step)) next.add(step);
    setHidden(next);
  };

  return (
    <section class="plan" aria-labelledby="plan">
      <h3 id="plan">Plan</h3>
      {isMirror && <div class="check"><label><input type="checkbox" checked={isWhole} onChange={event => setWhole(event.currentTarget.checked)} /> <span>These are all records of the source. Objects that they do not name vanish.</span></label></div>}
      {shown && (
        <>
          <p role="status">{summaryOf(shown)}</p>
          {shown.note && <p class="box warn">{shown.note}</p>}
          {steps.length > 0 && (
            <fieldset class="choice"><legend class="hidden">Shown steps</legend>
              {steps.map(step => <label key={step}><input type="checkbox" checked={!hidden.has(step)} onChange={() => toggle(step)} /><span>{step} {count(shown.rows.filter(row => row.step === step).length)}</span></label>)}
            </fieldset>
          )}
          {rows.length > 0 && (
            <div class="scroll" tabIndex={0} role="region" aria-label="Steps of the plan">
              <table class="columns">
                <thead><tr><th scope="col">Step</th><th scope="col">Object</th><th scope="col">Key</th><th scope="col">Details</th></tr></thead>
                <tbody>
                  {rows.slice(0, mostShown).map((row, index) => (
                    <tr key={index} class={row.step === 'error' ? 'left' : undefined}>
                      <th scope="row">{row.step}</th><td>{row.label ?? row.object}</td><td>{row.key ?? ''}</td><td>{row.record && row.step === 'error' ? `Record ${row.record}: ` : ''}{row.details.join('; ')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {rows.length > mostShown && <p class="hint">And {count(rows.length - mostShown)} more.</p>}
            </div>
          )}
        </>
      )}
      <div class="buttons end top">
        <button type="button" disabled={changed || busy} title={changed ? 'Save first' : undefined} onClick={make}>{busy ? 'Please wait …' : shown ? 'Plan again' : 'Plan'}</button>
        <button type="button" class="primary" disabled={changed || busy || !shown} title={shown ? undefined : 'Make a plan first'} onClick={() => (shown!.rows.some(row => row.step !== 'create' && row.step !== 'update') ? setAsking(true) : apply())}>Apply</button>
      </div>
      {asking && shown && <Confirm title="Apply the plan?" action="Apply" onConfirm={apply} onClose={() => setAsking(false)}>{summaryOf(shown)} Records with errors go to the quarantine.</Confirm>}
    </section>
  );
}

function summaryOf(plan: Plan): string {
  const counts = [...new Set(plan.rows.map(row => row.step))].map(step => `${step} ${count(plan.rows.filter(row => row.step === step).length)}`);
  return `${[...counts, `unchanged ${count(plan.unchanged)}`].join(', ')}. ${plural(plan.calls, 'call')}, ${plan.seconds} s.`;
}
