import { expect, test } from 'vitest';
import { Fences, Fence, type ToldFence } from '../../../src/geo';

/** Written by `make var/golden.json`: what the server says, with PostGIS as referee. Without the file these tests fail: nothing would be compared. */
interface Golden {
  readonly fences: readonly (Omit<ToldFence, 'id'> & { readonly name: string })[];
  readonly cases: readonly (readonly [
    fence: number,
    latitude: number,
    longitude: number,
    accuracyM: number | null,
    verdict: -1 | 0 | 1,
    refereed: 0 | 1,
  ])[];
}

const path = new URL('../../../../var/golden.json', import.meta.url).pathname;
const golden = ((await import(/* @vite-ignore */ path)) as { default: Golden }).default;
const VERDICTS = { '-1': 'outside', '0': 'unclear', '1': 'inside' } as const;

test('there are golden vectors to compare with', () => {
  expect(golden.cases.filter(([, , , , , refereed]) => refereed).length).toBeGreaterThanOrEqual(10_000);
});

test.each(golden.fences.map((told, nth) => [told.name, told, nth] as const))(
  'the phone and the server say the same of a fence: %s',
  (_, told, nth) => {
    const fence = new Fence({ ...told, id: 'a' });
    const mine = golden.cases.filter(([of]) => of === nth);
    const wrong = mine.filter(
      ([, latitude, longitude, accuracyM, verdict]) => fence.verdict({ latitude, longitude, accuracyM }) !== VERDICTS[verdict],
    );
    expect(mine.length).toBeGreaterThan(150);
    expect(wrong).toEqual([]);
  },
);

test('all fences at once say what each says alone', () => {
  const told = golden.fences.map((fence, nth) => ({ ...fence, id: `${nth}` }));
  const fences = new Fences({ fence_set: '1.0', fences: told });
  for (const [nth, latitude, longitude, accuracyM, verdict] of golden.cases.filter((_, each) => each % 20 === 0)) {
    const seen = fences.sight({ latitude, longitude, accuracyM });
    const poor = seen.accuracy_class_m > (told[nth]?.policy['max_accuracy_m'] ?? 0);
    const said = seen.inside.includes(`${nth}`) ? 'inside' : poor || seen.unclear.includes(`${nth}`) ? 'unclear' : 'outside';
    expect(said).toBe(VERDICTS[verdict]);
  }
});
