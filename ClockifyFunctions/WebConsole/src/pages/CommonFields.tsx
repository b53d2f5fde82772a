import { useState } from 'preact/hooks';
import type { Config } from '../api';
import type { Mode } from '../config';
import { CheckField, Field, SelectField, TextField } from '../parts/Field';
import type { TabProperties } from './Editor';

const zones = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];

/** What both tabs have. */
export function CommonFields({ draft, attributes, onChange, mode }: TabProperties & { mode: Mode }) {
  const set = (change: Partial<Config>) => onChange({ ...draft, ...change });
  return (
    <>
      <Excluded excluded={draft.excludeAttributes ?? []} attributes={attributes} onChange={excludeAttributes => set({ excludeAttributes })} />
      <CheckField label="Send responses to the queue clockify-responses" path="$.responses" value={draft.responses ?? true} onChange={value => set({ responses: value ? undefined : false })} hint="One event per finished record: request, response, outcome. The response webhook of other tools." />
      <details class="more">
        <summary>Time zone, validation, retries</summary>
        <TextField label="Time zone" path="$.timeZone" optional value={draft.timeZone} list={zones} placeholder="UTC" onChange={timeZone => set({ timeZone })} hint="Dates without a zone are read in it and sent in UTC." />
        {mode === 'template' && (
          <SelectField label="Text becomes what the field takes" path="$.convert" value={draft.convert === undefined ? '' : String(draft.convert)} options={[['', 'if a time zone is set'], ['true', 'always'], ['false', 'never']]} onChange={value => set({ convert: value === '' ? undefined : value === 'true' })} />
        )}
        <SelectField label="A record that Clockify would refuse" path="$.validation" value={draft.validation ?? 'reject'} options={[['reject', 'goes to the quarantine, without a call'], ['warn', 'is sent all the same, with a warning'], ['off', 'is sent; no check']]} onChange={value => set({ validation: value === 'reject' ? undefined : value })} />
        <SelectField label="A create whose outcome is unknown" path="$.onUnknown" value={draft.onUnknown ?? ''} options={[['', 'the usual way for this configuration'], ['verify', 'is looked up, and sent again only if absent'], ['resend', 'is sent again'], ['quarantine', 'goes to the quarantine']]} onChange={value => set({ onUnknown: value || undefined })} />
      </details>
    </>
  );
}

function Excluded({ excluded, attributes, onChange }: { excluded: string[]; attributes: string[]; onChange: (excluded: string[]) => void }) {
  const [other, setOther] = useState('');
  const all = [...new Set([...attributes, ...excluded])];
  const toggle = (path: string) => onChange(excluded.includes(path) ? excluded.filter(one => one !== path) : [...excluded, path]);
  return (
    <Field label="Excluded attributes" path="$.excludeAttributes" custom optional hint={all.length ? 'Choose what is not sent.' : 'Sample records offer their attributes here.'}>
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
