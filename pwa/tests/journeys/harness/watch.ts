import type { BrowserContext } from '@playwright/test';

/** Chromium says this of every failed request, an expected 401 or a cut network too; `answers` looks at what matters. */
const SAID_OF_REQUESTS = /^Failed to load resource/;

/** What was thrown is not always an error that says something: then its name is what there is. */
function said(thrown: Error): string {
  return thrown.stack || thrown.message || thrown.name || JSON.stringify(thrown);
}

/** Listens to everything a browser context does, and keeps what must not happen. */
export class Watch {
  readonly troubles: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(
    context: BrowserContext,
    private readonly origin: string,
  ) {
    context.on('console', (message) => {
      if (message.type() === 'error' && !SAID_OF_REQUESTS.test(message.text())) this.add(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => this.add(`uncaught: ${said(error.error())}`));
    context.on('request', (request) => this.leaves(request.url()));
    context.on('response', (response) => {
      const path = response.url().slice(origin.length);
      if (response.status() >= 500 || (response.status() >= 400 && !path.startsWith('/api/'))) this.add(`${response.status()}: ${path}`);
    });
  }

  /** Say which troubles belong to the journey. */
  allow(...expected: RegExp[]): void {
    this.expected.push(...expected);
  }

  /** What happened that nobody expected. */
  get unexpected(): string[] {
    return this.troubles.filter((trouble) => !this.expected.some((pattern) => pattern.test(trouble)));
  }

  private leaves(url: string): void {
    if (!url.startsWith(`${this.origin}/`) && !/^(data|blob|about|chrome-extension):/.test(url)) this.add(`foreign request: ${url}`);
  }

  private add(trouble: string): void {
    this.troubles.push(trouble);
  }
}
