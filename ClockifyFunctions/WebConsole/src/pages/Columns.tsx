import { useEffect, useState } from 'preact/hooks';
import { api, type Config, type MappingProposal } from '../api';
import { plural } from '../format';
import { useSettled } from '../hooks';
import { announce } from '../parts/announce';
import type { Given } from '../samples';

interface Properties { config: Config; given: Given; onConfig: (change: Partial<Config>) => void }

/** The target of each column of the sample: a proposal of the app, which a person can correct and apply. */
export function Columns({ config, given, onConfig }: Properties) {
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [proposal, setProposal] = useState<MappingProposal>();
  const question = useSettled(JSON.stringify({ endpoint: config.endpoint, sync: config.sync, recordsText: given.shown, recordsFormat: given.format, choices: { ...said(config), ...chosen } }), 200);
  useEffect(() => {
    const own = new AbortController();
    // The preview shows the problems of the records and the endpoint.
    api.mapping(JSON.parse(question), own.signal).then(setProposal, () => setProposal(undefined));
    return () => own.abort();
  }, [question]);
  useEffect(() => setChosen({}), [config.endpoint, config.sync]);
  if (!proposal || proposal.columns.length === 0) return null;

  const next = proposed(config, proposal);
  const isTaken = Object.entries(next).every(([name, value]) => JSON.stringify(value ?? null) === JSON.stringify(config[name] ?? null));
  const take = () => {
    onConfig(next);
    setChosen({});
    announce('The mapping is in the settings. Look at the requests, then save.');
  };
  return (
    <details class="more columns" open={!isTaken || proposal.leftOver.length > 0}>
      <summary>Columns <span class="muted">and what they go to</span>{proposal.leftOver.length > 0 && <span class="badge warn">{plural(proposal.leftOver.length, 'column')} left over</span>}</summary>
      <table class="columns">
        <thead><tr><th scope="col">Column</th><th scope="col">First value</th><th scope="col">Goes to</th></tr></thead>
        <tbody>
          {proposal.columns.map(({ attribute, example, target }) => (
            <tr key={attribute} class={target ? undefined : 'left'}>
              <th scope="row">{attribute}</th>
              <td class="example">{example}</td>
              <td>
                <select aria-label={`${attribute} goes to`} value={target ?? ''} onChange={event => setChosen({ ...chosen, [attribute]: event.currentTarget.value })}>
                  <option value="" selected={!target}>choose …</option>
                  <option value="exclude" selected={target === 'exclude'}>exclude: is not sent</option>
                  {groups.map(([prefix, label]) => (
                    <optgroup key={prefix} label={label}>
                      {proposal.targets.filter(one => one.id.startsWith(prefix)).map(one => <option key={one.id} value={one.id} selected={one.id === target} title={one.description}>{one.title}</option>)}
                    </optgroup>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {proposal.missing.length > 0 && <p class="box warn">No column gives {proposal.missing.join(', ')}.</p>}
      {proposal.questions.map(question => <p key={question} class="box warn">{question}</p>)}
      <div class="buttons end"><button type="button" disabled={isTaken} onClick={take}>{isTaken ? 'The settings say this' : 'Use this mapping'}</button></div>
    </details>
  );
}

const groups: [prefix: string, label: string][] = [['references.', 'Found by name'], ['mapping.', 'Fields'], ['i', 'Ids in the URL'], ['key', 'Key']];

type Source = string | Record<string, unknown>;

/** The targets in the current settings, so that the proposal does not contradict them. */
function said(config: Config): Record<string, string> {
  const choices: Record<string, string> = {};
  const add = (attribute: unknown, target: string) => { if (typeof attribute === 'string') choices[attribute] = target; };
  const macro = (text: unknown) => (typeof text === 'string' ? /^\{record\.(.+)\}$/.exec(text)?.[1] : undefined);
  add(config.idFrom, 'idFrom');
  add(macro(config.key), 'key');
  for (const [name, value] of Object.entries(config.inputs ?? {})) add(macro(value), `inputs.${name}`);
  for (const attribute of config.excludeAttributes ?? []) add(attribute, 'exclude');
  for (const [name, source] of Object.entries((config.references ?? {}) as Record<string, Source>)) add(typeof source === 'string' ? source : source.from, `references.${name}`);
  for (const [name, source] of Object.entries((config.mapping ?? {}) as Record<string, Source>)) {
    if (typeof source === 'string') add(source, `mapping.${name}`);
    else {
      add(source.from, `mapping.${name}`);
      add(source.time, `mapping.${name}`);
      if (name === 'start') add(source.date, 'mapping.start.date');
    }
  }
  return choices;
}

/** Adds the proposal to the settings. Constants and the options of existing sources are kept. */
function proposed(config: Config, { mapping, references, inputs, idFrom, key, excludeAttributes }: MappingProposal): Partial<Config> {
  const merge = (before: Record<string, Source>, found: Record<string, Source>, keeps: (source: Source) => boolean) => {
    const kept = Object.entries(before).filter(([name, source]) => !(name in found) && keeps(source));
    const taken = Object.entries(found).map(([name, source]) => [name, typeof before[name] === 'object' ? { ...before[name], ...(typeof source === 'string' ? { from: source } : source) } : source]);
    const all = Object.fromEntries([...kept, ...taken]);
    return Object.keys(all).length > 0 ? all : undefined;
  };
  return {
    mapping: merge((config.mapping ?? {}) as Record<string, Source>, mapping, source => typeof source === 'object' && 'value' in source) as Config['mapping'],
    references: merge((config.references ?? {}) as Record<string, Source>, references, () => false),
    inputs: { ...config.inputs, ...inputs },
    ...(idFrom && { idFrom }),
    ...(key && { key }),
    excludeAttributes: excludeAttributes.length > 0 ? excludeAttributes : undefined,
  };
}
