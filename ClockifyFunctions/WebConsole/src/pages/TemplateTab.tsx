import { api, type Config, type Template } from '../api';
import { useOnce } from '../hooks';
import { CodeField } from '../parts/CodeField';
import { macros } from '../parts/completion';
import { CheckField, Field, SelectField } from '../parts/Field';
import { Mapping } from './Mapping';
import type { TabProperties } from './Editor';
import { WorkspaceField } from './WorkspaceField';

const inputLabels: Record<string, string> = { projectId: 'Project ID', userId: 'User ID' };

/** An endpoint of Clockify's, its inputs, and what its fields are filled from. */
export function TemplateTab({ draft, attributes, isNew, onChange }: TabProperties & { isNew: boolean }) {
  const templates = useOnce('templates', api.templates);
  const template = templates?.find(one => one.name === draft.endpoint);
  const set = (change: Partial<Config>) => onChange({ ...draft, ...change });
  return (
    <>
      <Field label="Endpoint" path="$.endpoint">
        {({ id, describedBy, invalid }) => (
          <select id={id} value={draft.endpoint ?? ''} aria-describedby={describedBy} aria-invalid={invalid} onChange={event => set({ endpoint: event.currentTarget.value })}>
            {!template && <option value={draft.endpoint ?? ''}>{draft.endpoint ? `${draft.endpoint} (unknown)` : 'Choose …'}</option>}
            {grouped(templates ?? []).map(([group, rows]) => (
              <optgroup key={group} label={group}>{rows.map(one => <option key={one.name} value={one.name} selected={one.name === draft.endpoint}>{one.title}</option>)}</optgroup>
            ))}
          </select>
        )}
      </Field>
      {template && <p class="calls"><b class="verb">{template.method}</b> <span class="url">/{template.path}</span></p>}

      {template?.inputs.map(name => name === 'workspaceId' ? (
        <WorkspaceField key={name} credential={draft.credential} value={draft.inputs?.workspaceId ?? ''} isNew={isNew} onChange={value => set({ inputs: { ...draft.inputs, workspaceId: value } })} />
      ) : (
        <Field key={name} label={inputLabels[name] ?? name} path={`$.inputs.${name}`} custom hint="A value, or a macro such as {record.project.id}.">
          {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.inputs?.[name] ?? ''} onChange={value => set({ inputs: { ...draft.inputs, [name]: value } })} complete={macros(attributes)} />}
        </Field>
      ))}

      {template?.needsId && (
        <Field label="ID of the object" path="$.idFrom" custom optional hint="An attribute, or a text with macros. Left empty: the record's id.">
          {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.idFrom ?? ''} placeholder="id" onChange={value => set({ idFrom: value })} complete={macros(attributes)} />}
        </Field>
      )}
      {template?.replaces && (
        <SelectField label="What the record leaves out" path="$.updateMode" value={draft.updateMode ?? 'replace'} options={[['replace', 'is cleared (replace)'], ['merge', 'stays as it is (read first, merge)']]} onChange={value => set({ updateMode: value === 'replace' ? undefined : value })} />
      )}
      {template?.canArchive && (
        <CheckField label="Archive first" path="$.archiveFirst" value={draft.archiveFirst ?? false} onChange={value => set({ archiveFirst: value || undefined })} hint="Clockify refuses to delete what is active." />
      )}

      {template && (template.fields.length > 0 || Object.keys(draft.mapping ?? {}).length > 0) && (
        <details class="more" open={innerWidth > 600}>
          <summary>Fields <span class="muted">and where their values come from</span></summary>
          <Mapping fields={template.fields} mapping={draft.mapping ?? {}} attributes={attributes} onChange={mapping => set({ mapping })} />
          {template.lost.length > 0 && <p class="hint">Clockify takes and forgets: {template.lost.map(one => <span><code>{one.name}</code> ({one.remedy}) </span>)}</p>}
        </details>
      )}
    </>
  );
}

/** By the object that the endpoints are about, the last word of their titles. */
function grouped(templates: Template[]): [string, Template[]][] {
  const groups = new Map<string, Template[]>();
  for (const template of templates) {
    const name = /timer/i.test(template.name) ? 'Time entry' : capital(template.title.replace(/^\S+\s+/, ''));
    groups.set(name, [...(groups.get(name) ?? []), template]);
  }

  return [...groups];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
