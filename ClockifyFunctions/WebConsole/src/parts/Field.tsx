import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useLayoutEffect } from 'preact/hooks';
import { signal, type Signal } from '@preact/signals';
import type { Problem } from '../api';

/**
 * `all`: the problems of the config. `ofSamples`: problems of sample records at the same paths. `shown`: the paths that have a field.
 * `touched`: the paths of fields that a person has left or changed. Others show no problem until `showAll`, which Save sets.
 */
export interface Problems {
  all: Signal<Problem[]>; ofSamples: Signal<Problem[]>; shown: Signal<ReadonlyMap<string, number>>; touched: Signal<ReadonlySet<string>>; showAll: Signal<boolean>;
}
export const newProblems = (showAll: boolean): Problems => ({ all: signal([]), ofSamples: signal([]), shown: signal(new Map()), touched: signal(new Set()), showAll: signal(showAll) });
export const ProblemsContext = createContext<Problems>(newProblems(true));

const belongs = (problem: Problem, path: string) => problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`);

/** The problems of the config that a person may see now. */
export const visibleProblems = ({ all, touched, showAll }: Problems) =>
  showAll.value ? all.value : all.value.filter(problem => [...touched.value].some(path => belongs(problem, path)));

/** Marks the field around an element as touched. This includes fields inside a shadow tree, because the browser reports their events for the host element. */
export function touch({ touched }: Problems, target: EventTarget | null): void {
  const path = (target as Element | null)?.closest<HTMLElement>('[data-path]')?.dataset.path;
  if (path && !touched.value.has(path)) touched.value = new Set([...touched.value, path]);
}

/** The visible problems at a path and below it that no inner field shows. The caller shows them, so no other field does. */
export function useProblems(path: string): Problem[] {
  const problems = useContext(ProblemsContext);
  const { ofSamples, shown } = problems;
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
  return [...visibleProblems(problems), ...ofSamples.value].filter(problem => belongs(problem, path) && ![...shown.value.keys()].some(other => other.length > path.length && belongs(problem, other)));
}

/** The visible problems that no field shows. */
export function UnplacedProblems() {
  const problems = useContext(ProblemsContext);
  const rest = visibleProblems(problems).filter(problem => ![...problems.shown.value.keys()].some(path => belongs(problem, path)));
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
