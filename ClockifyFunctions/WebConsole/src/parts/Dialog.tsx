import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Properties { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }

/** A modal dialog. Escape closes it, and the browser returns the focus. */
export function Dialog({ title, onClose, children, wide }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => { dialog.current?.showModal(); }, []);
  return (
    <dialog ref={dialog} class={wide ? 'wide' : ''} aria-labelledby={id} onClose={onClose}>
      <header><h2 id={id}>{title}</h2><button class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>×</button></header>
      {children}
    </dialog>
  );
}

interface ConfirmProperties { title: string; action: string; onConfirm: () => void; onClose: () => void; children: ComponentChildren }

export const Confirm = ({ title, action, onConfirm, onClose, children }: ConfirmProperties) => (
  <Dialog title={title} onClose={onClose}>
    <p>{children}</p>
    <div class="buttons end">
      <button onClick={onClose}>Cancel</button>
      <button class="danger" onClick={() => { onConfirm(); onClose(); }}>{action}</button>
    </div>
  </Dialog>
);
