import type { Rate } from '../api';
import { count, limit } from '../format';

/** Calls per second beside the limits of the key. */
export function RateText({ rate: { perSecond, limits } }: { rate: Rate }) {
  const words = limits.map(limit);
  const [, only] = words.length === 1 ? (/^(.*) per second$/.exec(words[0]) ?? []) : [];
  return <>{count(perSecond)} <small>{only ? `of ${only}` : words.length ? `limit ${words.join(', ')}` : ''}</small></>;
}
