import { signal } from '@preact/signals';

interface Note { id: number; text: string; failed: boolean }
const notes = signal<Note[]>([]);
let next = 0;

function add(text: string, failed: boolean): void {
  const id = next++;
  notes.value = [...notes.value.slice(-1), { id, text, failed }];
  setTimeout(() => drop(id), failed ? 15_000 : 6000);
}

const drop = (id: number) => { notes.value = notes.value.filter(note => note.id !== id); };
export const announce = (text: string) => add(text, false);
export const announceError = (error: unknown) => add(error instanceof Error ? error.message : String(error), true);

/** Runs the action of a button, and shows its error if it fails. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    announceError(error);
  }
}

/** Messages are shown in their own line of the header, so that they never cover a button. */
export const Announcements = () => (
  <div class="notes" role="status" aria-live="polite">
    {notes.value.map(note => (
      <div key={note.id} class={note.failed ? 'note failed' : 'note'}>
        <span>{note.text}</span>
        <button class="quiet" aria-label="Close message" onClick={() => drop(note.id)}>×</button>
      </div>
    ))}
  </div>
);
