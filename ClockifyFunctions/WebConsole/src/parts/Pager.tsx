import { count } from '../format';

/** Shows the position of a page in a list, and buttons for the previous and the next page. */
export function Pager({ label, offset, shown, total, size, onChange }: { label: string; offset: number; shown: number; total: number; size: number; onChange: (offset: number) => void }) {
  if (total <= size && offset === 0) return null;
  return (
    <nav class="pager" aria-label={label}>
      <span>{shown === 0 ? 'None' : `${count(offset + 1)} to ${count(offset + shown)}`} of {count(total)}</span>
      <button disabled={offset === 0} onClick={() => onChange(Math.max(0, offset - size))}>Previous</button>
      <button disabled={offset + shown >= total} onClick={() => onChange(offset + size)}>Next</button>
    </nav>
  );
}
