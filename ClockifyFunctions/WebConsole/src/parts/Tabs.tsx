import { useId } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

interface Properties<T extends string> { label: string; tabs: [value: T, label: ComponentChildren][]; value: T; onChange: (value: T) => void; children: ComponentChildren }

/** Tabs with the usual keys: arrows, Home, End. */
export function Tabs<T extends string>({ label, tabs, value, onChange, children }: Properties<T>) {
  const id = useId();
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(([tab]) => tab === value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const [next] = tabs[(to + tabs.length) % tabs.length];
    onChange(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(([tab, text]) => (
          <button key={tab} id={`${id}-${tab}`} role="tab" type="button" aria-selected={tab === value} aria-controls={`${id}-panel`} tabIndex={tab === value ? 0 : -1} onClick={() => onChange(tab)}>{text}</button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${value}`} class="panel">{children}</div>
    </>
  );
}
