import { api, type Config } from '../api';
import { withInput } from '../config';
import { useOnce } from '../hooks';
import { CodeField } from '../parts/CodeField';
import { macros } from '../parts/completion';
import { Field, SelectField } from '../parts/Field';
import { Mapping } from './Mapping';
import { References } from './References';
import type { TabProperties } from './Editor';
import { WorkspaceField } from './WorkspaceField';

/** The kind of objects, the key of a record, and the changes that a record may make. */
export function SyncTab({ draft, attributes, isNew, onChange }: TabProperties & { isNew: boolean }) {
  const templates = useOnce('templates', api.templates);
  const kinds = templates?.filter(one => one.synchronizes) ?? [];
  const template = kinds.find(one => one.synchronizes === draft.sync);
  const set = (change: Partial<Config>) => onChange({ ...draft, ...change });
  const choose = (name: string, fallback: string) => (value: string) => set({ [name]: value === fallback ? undefined : value });
  return (
    <>
      <SelectField label="Objects" path="$.sync" value={draft.sync ?? ''} options={[...(template ? [] : [['', 'Choose …'] as [string, string]]), ...kinds.map(one => [one.synchronizes!, one.group === 'Time entries' ? 'Time entries' : one.title.replace(/^(Create|Add|Invite|Enter) (an? )?/i, '')] as [string, string])]} onChange={sync => set({ sync })} hint="Records create and change objects of this kind." />
      <WorkspaceField credential={draft.credential} value={draft.inputs?.workspaceId ?? ''} isNew={isNew} onChange={workspaceId => set({ inputs: { ...draft.inputs, workspaceId } })} />
      {template?.inputs.filter(input => input.name !== 'workspaceId').map(input => (
        <Field key={input.name} label={input.title} path={`$.inputs.${input.name}`} custom optional={!input.required} hint={input.description}>
          {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.inputs?.[input.name] ?? ''} placeholder={input.from ? `{record.${input.from}}` : input.default} onChange={value => set({ inputs: withInput(draft.inputs, input.name, value) })} complete={macros(attributes)} />}
        </Field>
      ))}
      <Field label="Key" path="$.key" custom hint="What identifies a record in its source: an attribute, or a text with macros such as {record.system}/{record.id}.">
        {({ label, invalid }) => <CodeField label={label} invalid={invalid} value={draft.key ?? ''} placeholder="id" onChange={key => set({ key })} complete={macros(attributes)} />}
      </Field>
      <SelectField label="A record may" path="$.mode" value={draft.mode ?? 'upsert'} options={[['upsert', 'create and change its object (upsert)'], ['insert', 'create its object (insert)'], ['update', 'change its object (update)'], ['mirror', 'create and change, and what a complete run leaves out vanishes (mirror)']]} onChange={choose('mode', 'upsert')} />
      {draft.mode === 'mirror' && (
        <SelectField label="What a complete run does not name" path="$.vanished" value={draft.vanished ?? ''} options={[['', 'default: is archived, or kept where that is not possible'], ['archive', 'is archived'], ['keep', 'is kept'], ['delete', 'is deleted']]} onChange={vanished => set({ vanished: vanished || undefined })} />
      )}
      <SelectField label="An object that matches and has no key yet" path="$.adopt" value={draft.adopt ?? ''} options={[['', 'default: is linked to the key if it is the only one'], ['unique', 'is linked to the key if it is the only one'], ['never', 'stays as it is'], ['marker', 'is linked to the key if it contains the key']]} onChange={adopt => set({ adopt: adopt || undefined })} />
      <SelectField label="An object that somebody changed in Clockify" path="$.drift" value={draft.drift ?? 'ignore'} options={[['ignore', 'is left as it is'], ['report', 'is shown in plans'], ['repair', 'is shown in plans, and can be repaired']]} onChange={choose('drift', 'ignore')} />
      {template && <References offered={template.references} references={draft.references ?? {}} attributes={attributes} onChange={references => set({ references })} />}
      {template && (
        <details class="more" open={innerWidth > 600}>
          <summary>Fields <span class="muted">and where their values come from</span></summary>
          <Mapping fields={template.fields} mapping={draft.mapping ?? {}} attributes={attributes} onChange={mapping => set({ mapping })} />
        </details>
      )}
    </>
  );
}
