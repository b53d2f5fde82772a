import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { SyntaxNode } from '@lezer/common';

/** Offers macros after a { is typed. */
export function macros(attributes: string[], { inputs = [], body = false }: { inputs?: string[]; body?: boolean } = {}): CompletionSource {
  const now: Completion[] = [
    { label: '{now}', detail: 'UTC, as Clockify writes times' },
    { label: '{now-5}', detail: 'five days ago' },
    { label: '{now+2h:yyyy-MM-dd}', detail: 'with a format' },
    ...['YYYY', 'MM', 'dd', 'HH', 'mm', 'ss'].map(part => ({ label: `{${part}}`, detail: 'part of the sending time', boost: -1 })),
  ];
  const options: Completion[] = [
    ...attributes.map(path => ({ label: `{record.${path}}`, detail: 'from the record', boost: 2 })),
    ...inputs.map(name => ({ label: `{${name}}`, detail: 'input', boost: 1 })),
    ...(body ? [{ label: '{message.json}', detail: 'the whole record', boost: 3 }] : []),
    ...now,
  ];
  return (context: CompletionContext): CompletionResult | null => {
    const open = context.matchBefore(/\{[^{}]*/);
    if (!open && !context.explicit) return null;
    const from = open?.from ?? context.pos;
    // A closing brace behind the cursor belongs to the macro that is replaced.
    const closed = context.state.sliceDoc(context.pos, context.pos + 1) === '}';
    return { from, to: closed ? context.pos + 1 : undefined, options, validFor: /^\{[^{}]*$/ };
  };
}

interface Schema { properties?: Record<string, Schema>; enum?: unknown[]; type?: string | string[]; description?: string }

/** Offers members and values of a JSON document by its schema, as far as the schema consists of plain properties. */
export function members(schema: Schema | undefined, attributes: string[]): CompletionSource {
  return context => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1);
    const text = (of: SyntaxNode) => context.state.sliceDoc(of.from, of.to);
    const path: string[] = [];
    for (let at: SyntaxNode | null = node; at; at = at.parent) {
      const name = at.name === 'Property' ? at.getChild('PropertyName') : null;
      if (name && at !== node) path.unshift(text(name).replace(/^"|"$/g, ''));
    }

    const naming = node.name === 'PropertyName' || node.name === 'Object' || node.name === '{' || node.name === '⚠';
    const word = context.matchBefore(/"?[\w$-]*/);
    if (naming) {
      if (node.name === 'PropertyName') path.pop();
      const here = follow(schema, path);
      if (!here?.properties || (!context.explicit && word?.text === '')) return null;
      return {
        from: word?.from ?? context.pos,
        options: Object.entries(here.properties).map(([name, member]) => ({ label: `"${name}"`, apply: `"${name}": `, info: member.description })),
      };
    }

    if (node.name === 'String' && /\{[^{}"]*$/.test(context.state.sliceDoc(node.from, context.pos))) return macros(attributes)(context);
    const values = follow(schema, path)?.enum;
    if (!values) return null;
    const inString = node.name === 'String';
    return { from: inString ? node.from : (word?.from ?? context.pos), to: inString ? node.to : undefined, filter: false, options: values.map(value => ({ label: JSON.stringify(value) })) };
  };
}

const follow = (schema: Schema | undefined, path: string[]) => path.reduce<Schema | undefined>((at, name) => at?.properties?.[name], schema);
