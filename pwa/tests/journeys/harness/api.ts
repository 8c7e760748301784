import type { APIRequestContext, APIResponse } from '@playwright/test';
import type { Person } from './house.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The API as one person, beside any browser: to make what a journey needs, and to look at what it did. */
export class Api {
  private token = '';
  private readonly request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.request = request;
  }

  /** Sign in; the cookie stays in the request context, or in the browser context it belongs to. */
  async signIn(person: Person): Promise<this> {
    const answer = await this.send<{ csrf_token: string }>('POST', '/session', { sign_in: person.sign_in, password: person.password });
    this.token = answer.csrf_token;
    return this;
  }

  get = <T>(path: string): Promise<T> => this.send<T>('GET', path);
  post = <T>(path: string, body?: object): Promise<T> => this.send<T>('POST', path, body);
  put = <T>(path: string, body?: object): Promise<T> => this.send<T>('PUT', path, body);
  patch = <T>(path: string, body?: object): Promise<T> => this.send<T>('PATCH', path, body);
  delete = (path: string): Promise<void> => this.send<void>('DELETE', path);

  /** Any request under /api/v1; an edit (PUT, PATCH) reads the ETag first. Fails on any answer but success. */
  async send<T>(method: Method, path: string, body?: object, bearer?: string): Promise<T> {
    const headers: Record<string, string> = { 'X-CSRF-Token': this.token };
    if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
    if (method === 'PUT' || method === 'PATCH') {
      const etag = (await this.request.get(`/api/v1${path}`, { headers })).headers()['etag'];
      if (etag) headers['If-Match'] = etag;
    }
    const answer = await this.request.fetch(`/api/v1${path}`, { method, headers, ...(body ? { data: body } : {}) });
    return read<T>(answer, `${method} ${path}`);
  }
}

async function read<T>(answer: APIResponse, what: string): Promise<T> {
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${what}: ${answer.status()} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
