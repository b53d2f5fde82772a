import { useId, useState } from 'preact/hooks';
import type { Field as TemplateField, Source } from '../api';
import { ProblemList, useProblems } from '../parts/Field';
import { attributeOf, isConstant, MappingOptions, sourceOf } from './MappingOptions';

type MappingOf = Record<string, Source>;
interface Properties { fields: TemplateField[]; mapping: MappingOf; attributes: string[]; onChange: (mapping: MappingOf) => void }

const textual = ['text', 'id', 'datetime', 'choice', 'duration', 'color', 'colour'];

/** The source of each field: an attribute of the record or a constant. Without a source, a field uses the attribute with its own name. */
export function Mapping({ fields, mapping, attributes, onChange }: Properties) {
  const [added, setAdded] = useState('');
  const names = [...fields.map(field => field.name), ...Object.keys(mapping).filter(name => !fields.some(field => field.name === name))];
  const list = useId();
  const set = (name: string, source: Source | undefined) => {
    const next = { ...mapping };
    if (source === undefined) delete next[name];
    else next[name] = source;
    onChange(next);
  };
  return (
    <div class="mapping">
      <datalist id={list}>{attributes.map(path => <option value={path} />)}</datalist>
      {names.map(name => <Row key={name} name={name} field={fields.find(field => field.name === name)} source={mapping[name]} list={list} present={attributes.includes(name)} onChange={source => set(name, source)} />)}
      <form class="add" onSubmit={event => { event.preventDefault(); if (added && !(added in mapping)) set(added, added); setAdded(''); }}>
        <input aria-label="Another field to fill" placeholder="Another field" value={added} onInput={event => setAdded(event.currentTarget.value)} />
        <button disabled={!added}>Add</button>
      </form>
    </div>
  );
}

function Row({ name, field, source, list, present, onChange }: { name: string; field?: TemplateField; source?: Source; list: string; present: boolean; onChange: (source?: Source) => void }) {
  const id = useId();
  const problems = useProblems(`$.mapping.${name}`);
  const constant = isConstant(source);
  const text = constant ? (typeof source.value === 'string' ? source.value : JSON.stringify(source.value) ?? '') : attributeOf(source);
  const read = (value: string): unknown => {
    if (field && textual.includes(field.type.toLowerCase())) return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
  return (
    <div class={problems.length ? 'maprow bad' : 'maprow'} data-path={`$.mapping.${name}`}>
      <div class="about">
        <label for={id}>{name}</label>
        {field && <span class="type">{field.type.toLowerCase()}</span>}
        {field?.required && <span class="type needed">required</span>}
        {field && <p class="hint" id={`${id}-hint`}>{field.description}{hints(field)}</p>}
      </div>
      <div class="from">
        <select aria-label={`${name} comes from`} value={constant ? 'constant' : 'attribute'} onChange={event => onChange(event.currentTarget.value === 'constant' ? { value: read(text) } : text || undefined)}>
          <option value="attribute" selected={!constant}>attribute</option>
          <option value="constant" selected={constant}>constant</option>
        </select>
        {constant && field?.values?.length ? (
          <select id={id} value={text} aria-describedby={`${id}-hint`} onChange={event => onChange({ value: event.currentTarget.value })}>{['', ...field.values].map(value => <option key={value} value={value} selected={value === text}>{value}</option>)}</select>
        ) : (
          <input id={id} value={text} list={constant ? undefined : list} spellcheck={false} autocomplete="off" placeholder={constant ? 'value' : present ? `${name} ✓` : name} aria-describedby={field ? `${id}-hint` : undefined} aria-invalid={problems.length > 0 || undefined} onInput={event => onChange(constant ? { value: read(event.currentTarget.value) } : sourceOf(source, { from: event.currentTarget.value }))} />
        )}
      </div>
      {!constant && <MappingOptions name={name} type={field?.type.toLowerCase()} source={source} list={list} onChange={onChange} />}
      <ProblemList problems={problems} path={`$.mapping.${name}`} />
    </div>
  );
}

function hints({ minLength, maxLength, values, default: fallback }: TemplateField): string {
  const parts = [
    values?.length ? `One of ${values.join(', ')}.` : '',
    minLength ? `At least ${minLength} characters.` : '',
    maxLength && maxLength < 1e6 ? `At most ${maxLength}.` : '',
    fallback !== undefined && fallback !== null ? `Default ${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}.` : '',
  ].filter(Boolean);
  return parts.length ? ` ${parts.join(' ')}` : '';
}
