import { useId } from 'preact/hooks';
import type { Reference, ReferenceSource } from '../api';
import { ProblemList, useProblems } from '../parts/Field';

type ReferencesOf = Record<string, ReferenceSource | Record<string, unknown>>;
type Option = 'within' | 'missing' | 'archived' | 'split';
type Members = { from?: string } & Partial<Record<Option, string>>;
interface Properties { offered: Reference[]; references: ReferencesOf; attributes: string[]; onChange: (references: ReferencesOf) => void }

/** The fields whose records contain names instead of ids. References of custom fields are edited as JSON. */
export function References({ offered, references, attributes, onChange }: Properties) {
  const list = useId();
  const set = (name: string, members: Members) => {
    const next = { ...references };
    const options = Object.fromEntries(Object.entries(members).filter(([, value]) => value));
    if (!members.from) delete next[name];
    else next[name] = Object.keys(options).length > 1 ? options : members.from;
    onChange(next);
  };
  const rows = offered.filter(reference => reference.name !== 'customFields');
  if (rows.length === 0) return null;
  return (
    <details class="more" open={innerWidth > 600}>
      <summary>Names <span class="muted">of objects, instead of their ids</span></summary>
      <div class="mapping">
        <datalist id={list}>{attributes.map(path => <option value={path} />)}</datalist>
        {rows.map(reference => <Row key={reference.name} reference={reference} source={references[reference.name]} list={list} onChange={members => set(reference.name, members)} />)}
      </div>
    </details>
  );
}

function Row({ reference, source, list, onChange }: { reference: Reference; source?: ReferencesOf[string]; list: string; onChange: (members: Members) => void }) {
  const id = useId();
  const path = `$.references.${reference.name}`;
  const problems = useProblems(path);
  const members: Members = typeof source === 'string' ? { from: source } : (source as Members | undefined) ?? {};
  return (
    <div class={problems.length ? 'maprow bad' : 'maprow'} data-path={path}>
      <div class="about">
        <label for={id}>{reference.name}</label>
        <p class="hint" id={`${id}-hint`}>{about(reference)}</p>
      </div>
      <input id={id} value={members.from ?? ''} list={list} placeholder="attribute" spellcheck={false} autocomplete="off" aria-describedby={`${id}-hint`} aria-invalid={problems.length > 0 || undefined} onInput={event => onChange({ ...members, from: event.currentTarget.value })} />
      {members.from && <Options reference={reference} members={members} onChange={onChange} />}
      <ProblemList problems={problems} path={path} />
    </div>
  );
}

function Options({ reference, members, onChange }: { reference: Reference; members: Members; onChange: (members: Members) => void }) {
  const choices: [option: Option, label: string, values: [string, string][]][] = [
    ['missing', 'a name without an object', [['', 'is refused'], ...(reference.canCreate ? [['create', 'is created'] as [string, string]] : []), ['omit', 'is left out']]],
    ['archived', 'an archived object', [['', 'default'], ['use', 'is used'], ['reject', 'is refused'], ['restore', 'is made active']]],
  ];
  if (reference.within && !reference.isListedByParent) choices.unshift(['within', 'is looked for', [['', 'everywhere'], [reference.within, `in the ${reference.within} of the record`]]]);
  return (
    <details class="options" open={Object.keys(members).length > 1 || undefined}>
      <summary>How it is found</summary>
      {choices.map(([option, label, values]) => (
        <label key={option}>{label} <select aria-label={`${reference.name}: ${label}`} value={members[option] ?? ''} onChange={event => onChange({ ...members, [option]: event.currentTarget.value })}>{values.map(([value, text]) => <option key={value} value={value} selected={value === (members[option] ?? '')}>{text}</option>)}</select></label>
      ))}
      {reference.many && <label>names separated by <input aria-label={`${reference.name}: names separated by`} value={members.split ?? ''} placeholder="," onInput={event => onChange({ ...members, split: event.currentTarget.value })} /></label>}
    </details>
  );
}

function about({ title, by, field, many, within, isListedByParent }: Reference): string {
  const what = by === 'email' ? 'e-mail address' : 'name';
  const text = many ? `The ${what} of one or several: ${title.toLowerCase()}.` : `The ${what} of the ${title.toLowerCase()}.`;
  const place = isListedByParent ? ` It is looked for in the ${within} of the record.` : '';
  return field ? `${text}${place} Its id goes to ${field}.` : `${text} Other objects are looked for in it.`;
}
