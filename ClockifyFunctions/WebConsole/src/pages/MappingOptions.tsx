import type { Source, Written } from '../api';

type Option = 'time' | 'format' | 'at' | 'unit' | 'culture' | 'split' | 'type';

/** The options of a field, by its type. Fields of a manual body have no type, so they have all options. */
const offered: Record<string, Option[]> = {
  datetime: ['time', 'format', 'at', 'culture'], date: ['format', 'culture'], time: ['format', 'culture'], duration: ['unit'], integer: ['culture'], number: ['culture'],
  ids: ['split'], emails: ['split'], texts: ['split'], choices: ['split'],
};
const manual: Option[] = ['type', 'time', 'format', 'at', 'unit', 'culture', 'split'];

const about: Record<Option, [label: string, placeholder: string, choices?: string[]]> = {
  time: ['time of day in', 'another attribute'],
  format: ['format', 'dd.MM.yyyy HH:mm'],
  at: ['time of day', '09:00'],
  unit: ['a bare number is', '', ['hours', 'minutes', 'seconds']],
  culture: ['language', 'de'],
  split: ['items separated by', ','],
  type: ['becomes', '', ['text', 'texts', 'dateTime', 'date', 'time', 'duration', 'boolean', 'integer', 'number']],
};

export const isConstant = (source?: Source): source is { value: unknown } => typeof source === 'object' && 'value' in source;

const written = (source?: Source): Written => (typeof source === 'string' ? { from: source } : source && !isConstant(source) ? source : {});

/** The attribute that a mapping names, or that of the date. */
export const attributeOf = (source?: Source): string => written(source).from ?? written(source).date ?? '';

/** The mapping after a change: only the attribute if it has no options, and no mapping if it has no attribute. */
export function sourceOf(source: Source | undefined, change: Written): Source | undefined {
  const { from, date, ...rest } = { ...written(source), date: undefined, from: attributeOf(source), ...change };
  const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value));
  if (!from) return undefined;
  if (options.time) return { date: from, ...options };
  return Object.keys(options).length ? { from, ...options } : from;
}

/** The format of the values of a mapped attribute. */
export function MappingOptions({ name, type, source, list, onChange }: { name: string; type?: string; source?: Source; list: string; onChange: (source?: Source) => void }) {
  const options = type ? offered[type] ?? [] : manual;
  const values = written(source);
  if (!attributeOf(source) || options.length === 0) return null;
  const set = (option: Option, value: string) => onChange(sourceOf(source, { [option]: value || undefined }));
  return (
    <details class="options" open={options.some(option => values[option]) || undefined}>
      <summary>How it is written</summary>
      {options.map(option => {
        const [label, placeholder, choices] = about[option];
        const common = { 'aria-label': `${name}: ${label}`, value: values[option] ?? '' };
        return (
          <label key={option}>{label} {choices ? (
            <select {...common} onChange={event => set(option, event.currentTarget.value)}>{['', ...choices].map(choice => <option key={choice} value={choice} selected={choice === common.value}>{choice}</option>)}</select>
          ) : (
            <input {...common} list={option === 'time' ? list : undefined} placeholder={placeholder} spellcheck={false} autocomplete="off" onInput={event => set(option, event.currentTarget.value)} />
          )}</label>
        );
      })}
    </details>
  );
}
