/** A small typed client: every operation of the API by its name. Needs nothing but `fetch`. */
import { operations, type ErrorBody, type Operations } from './sensorium-types.ts';

type Name = keyof Operations;

/** What the house answered instead: `code` and `details` say why. `UNREACHABLE` where nobody answered, `HTTP_502` where something before the house did. */
export class SensoriumError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(status: number, { error }: ErrorBody, options?: ErrorOptions) {
    super(error.message, options);
    this.name = 'SensoriumError';
    this.status = status;
    this.code = error.code;
    this.details = error.details;
  }
}

export interface ClientOptions {
  /** `http://localhost:3000` */
  url: string;
  /** An API key (`sns_…`) or an access token; without one you see what is public. */
  key?: string | undefined;
  withinMs?: number;
}

export class SensoriumClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async call<N extends Name>(
    name: N,
    ...[input]: Operations[N]['input'] extends undefined ? [] : [Operations[N]['input']]
  ): Promise<Operations[N]['answer']> {
    const { method, path, inPath, inQuery } = operations[name];
    const rest = new Map(Object.entries<unknown>(input ?? {}));
    const take = (field: string) => {
      const value = rest.get(field);
      rest.delete(field);
      return value === undefined || value === null ? null : textOf(value);
    };
    const filled = inPath.reduce<string>(
      (text, field) => text.replace(`{${field}}`, encodeURIComponent(take(field) ?? '')),
      path,
    );
    const query = new URLSearchParams(
      inQuery.flatMap((field) => {
        const value = take(field);
        return value === null ? [] : [[field, value]];
      }),
    );
    const hasBody = method !== 'GET' && method !== 'DELETE';
    const answer = await this.#fetch(`/api/v1${filled}${query.size > 0 ? `?${query.toString()}` : ''}`, {
      method,
      // Sent again with the same key, it does nothing twice.
      headers: hasBody ? { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() } : {},
      ...(hasBody && { body: JSON.stringify(Object.fromEntries(rest)) }),
    });
    const read = async (): Promise<unknown> => {
      const text = await answer.text();
      try {
        return JSON.parse(text);
      } catch {
        throw new SensoriumError(answer.status, errorOf(answer.status, text));
      }
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the document says what this operation answers, and the types are made from it
    return (answer.status === 204 ? undefined : await read()) as Operations[N]['answer'];
  }

  /** The newest picture of a stream as JPEG, and when it was taken. */
  async picture(streamId: string): Promise<{ jpeg: Uint8Array; capturedAt: string | null }> {
    const answer = await this.#fetch(`/media/${streamId}/thumb.jpg`, {});
    return { jpeg: new Uint8Array(await answer.arrayBuffer()), capturedAt: answer.headers.get('x-capture-time') };
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const { url, key, withinMs = 15_000 } = this.#options;
    const headers = new Headers(init.headers);
    if (key) headers.set('authorization', `Bearer ${key}`);
    const signal = AbortSignal.timeout(withinMs);
    const answer = await fetch(new URL(path, url), { ...init, headers, signal }).catch((error: unknown) => {
      throw new SensoriumError(0, errorBody('UNREACHABLE', `${url} does not answer`), { cause: error });
    });
    if (!answer.ok) throw new SensoriumError(answer.status, errorOf(answer.status, await answer.text()));
    return answer;
  }
}

function errorOf(status: number, text: string): ErrorBody {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every error of the house has this shape, and is looked at
    const body = JSON.parse(text) as Partial<ErrorBody> | null;
    if (body?.error) return { error: body.error };
  } catch {
    // A page of a proxy: its status is all there is to say.
  }
  return errorBody(`HTTP_${status}`, `the answer is ${status}, and not the house's`);
}

function errorBody(code: string, message: string): ErrorBody {
  return { error: { code, message, details: {}, timestamp: new Date().toISOString() } };
}

/** Lists are written with commas. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
