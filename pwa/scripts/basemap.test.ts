/** The overview map as `make setup` drew it. */
import { open } from 'node:fs/promises';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, type Source } from 'pmtiles';
import { expect, test } from 'vitest';

const file = await open(new URL('../basemap/world.pmtiles', import.meta.url));
const source: Source = {
  getKey: () => 'world',
  getBytes: async (offset, length) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
    return { data: buffer.buffer.slice(0, bytesRead) as ArrayBuffer };
  },
};
const world = new PMTiles(source);

async function layer(name: string, z: number, x: number, y: number) {
  const found = await world.getZxy(z, x, y);
  return found && new VectorTile(new PbfReader(new Uint8Array(found.data))).layers[name];
}

/** Whether a place is on land, by the even-odd rule, as drawn at zoom 4. */
async function isLand(latitude: number, longitude: number): Promise<boolean> {
  const across = ((longitude + 180) / 360) * 16;
  const down = ((1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2) * 16;
  const earth = await layer('earth', 4, Math.floor(across), Math.floor(down));
  if (!earth?.length) return false;
  const [px, py] = [(across % 1) * earth.extent, (down % 1) * earth.extent];
  const rings = Array.from({ length: earth.length }, (_, index) => earth.feature(index).loadGeometry()).flat();
  const crossed = rings.flatMap((ring) =>
    ring.filter((a, index) => {
      const b = ring[(index + 1) % ring.length] ?? a;
      return a.y > py !== b.y > py && px < ((b.x - a.x) * (py - a.y)) / (b.y - a.y) + a.x;
    }),
  );
  return crossed.length % 2 === 1;
}

test.each([
  ['Utrecht', 52.09, 5.12, true],
  ['Edinburgh, beside the meridian', 55.9, -3.3, true],
  ['Iceland', 65, -18.5, true],
  ['Chukotka, beyond 180 degrees', 65.7, -174, true],
  ['Kamchatka, before it', 66, 175, true],
  ['near the south pole', -84, 45, true],
  ['the North Sea', 55, 3, false],
  ['the Atlantic at the latitude of Chukotka', 65, -30, false],
  ['the Caspian Sea', 42, 50.5, false],
])('%s is where it belongs', async (_, latitude, longitude, land) => {
  expect(await isLand(latitude, longitude)).toBe(land);
});

test('countries have their names in both languages, large ones first', async () => {
  const places = await layer('places', 3, 4, 2);
  const named = Array.from({ length: places?.length ?? 0 }, (_, index) => places?.feature(index).properties);
  expect(named).toContainEqual(expect.objectContaining({ 'name:nl': 'Nederland', 'name:en': 'Netherlands', kind: 'country' }));
  const zoomOf = (name: string) => named.find((each) => each?.['name:en'] === name)?.['min_zoom'] as number;
  expect(zoomOf('Germany')).toBeLessThan(zoomOf('Luxembourg'));
});

test('it is small enough to ship', async () => {
  expect((await file.stat()).size).toBeLessThan(2.5 * 1024 * 1024);
});
