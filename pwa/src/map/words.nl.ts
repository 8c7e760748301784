import type en from './words.en';

const nl: typeof en = {
  zoomIn: 'Inzoomen',
  zoomOut: 'Uitzoomen',
  showAll: 'Alles tonen',
  loading: 'De kaart wordt geladen',
  notFetched: 'De kaart kon niet worden opgehaald',
  notFetchedText: 'De lijst werkt ook zonder. Controleer je netwerk en probeer het opnieuw.',
  notDrawn: 'Deze browser kan de kaart niet tekenen',
  notDrawnText: 'Daarvoor is WebGL 2 nodig, en dat ontbreekt of staat uit. De lijst en de coördinaten werken ook zonder.',
  retry: 'Probeer opnieuw',
  noBackground: 'De achtergrond kon niet worden geladen.',
  overview: 'Overzichtskaart zonder straten',
};

export default nl;
