import { useState } from 'preact/hooks';
import { keyRefused, useKey } from '../api';

export function KeyForm() {
  const [key, setKey] = useState('');
  return (
    <form class="card key" onSubmit={event => { event.preventDefault(); useKey(key.trim()); }}>
      <h1>Function key</h1>
      <p>The console calls this app's API with its function key. It stays in this browser tab, until you close it.</p>
      <div class={keyRefused.value ? 'field bad' : 'field'}>
        <label class="label" for="key">Key</label>
        <input id="key" type="password" autocomplete="off" required autofocus value={key} aria-invalid={keyRefused.value || undefined} aria-describedby="key-hint" onInput={event => setKey(event.currentTarget.value)} />
        {keyRefused.value && <p class="problems" role="alert">The app refused that key.</p>}
        <p class="hint" id="key-hint">Azure portal: the function app, App keys, <code>default</code>. Local stack: <code>local-function-key</code>.</p>
      </div>
      <button class="primary">Open the console</button>
    </form>
  );
}
