interface Counted {
  reason: string;
  count: number;
}

/** Counts of all days by reason, the most frequent first. */
export function totals(rows: readonly Counted[]): Counted[] {
  const sums = new Map<string, number>();
  for (const { reason, count } of rows) sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}
