import { api, type Config, type Input } from '../api';
import { withInput } from '../config';
import { useOnce } from '../hooks';
import { CodeField } from '../parts/CodeField';
import { macros } from '../parts/completion';
import { CheckField, Field, SelectField } from '../parts/Field';
import { EndpointField } from './EndpointField';
import { Mapping } from './Mapping';
import { References } from './References';
import type { TabProperties } from './Editor';
import { WorkspaceField } from './WorkspaceField';

/** An endpoint of Clockify, its inputs, and the sources of its fields. */
export function TemplateTab({ draft, attributes, isNew, onChange }: TabProperties & { isNew: boolean }) {
  const templates = useOnce('templates', api.templates);
  const template = templates?.find(one => one.name === draft.endpoint);
  const set = (change: Partial<Config>) => onChange({ ...draft, ...change });
  return (
    <>
      <EndpointField templates={templates ?? []} value={draft.endpoint} onChange={endpoint => set({ endpoint })} />

      {template?.inputs.map(input => input.name === 'workspaceId' ? (
        <WorkspaceField key={input.name} credential={draft.credential} value={draft.inputs?.workspaceId ?? ''} isNew={isNew} onChange={value => set({ inputs: { ...draft.inputs, workspaceId: value } })} />
      ) : (
        <Field key={input.name} label={input.title} path={`$.inputs.${input.name}`} custom optional={!input.required} hint={`${input.description} ${hint(input)}`}>
          {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.inputs?.[input.name] ?? ''} placeholder={input.from ? `{record.${input.from}}` : input.default} onChange={value => set({ inputs: withInput(draft.inputs, input.name, value) })} complete={macros(attributes)} />}
        </Field>
      ))}

      {template?.id && (
        <Field label={template.id.title} path="$.idFrom" custom optional hint={`${template.id.description} An attribute, or a text with macros. Left empty: the record's ${template.id.from}.`}>
          {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.idFrom ?? ''} placeholder={template.id!.from} onChange={value => set({ idFrom: value })} complete={macros(attributes)} />}
        </Field>
      )}
      {template?.canMerge && (
        <SelectField label="What the record leaves out" path="$.updateMode" value={draft.updateMode ?? 'replace'} options={[['replace', 'is cleared (replace)'], ['merge', 'stays as it is (read first, merge)']]} onChange={value => set({ updateMode: value === 'replace' ? undefined : value })} />
      )}
      {template?.hasTimers && (
        <CheckField label="Permit timers" path="$.timers" value={draft.timers ?? false} onChange={value => set({ timers: value || undefined })} hint="A record without start or end starts a timer or lets it run. Otherwise it is refused." />
      )}
      {template?.canArchive && (
        <CheckField label="Archive first" path="$.archiveFirst" value={draft.archiveFirst ?? false} onChange={value => set({ archiveFirst: value || undefined })} hint="Clockify refuses to delete what is active." />
      )}

      {template && <References offered={template.references} references={draft.references ?? {}} attributes={attributes} onChange={references => set({ references })} />}
      {template && (template.fields.length > 0 || Object.keys(draft.mapping ?? {}).length > 0) && (
        <details class="more" open={innerWidth > 600}>
          <summary>Fields <span class="muted">and where their values come from</span></summary>
          <Mapping fields={template.fields} mapping={draft.mapping ?? {}} attributes={attributes} onChange={mapping => set({ mapping })} />
          {template.lost.length > 0 && <p class="hint">Clockify drops these attributes without a word: {template.lost.map(one => <span><code>{one.name}</code> ({one.remedy}) </span>)}</p>}
        </details>
      )}
    </>
  );
}

function hint({ values, from, default: fallback }: Input): string {
  if (values?.length) return `${values.join(' or ')}${fallback ? `. Left empty: ${fallback}` : ''}.`;
  return `A value, or a macro such as {record.project.id}.${from ? ` Left empty: the record's ${from}.` : ''}`;
}
