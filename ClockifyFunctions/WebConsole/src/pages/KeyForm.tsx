import { useState } from 'preact/hooks';
import { keyRefused, useKey } from '../api';

export function KeyForm() {
  const [key, setKey] = useState('');
  return (
    <form class="card key" onSubmit={event => { event.preventDefault(); useKey(key.trim()); }}>
      <h1>Function key</h1>
      <p>The console calls the API of this app with a function key. The browser keeps the key until you close this tab.</p>
      <div class={keyRefused.value ? 'field bad' : 'field'}>
        <label class="label" for="key">Key</label>
        <input id="key" type="password" autocomplete="off" required autofocus value={key} aria-invalid={keyRefused.value || undefined} aria-describedby="key-hint" onInput={event => setKey(event.currentTarget.value)} />
        {keyRefused.value && <p class="problems" role="alert">The app refused this key.</p>}
        <p class="hint" id="key-hint">In the Azure portal: function app, App keys, <code>default</code>. For the local stack: in the output of <code>./build.sh start</code>.</p>
      </div>
      <button class="primary">Open the console</button>
    </form>
  );
}
