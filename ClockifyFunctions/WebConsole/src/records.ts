export type RecordsFormat = 'json' | 'ndjson' | 'csv';
export const contentTypes: Record<RecordsFormat, string> = { json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' };
export const formatLabels: Record<RecordsFormat, string> = { json: 'JSON', ndjson: 'NDJSON', csv: 'CSV' };

/** The format of a pasted text: objects on lines of their own are NDJSON, and a text that begins with no bracket is CSV. */
export function formatOf(text: string): RecordsFormat {
  const start = text.trimStart();
  if (start.startsWith('[')) return 'json';
  if (!start.startsWith('{')) return 'csv';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return /\}\s*\n\s*\{/.test(start) ? 'ndjson' : 'json';
  }
}

/** The beginning of a text with at most `most` records, and the number of records in the whole text. */
export interface Head { text: string; total: number }

/**
 * Cuts a text after its first records without parsing it, so that the preview sees them byte for byte. A text that cannot be
 * read is returned completely, and the app reports its problem.
 */
export function head(text: string, format: RecordsFormat, most: number): Head {
  switch (format) {
    case 'ndjson': return headOfLines(text, most);
    case 'csv': return headOfCsv(text, most);
    default: return text.trimStart().startsWith('[') ? headOfArray(text, most) : { text, total: text.trim() ? 1 : 0 };
  }
}

function headOfLines(text: string, most: number): Head {
  let [total, end] = [0, text.length];
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\n', start) + 1 || text.length;
    if (text.slice(start, next).trim() && ++total === most) end = next;
    start = next;
  }
  return { text: text.slice(0, end), total };
}

/** A line break inside of quotes belongs to a value, and quotes begin at the beginning of a cell. The first line names the attributes. */
function headOfCsv(text: string, most: number): Head {
  let [rows, end, quoted, start] = [0, text.length, false, text.startsWith('sep=') ? text.indexOf('\n') + 1 : 0];
  for (let at = start; at <= text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '"') quoted = text[at + 1] === '"' && ++at > 0;
      continue;
    }
    quoted = letter === '"' && (at === start || ',;\t|'.includes(text[at - 1]!));
    if (quoted || (at < text.length && letter !== '\n')) continue;
    if (/[^\s,;|]/.test(text.slice(start, at)) && rows++ === most) end = at;
    start = at + 1;
  }
  return { text: text.slice(0, end), total: Math.max(0, rows - 1) };
}

/** Elements end at a comma or bracket of the outermost list. */
function headOfArray(text: string, most: number): Head {
  let [depth, total, end, content, quoted] = [0, 0, -1, false, false];
  for (let at = text.indexOf('['); at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
      continue;
    }
    if (letter === '"') quoted = content = true;
    else if (letter === '[' || letter === '{') {
      if (depth++ > 0) content = true;
    } else if (letter === ']' || letter === '}' || (letter === ',' && depth === 1)) {
      if (letter !== ',') depth--;
      if (depth > (letter === ',' ? 1 : 0)) continue;
      if (content && ++total === most) end = at;
      content = false;
      if (depth === 0) return { text: end < 0 || total === most ? text : `${text.slice(0, end)}]`, total };
    } else if (!/\s/.test(letter)) content = true;
  }
  return { text, total };
}
