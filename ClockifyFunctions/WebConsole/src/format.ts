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

export const time = (at: string) => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const ago = (at: string) => `${duration(Math.max(0, (Date.now() - Date.parse(at)) / 1000))} ago`;

/**
 * JSON with line breaks; anything else as it is. Only white space is changed: what is shown is what is sent, large numbers and
 * repeated names included, which a round trip through JSON.parse would not keep.
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
