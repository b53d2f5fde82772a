import { useState } from 'preact/hooks';
import type { Template } from '../api';
import { Field } from '../parts/Field';

interface Properties { templates: Template[]; value?: string; onChange: (name: string) => void }

/** Chooses an endpoint of the catalog. Common endpoints come first. The search finds all texts of the list. */
export function EndpointField({ templates, value, onChange }: Properties) {
  const [search, setSearch] = useState('');
  const chosen = templates.find(one => one.name === value);
  const found = templates.filter(one => one.name === value || matches(one, search));
  return (
    <>
      <div class="field">
        <label class="label" for="endpoint-search">Search endpoints</label>
        <input id="endpoint-search" type="search" value={search} placeholder="invoice, rate, delete …" onInput={event => setSearch(event.currentTarget.value)} />
      </div>
      <Field label="Endpoint" path="$.endpoint" hint={search ? `${found.length} of ${templates.length} endpoints` : undefined}>
        {({ id, describedBy, invalid }) => (
          <select id={id} value={value ?? ''} aria-describedby={describedBy} aria-invalid={invalid} onChange={event => onChange(event.currentTarget.value)}>
            {!chosen && <option value={value ?? ''}>{value ? `${value} (unknown)` : 'Choose …'}</option>}
            {grouped(found).map(([group, rows]) => (
              <optgroup key={group} label={group}>{rows.map(one => <option key={one.name} value={one.name} selected={one.name === value}>{one.title}</option>)}</optgroup>
            ))}
          </select>
        )}
      </Field>
      {chosen && (
        <>
          <p class="calls"><b class="verb">{chosen.method}</b> <span class="url">/{chosen.path}</span></p>
          <p>{chosen.description}</p>
          <p class="hint">{chosen.instructions}{chosen.feature && ` The workspace needs the feature ${chosen.feature}.`}{chosen.adminOnly && ' The key must belong to an owner or admin.'}</p>
        </>
      )}
    </>
  );
}

const matches = (one: Template, search: string) =>
  search.toLowerCase().split(/\s+/).every(word => `${one.title} ${one.name} ${one.group} ${one.description}`.toLowerCase().includes(word));

/** Groups of common endpoints, followed by the other endpoints of each group. */
function grouped(templates: Template[]): [string, Template[]][] {
  const groups = new Map<string, Template[]>();
  for (const everyday of [true, false]) {
    for (const one of templates.filter(template => (template.tier.toLowerCase() === 'everyday') === everyday)) {
      const name = everyday ? one.group : `${one.group}: administration`;
      groups.set(name, [...(groups.get(name) ?? []), one]);
    }
  }

  return [...groups];
}
