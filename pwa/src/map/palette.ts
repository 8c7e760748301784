/** The colours of the map. Fences stand out; everything else is quiet. */
export interface Palette {
  land: string;
  water: string;
  green: string;
  built: string;
  building: string;
  road: string;
  roadEdge: string;
  rail: string;
  border: string;
  text: string;
  textQuiet: string;
  halo: string;
  fence: string;
  fenceQuiet: string;
  chosen: string;
  wrong: string;
}

export const LIGHT: Palette = {
  land: '#f5f3ee',
  water: '#cfe0ea',
  green: '#e3ead9',
  built: '#eeebe4',
  building: '#e2ddd3',
  road: '#ffffff',
  roadEdge: '#dcd7cb',
  rail: '#c9c4b8',
  border: '#b9b3a6',
  text: '#26303a',
  textQuiet: '#5c6670',
  halo: '#ffffff',
  fence: '#0b6a66',
  fenceQuiet: '#6f7a86',
  chosen: '#b4410e',
  wrong: '#c0202b',
};

export const DARK: Palette = {
  land: '#1b2126',
  water: '#101820',
  green: '#1e2a24',
  built: '#20272d',
  building: '#2a3239',
  road: '#38424b',
  roadEdge: '#252d34',
  rail: '#343d45',
  border: '#4a555f',
  text: '#eef2f5',
  textQuiet: '#a6b1bb',
  halo: '#12171b',
  fence: '#62cfc4',
  fenceQuiet: '#8d99a5',
  chosen: '#ffb27a',
  wrong: '#ff8a8a',
};
