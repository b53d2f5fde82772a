import { useState } from 'preact/hooks';
import { api, ApiError } from '../api';
import { announce } from '../parts/announce';
import { Dialog } from '../parts/Dialog';
import { linkTo } from '../route';

export function CopyDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [name, setName] = useState(`${id}-copy`);
  const [error, setError] = useState<string>();
  const copy = async () => {
    try {
      await api.copy(id, name);
      announce(`Copied to ${name}. The copy is paused.`);
      onClose();
      location.hash = linkTo(name);
    } catch (failure) {
      setError(failure instanceof ApiError && failure.errors.length > 0 ? failure.errors.map(one => `The name ${one.message}`).join(' ') : (failure as Error).message);
    }
  };
  return (
    <Dialog title={`Copy ${id}`} onClose={onClose}>
      <form onSubmit={event => { event.preventDefault(); void copy(); }}>
        <div class={error ? 'field bad' : 'field'}>
          <label class="label" for="copy">Name of the copy</label>
          <input id="copy" value={name} spellcheck={false} autocomplete="off" aria-describedby="copy-hint" aria-invalid={error ? true : undefined} onInput={event => setName(event.currentTarget.value)} />
          <p class="hint" id="copy-hint">The copy has the same settings. It is paused and has no records.</p>
          {error && <p class="problems" role="alert">{error}</p>}
        </div>
        <div class="buttons end"><button type="button" onClick={onClose}>Cancel</button><button class="primary">Copy</button></div>
      </form>
    </Dialog>
  );
}
