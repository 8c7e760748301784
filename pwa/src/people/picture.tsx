/** A QR code that the server drew. As an image: markup from text passes nowhere here. */
export function Picture({ svg, alt }: { svg: string; alt: string }) {
  return <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={alt} />;
}
