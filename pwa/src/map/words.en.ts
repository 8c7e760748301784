export default {
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  showAll: 'Show everything',
  loading: 'The map is loading',
  notFetched: 'The map could not be fetched',
  notFetchedText: 'The list works without it. Check your network, then try again.',
  notDrawn: 'This browser cannot draw the map',
  notDrawnText: 'It needs WebGL 2, which is missing or switched off. The list and the coordinates work without it.',
  retry: 'Try again',
  noBackground: 'The background could not be loaded.',
  overview: 'Overview map without streets',
};
