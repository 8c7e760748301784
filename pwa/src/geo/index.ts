export { Fence, Fences, type Fix, type Sighting, type ToldFence } from './fences';
export type { Verdict } from './judge';
