import { useEffect } from 'preact/hooks';
import { runCheck, useCheck } from '../check';
import { Field } from '../parts/Field';

const path = '$.inputs.workspaceId';

/** A list of the workspaces of the key. If the list could not be loaded from Clockify, a person types the ID. */
export function WorkspaceField({ credential, value, isNew, onChange }: { credential?: string; value: string; isNew: boolean; onChange: (value: string) => void }) {
  // A check delays other calls with the key for a moment, so the page of a saved destination makes it only on request.
  const state = useCheck(credential, isNew);
  const found = state?.check?.ok ? (state.check.workspaces ?? []) : undefined;
  useEffect(() => {
    if (isNew && found?.length === 1 && !value) onChange(found[0].id);
  }, [found?.length === 1 && found[0].id, value]);

  if (!found && state && !state.busy) {
    return (
      <Field label="Workspace ID" path={path} hint={`The workspaces of the key cannot be listed: ${state.error ?? state.check?.message ?? ''} Enter the ID; it is part of the workspace's address in Clockify.`}>
        {({ id, describedBy, invalid }) => <input id={id} value={value} spellcheck={false} autocomplete="off" aria-describedby={describedBy} aria-invalid={invalid} onInput={event => onChange(event.currentTarget.value)} />}
      </Field>
    );
  }

  const options = (found ?? []).map(({ id, name }) => [id, `${name} (${id})`]);
  if (value && !options.some(([id]) => id === value)) options.unshift([value, found ? `${value} (the key does not see this workspace)` : value]);
  return (
    <Field label="Workspace" path={path} hint={state?.busy ? 'Loading the workspaces of the key …' : undefined}>
      {({ id, describedBy, invalid }) => (
        <div class="withbutton">
          <select id={id} value={value} aria-describedby={describedBy} aria-invalid={invalid} onChange={event => onChange(event.currentTarget.value)}>
            {!value && <option value="" selected>Choose a workspace …</option>}
            {options.map(([option, text]) => <option key={option} value={option} selected={option === value}>{text}</option>)}
          </select>
          {!found && <button type="button" disabled={!credential || state?.busy} onClick={() => runCheck(credential!)}>Load workspaces</button>}
        </div>
      )}
    </Field>
  );
}
