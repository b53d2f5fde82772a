import { signal } from '@preact/signals';
import { api, type Sort, type Summary } from './api';
import type { View } from './route';

/** The number of problems that need a person, by page, in the latest summary that this tab has loaded. */
export const attention = signal<Partial<Record<View, number>>>({});

export async function loadSummary(search: string, sort: Sort, offset: number, limit: number): Promise<Summary> {
  const summary = await api.summary(search, sort, offset, limit);
  attention.value = { list: summary.counts.stopped, credentials: summary.credentials.filter(one => one.condition.kind === 'stopped').length, unrouted: summary.unrouted };
  return summary;
}
