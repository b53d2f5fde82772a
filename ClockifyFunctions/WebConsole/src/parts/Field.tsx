import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useLayoutEffect } from 'preact/hooks';
import { signal, type Signal } from '@preact/signals';
import type { Problem } from '../api';

/** The config's problems, what the sample records bring up at the same paths, and which paths have a field that shows them. */
export interface Problems { all: Signal<Problem[]>; ofSamples: Signal<Problem[]>; shown: Signal<ReadonlyMap<string, number>> }
export const newProblems = (): Problems => ({ all: signal([]), ofSamples: signal([]), shown: signal(new Map()) });
export const ProblemsContext = createContext<Problems>(newProblems());

const belongs = (problem: Problem, path: string) => problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`);

/** The problems at a path and below, unless a field inside shows them. Claims them for this place. */
export function useProblems(path: string): Problem[] {
  const { all, ofSamples, shown } = useContext(ProblemsContext);
  useLayoutEffect(() => {
    const change = (by: number) => {
      const next = new Map(shown.peek());
      next.set(path, (next.get(path) ?? 0) + by);
      if (!next.get(path)) next.delete(path);
      shown.value = next;
    };
    change(1);
    return () => change(-1);
  }, [path]);
  return [...all.value, ...ofSamples.value].filter(problem => belongs(problem, path) && ![...shown.value.keys()].some(other => other.length > path.length && belongs(problem, other)));
}

/** What no field shows. */
export function UnplacedProblems() {
  const { all, shown } = useContext(ProblemsContext);
  const rest = all.value.filter(problem => ![...shown.value.keys()].some(path => belongs(problem, path)));
  return rest.length === 0 ? null : <ul class="problems box">{rest.map(problem => <li><code>{problem.path}</code> {problem.message}</li>)}</ul>;
}

export interface Control { id: string; describedBy?: string; invalid?: boolean; label: string }

interface Properties { label: string; path: string; hint?: ComponentChildren; optional?: boolean; children: (control: Control) => ComponentChildren; custom?: boolean }

/** A labelled control with its hint, and below it the problems of its path. */
export function Field({ label, path, hint, optional, custom, children }: Properties) {
  const id = useId();
  const problems = useProblems(path);
  const describedBy = [hint ? `${id}-hint` : '', problems.length ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;
  const spoken = problems.length ? `${label}: ${problems.map(problem => problem.message).join(' ')}` : label;
  const caption = <>{label}{optional && <span class="optional"> optional</span>}</>;
  return (
    <div class={problems.length ? 'field bad' : 'field'} data-path={path}>
      {custom ? <span class="label">{caption}</span> : <label class="label" for={id}>{caption}</label>}
      {children({ id, describedBy, invalid: problems.length > 0 || undefined, label: spoken })}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      <ProblemList id={`${id}-error`} problems={problems} path={path} />
    </div>
  );
}

export const ProblemList = ({ problems, path, id }: { problems: Problem[]; path?: string; id?: string }) =>
  problems.length === 0 ? null : (
    <ul class="problems" id={id}>
      {problems.map(problem => <li>{problem.path !== path && problem.path !== '$' && <code>{problem.path.replace(/^\$\.?/, '')}</code>} {problem.message}</li>)}
    </ul>
  );

interface TextProperties { label: string; path: string; value?: string | number; onChange: (value: string) => void; hint?: ComponentChildren; optional?: boolean; placeholder?: string; list?: string[]; type?: 'text' | 'number'; min?: number; max?: number }

export function TextField({ label, path, value, onChange, hint, optional, placeholder, list, type = 'text', min, max }: TextProperties) {
  return (
    <Field label={label} path={path} hint={hint} optional={optional}>
      {({ id, describedBy, invalid }) => (
        <>
          <input id={id} type={type} min={min} max={max} value={value ?? ''} placeholder={placeholder} spellcheck={false} autocomplete="off" aria-describedby={describedBy} aria-invalid={invalid} list={list?.length ? `${id}-list` : undefined} onInput={event => onChange(event.currentTarget.value)} />
          {list && list.length > 0 && <datalist id={`${id}-list`}>{list.map(item => <option value={item} />)}</datalist>}
        </>
      )}
    </Field>
  );
}

interface SelectProperties { label: string; path: string; value?: string; options: [value: string, label: string][]; onChange: (value: string) => void; hint?: ComponentChildren; disabled?: boolean }

export function SelectField({ label, path, value, options, onChange, hint, disabled }: SelectProperties) {
  return (
    <Field label={label} path={path} hint={hint}>
      {({ id, describedBy, invalid }) => (
        <select id={id} value={value ?? ''} disabled={disabled} aria-describedby={describedBy} aria-invalid={invalid} onChange={event => onChange(event.currentTarget.value)}>
          {options.map(([option, text]) => <option key={option} value={option} selected={option === (value ?? '')}>{text}</option>)}
        </select>
      )}
    </Field>
  );
}

export const CheckField = ({ label, path, value, onChange, hint }: { label: string; path: string; value: boolean; onChange: (value: boolean) => void; hint?: ComponentChildren }) => {
  const id = useId();
  const problems = useProblems(path);
  return (
    <div class="field check" data-path={path}>
      <label><input type="checkbox" checked={value} aria-describedby={hint ? `${id}-hint` : undefined} onChange={event => onChange(event.currentTarget.checked)} /> {label}</label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      <ProblemList problems={problems} path={path} />
    </div>
  );
};
