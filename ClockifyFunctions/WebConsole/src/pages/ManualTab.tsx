import { useEffect, useState } from 'preact/hooks';
import type { Batching, Config } from '../api';
import { headerPairs } from '../config';
import { CodeField } from '../parts/CodeField';
import { macros } from '../parts/completion';
import { CheckField, Field, SelectField, TextField } from '../parts/Field';
import { Mapping } from './Mapping';
import type { TabProperties } from './Editor';

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'];

/** A request without a template: method, URL, headers and body. */
export function ManualTab({ draft, attributes, onChange }: TabProperties) {
  const set = (change: Partial<Config>) => onChange({ ...draft, ...change });
  const json = (draft.contentType ?? 'json') === 'json';
  return (
    <>
      <div class="pair">
        <SelectField label="Method" path="$.method" value={draft.method ?? ''} options={[...(draft.method ? [] : [['', 'Choose …'] as [string, string]]), ...methods.map(name => [name, name] as [string, string])]} onChange={value => set({ method: value })} />
        <SelectField label="Content format" path="$.contentType" value={draft.contentType ?? 'json'} options={[['json', 'JSON'], ['xml', 'XML'], ['form', 'Form (URL-encoded)']]} onChange={value => set({ contentType: value === 'json' ? undefined : value })} />
      </div>
      <Field label="URL" path="$.url" custom hint="Type { to insert a value of the record or a date. The host cannot contain such macros.">
        {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.url ?? ''} placeholder="https://api.clockify.me/api/v1/workspaces/…/tags" onChange={value => set({ url: value })} complete={macros(attributes)} />}
      </Field>
      <Headers headers={draft.headers} attributes={attributes} onChange={headers => set({ headers })} />
      {!draft.batching && (
        <Field label="Body" path="$.bodyTemplate" custom optional hint={<>An empty body stands for <code>{'{message.json}'}</code>, the whole record.</>}>
          {({ label, invalid }) => <CodeField label={label} invalid={invalid} multiline value={draft.bodyTemplate ?? ''} placeholder="{message.json}" onChange={value => set({ bodyTemplate: value })} complete={macros(attributes, { body: true })} />}
        </Field>
      )}
      {json && <BatchingFields batching={draft.batching} attributes={attributes} onChange={batching => set({ batching })} />}
      <details class="more" open={Object.keys(draft.mapping ?? {}).length > 0}>
        <summary>Field mapping</summary>
        <p class="hint">Attributes without a mapping are sent unchanged.</p>
        <Mapping fields={[]} mapping={draft.mapping ?? {}} attributes={attributes} onChange={mapping => set({ mapping })} />
      </details>
    </>
  );
}

function Headers({ headers, attributes, onChange }: { headers: Config['headers']; attributes: string[]; onChange: (headers: Record<string, string>) => void }) {
  const [rows, setRows] = useState<[string, string][]>(() => headerPairs(headers));
  // The JSON tab may have changed them.
  useEffect(() => {
    const given = headerPairs(headers);
    if (JSON.stringify(Object.fromEntries(given)) !== JSON.stringify(Object.fromEntries(rows.filter(([name]) => name)))) setRows(given);
  }, [headers]);
  const set = (next: [string, string][]) => {
    setRows(next);
    onChange(Object.fromEntries(next.filter(([name]) => name)));
  };
  return (
    <Field label="Request headers" path="$.headers" custom optional hint="The app adds the header with the API key.">
      {() => (
        <div class="rows">
          {rows.map(([name, value], index) => (
            <div class="headerrow" key={index}>
              <input aria-label={`Name of header ${index + 1}`} placeholder="X-Source" spellcheck={false} value={name} onInput={event => set(rows.map((row, at) => (at === index ? [event.currentTarget.value, row[1]] : row)))} />
              <CodeField label={`Value of header ${index + 1}`} value={value} placeholder="value" onChange={text => set(rows.map((row, at) => (at === index ? [row[0], text] : row)))} complete={macros(attributes)} />
              <button type="button" class="quiet" aria-label={`Remove header ${name || index + 1}`} onClick={() => set(rows.filter((_, at) => at !== index))}>×</button>
            </div>
          ))}
          <button type="button" onClick={() => setRows([...rows, ['', '']])}>Add header</button>
        </div>
      )}
    </Field>
  );
}

const shapes: [string, string][] = [
  ['array', 'List: [ r1, r2 ]'],
  ['property', 'List under a property: { "items": [ r1, r2 ] }'],
  ['attribute', 'By an attribute: records with equal values share a request'],
];

function BatchingFields({ batching, attributes, onChange }: { batching?: Batching; attributes: string[]; onChange: (batching?: Batching) => void }) {
  const grouping = batching?.grouping ?? {};
  const kind = grouping.kind ?? 'array';
  const set = (change: Partial<Batching>) => onChange({ ...batching, ...change });
  const group = (change: object) => set({ grouping: Object.fromEntries(Object.entries({ ...grouping, ...change }).filter(([, value]) => value !== '' && value !== undefined)) });
  const number = (text: string) => (text === '' ? undefined : Number(text));
  return (
    <fieldset>
      <legend>Batches</legend>
      <CheckField label="Batch records together" path="$.batching" value={batching !== undefined} onChange={value => onChange(value ? { size: 100 } : undefined)} hint="The endpoints of Clockify take one record per call." />
      {batching && (
        <>
          <div class="pair">
            <TextField label="Batch size" path="$.batching.size" type="number" min={1} max={10000} value={batching.size} placeholder="100" onChange={text => set({ size: number(text) })} hint="The largest number of records in one request." />
            <TextField label="Longest wait in seconds" path="$.batching.maxAgeSeconds" type="number" min={0} max={3600} value={batching.maxAgeSeconds} placeholder="0" onChange={text => set({ maxAgeSeconds: number(text) })} hint="A batch that is not full is sent after this time." />
          </div>
          <SelectField label="Grouping" path="$.batching.grouping.kind" value={kind} options={shapes} onChange={value => set({ grouping: value === 'array' ? undefined : { kind: value, ...(value === 'property' ? { property: 'items' } : {}) } })} />
          {kind === 'attribute' && <TextField label="Attribute that separates the batches" path="$.batching.grouping.attribute" value={grouping.attribute} list={attributes} onChange={attribute => group({ attribute })} />}
          {kind !== 'array' && <TextField label="Property of the list" path="$.batching.grouping.property" optional={kind === 'attribute'} value={grouping.property} placeholder={kind === 'attribute' ? 'none: the list itself' : 'items'} onChange={property => group({ property })} />}
        </>
      )}
    </fieldset>
  );
}
