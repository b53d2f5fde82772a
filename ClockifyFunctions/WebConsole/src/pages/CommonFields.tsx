import { useState } from 'preact/hooks';
import type { Config } from '../api';
import type { Mode } from '../config';
import { CheckField, Field, SelectField, TextField } from '../parts/Field';
import type { TabProperties } from './Editor';

const zones = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];

/** The settings that both tabs have. */
export function CommonFields({ draft, attributes, onChange, mode }: TabProperties & { mode: Mode }) {
  const set = (change: Partial<Config>) => onChange({ ...draft, ...change });
  return (
    <>
      <Excluded excluded={draft.excludeAttributes ?? []} attributes={attributes} onChange={excludeAttributes => set({ excludeAttributes })} />
      <CheckField label="Send responses to the queue clockify-responses" path="$.responses" value={draft.responses ?? true} onChange={value => set({ responses: value ? undefined : false })} hint="One event per finished record, with request, response and outcome." />
      <details class="more">
        <summary>Time zone, validation, retries</summary>
        <TextField label="Time zone" path="$.timeZone" optional value={draft.timeZone} list={mode !== 'manual' ? ['user', ...zones] : zones} placeholder="none" onChange={timeZone => set({ timeZone })} hint={`Dates without a time zone are read in this zone and sent in UTC.${mode !== 'manual' ? ' user: the zone of the user that the record belongs to.' : ' Date macros with a format are written in it.'}`} />
        <SelectField label={mode !== 'manual' ? 'Text' : 'Text that is a number, true or false'} path="$.convert" value={draft.convert === undefined ? '' : String(draft.convert)} options={mode !== 'manual' ? [['', 'becomes what its field takes'], ['false', 'is sent as it is']] : [['', 'stays text'], ['true', 'becomes a number, true or false'], ['false', 'stays text; dates are not converted either']]} onChange={value => set({ convert: value === '' ? undefined : value === 'true' })} />
        {mode !== 'manual' && <SelectField label="An attribute that no field takes" path="$.unknownAttributes" value={draft.unknownAttributes ?? 'reject'} options={[['reject', 'sends the record to the quarantine'], ['warn', 'is a warning; the record is sent'], ['ignore', 'is ignored']]} onChange={value => set({ unknownAttributes: value === 'reject' ? undefined : value })} hint="Clockify drops such attributes without a word. Map or exclude those that are not needed." />}
        <SelectField label="An invalid record" path="$.validation" value={draft.validation ?? 'reject'} options={[['reject', 'goes to the quarantine without a call'], ['warn', 'is sent anyway; the preview shows a warning'], ['off', 'is sent; records are not checked']]} onChange={value => set({ validation: value === 'reject' ? undefined : value })} />
        <SelectField label="A create without an answer" path="$.onUnknown" value={draft.onUnknown ?? ''} options={[['', mode !== 'manual' ? 'default: is looked up, and sent again if Clockify does not have it' : 'default: goes to the quarantine'], ...(mode !== 'manual' ? [['verify', 'is looked up, and sent again if Clockify does not have it'] as [string, string]] : []), ['resend', 'is sent again, which may create it twice'], ['quarantine', 'goes to the quarantine']]} onChange={value => set({ onUnknown: value || undefined })} />
      </details>
    </>
  );
}

function Excluded({ excluded, attributes, onChange }: { excluded: string[]; attributes: string[]; onChange: (excluded: string[]) => void }) {
  const [other, setOther] = useState('');
  const all = [...new Set([...attributes, ...excluded])];
  const toggle = (path: string) => onChange(excluded.includes(path) ? excluded.filter(one => one !== path) : [...excluded, path]);
  return (
    <Field label="Excluded attributes" path="$.excludeAttributes" custom optional hint={all.length ? 'Choose the attributes that are not sent.' : 'The attributes of sample records appear here.'}>
      {() => (
        <div class="chips" role="group" aria-label="Excluded attributes">
          {all.map(path => <button key={path} type="button" class="chip" aria-pressed={excluded.includes(path)} onClick={() => toggle(path)}>{path}</button>)}
          <form class="add" onSubmit={event => { event.preventDefault(); if (other && !excluded.includes(other)) onChange([...excluded, other]); setOther(''); }}>
            <input aria-label="Another attribute to exclude" placeholder="another.attribute" spellcheck={false} value={other} onInput={event => setOther(event.currentTarget.value)} />
            <button disabled={!other}>Exclude</button>
          </form>
        </div>
      )}
    </Field>
  );
}
