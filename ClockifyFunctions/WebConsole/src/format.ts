const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const count = (value: number) => number.format(value);
export const plural = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${count(value)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
}

const units: [number, string][] = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];

/** A limit such as 10/00:00:01 in words: 10 per second. */
export function limit(text: string): string {
  const [permits, period] = text.split('/');
  const parts = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(period ?? '');
  if (!parts) return text;
  const seconds = Number(parts[1] ?? 0) * 86400 + Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4]);
  const [size, unit] = units.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 'second'];
  return `${count(Number(permits))} per ${seconds === size ? unit : `${count(seconds / size)} ${unit}s`}`;
}

/** The number of waiting records as text. An estimated number is marked as an estimate. */
export const waiting = ({ records, isExact }: { records: number; isExact: boolean }) => (records === 0 ? 'none' : isExact ? count(records) : `about ${count(records)}`);

export const time = (at: string) => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const ago = (at: string) => `${duration(Math.max(0, (Date.now() - Date.parse(at)) / 1000))} ago`;

/**
 * JSON with line breaks; other texts unchanged. Only white space changes. Parsing and writing the JSON would change large
 * numbers and repeated names, and then the page would not show what is sent.
 */
export function pretty(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }

  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g) ?? [];
  return tokens.map((token, index) => {
    switch (token) {
      case '{': case '[':
        depth++;
        return tokens[index + 1] === '}' || tokens[index + 1] === ']' ? token : token + line();
      case '}': case ']':
        depth--;
        return tokens[index - 1] === '{' || tokens[index - 1] === '[' ? token : line() + token;
      case ',': return token + line();
      case ':': return ': ';
      default: return token;
    }
  }).join('');
}
