import { autocompletion, closeBrackets, completionKeymap, type CompletionSource, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder as placeholderText } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

interface Properties {
  value: string;
  onChange: (value: string) => void;
  /** Text for screen readers, with the problems of the field. Labels and descriptions outside of a shadow tree have no effect inside. */
  label: string;
  invalid?: boolean;
  multiline?: boolean;
  language?: 'json';
  complete?: CompletionSource;
  placeholder?: string;
  readOnly?: boolean;
}

/** The colours are custom properties of the page, which apply inside the shadow tree too. */
const theme = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)', padding: '0.45rem 0' },
  '.cm-line': { padding: '0 0.65rem' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--selection)' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selection)', outline: 'none' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line)', borderRadius: '8px', boxShadow: 'var(--shadow)', overflow: 'hidden' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '0.8125rem' },
  '.cm-tooltip-autocomplete ul li': { padding: '0.25rem 0.6rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.8', fontStyle: 'normal', marginLeft: '0.75rem' },
  '.cm-completionInfo': { maxWidth: '22rem', padding: '0.5rem 0.7rem', fontFamily: 'var(--sans)' },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-value)' },
]);

const given = Annotation.define<boolean>();

/** A CodeMirror editor in a shadow root. There it uses constructable style sheets, which need no exception in the page's Content-Security-Policy. */
export function CodeField({ value, onChange, label, invalid, multiline, language, complete, placeholder, readOnly }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const attributes = useRef(new Compartment());
  const latest = useRef({ onChange, complete });
  latest.current = { onChange, complete };

  const described = EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, ...(multiline ? { 'aria-multiline': 'true' } : {}), ...(invalid ? { 'aria-invalid': 'true' } : {}) });

  useLayoutEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open', delegatesFocus: true });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          theme,
          syntaxHighlighting(colours),
          attributes.current.of(described),
          placeholder ? placeholderText(placeholder) : [],
          language === 'json' ? [json(), bracketMatching(), closeBrackets(), multiline && !readOnly ? lineNumbers() : []] : [],
          autocompletion({ override: [context => latest.current.complete?.(context) ?? null], icons: false }),
          multiline ? EditorView.lineWrapping : EditorState.transactionFilter.of(change => (change.newDoc.lines > 1 ? [] : change)),
          EditorState.readOnly.of(readOnly ?? false),
          // Tab is not bound: it moves the focus to the next field.
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of(update => {
            if (update.docChanged && !update.transactions.some(one => one.annotation(given))) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  // A layout effect, because a later effect could undo a key that was pressed in between.
  useLayoutEffect(() => {
    const editor = view.current!;
    const text = editor.state.doc.toString();
    if (text !== value) editor.dispatch({ changes: { from: 0, to: text.length, insert: value }, annotations: given.of(true) });
  }, [value]);
  useEffect(() => view.current!.dispatch({ effects: attributes.current.reconfigure(described) }), [label, invalid]);

  return <div ref={host} class={`code${multiline ? ' tall' : ''}${invalid ? ' invalid' : ''}`} />;
}
