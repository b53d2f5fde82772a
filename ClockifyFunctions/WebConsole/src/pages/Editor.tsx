import { useState } from 'preact/hooks';
import { api, type Config } from '../api';
import { type Mode, modeOf } from '../config';
import { useOnce } from '../hooks';
import { CodeField } from '../parts/CodeField';
import { members } from '../parts/completion';
import { Tabs } from '../parts/Tabs';
import { CommonFields } from './CommonFields';
import { ManualTab } from './ManualTab';
import { SyncTab } from './SyncTab';
import { TemplateTab } from './TemplateTab';

export interface TabProperties { draft: Config; attributes: string[]; onChange: (draft: Config) => void }
interface Properties extends TabProperties { isNew: boolean; config: Config; mode: Mode; onMode: (mode: Mode) => void }

export function Editor({ isNew, draft, config, mode, attributes, onChange, onMode }: Properties) {
  const [asJson, setAsJson] = useState(false);
  const tab = { draft, attributes, onChange };
  return (
    <div class="card">
      <Tabs
        label="How to configure"
        tabs={[['template', 'Template'], ['sync', 'Synchronize'], ['manual', 'Advanced'], ['json', 'JSON']]}
        value={asJson ? 'json' : mode}
        onChange={value => {
          setAsJson(value === 'json');
          if (value !== 'json') onMode(value);
        }}
      >
        {asJson ? <JsonTab config={config} attributes={attributes} onChange={changed => { onChange(changed); onMode(modeOf(changed)); }} /> : (
          <>
            {mode === 'template' ? <TemplateTab {...tab} isNew={isNew} /> : mode === 'sync' ? <SyncTab {...tab} isNew={isNew} /> : <ManualTab {...tab} />}
            <CommonFields {...tab} mode={mode} />
          </>
        )}
      </Tabs>
    </div>
  );
}

/** The same config as text, with completion by its schema. The page never reformats the text while a person writes it. */
function JsonTab({ config, attributes, onChange }: { config: Config; attributes: string[]; onChange: (config: Config) => void }) {
  const schema = useOnce('schema', api.schema);
  const [text, setText] = useState(() => JSON.stringify(config, null, 2));
  const [broken, setBroken] = useState<string>();
  const edit = (value: string) => {
    setText(value);
    try {
      const read = JSON.parse(value);
      setBroken(undefined);
      if (read && typeof read === 'object' && !Array.isArray(read)) onChange(read);
    } catch (error) {
      setBroken((error as Error).message);
    }
  };
  return (
    <div class={broken ? 'field bad' : 'field'}>
      <CodeField label="Destination config as JSON" language="json" multiline value={text} invalid={broken !== undefined} onChange={edit} complete={members(schema, attributes)} />
      {broken && <p class="problems">{broken}</p>}
      <p class="hint">Ctrl+Space offers names, choices and macros.</p>
    </div>
  );
}
