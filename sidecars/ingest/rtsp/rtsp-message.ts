/** A reply or a request (RFC 2326 §4–7). */
export interface RtspMessage {
  /** Null for a request. */
  status: number | null;
  /** The reason phrase of a reply, the method of a request. */
  title: string;
  /** Names in lower case; a header may come several times. */
  headers: ReadonlyMap<string, readonly string[]>;
  body: string;
}

export function header(message: RtspMessage, name: string): string | undefined {
  return message.headers.get(name)?.[0];
}

/** What servers ask of clients. */
const methods = ['OPTIONS ', 'ANNOUNCE ', 'GET_PARAMETER ', 'SET_PARAMETER ', 'REDIRECT ', 'TEARDOWN '];
const beginnings = ['RTSP/1.', ...methods].map((text) => Buffer.from(text, 'latin1'));

/** Null while too little is there to say. */
export function looksLikeMessage(buffer: Buffer, at: number): boolean | null {
  for (const beginning of beginnings) {
    const length = Math.min(beginning.length, buffer.length - at);
    if (buffer.compare(beginning, 0, length, at, at + length) === 0) return length === beginning.length ? true : null;
  }
  return false;
}

export interface MessageEnd {
  headEnd: number;
  bodyStart: number;
  end: number;
}

/** Null while the empty line has not come. */
export function findMessageEnd(buffer: Buffer, at: number): MessageEnd | null {
  const strict = buffer.indexOf('\r\n\r\n', at, 'latin1');
  const loose = buffer.indexOf('\n\n', at, 'latin1');
  const isLoose = loose >= 0 && (strict < 0 || loose < strict);
  const headEnd = isLoose ? loose : strict;
  if (headEnd < 0) return null;
  const bodyStart = headEnd + (isLoose ? 2 : 4);
  const length = /^content-length[ \t]*:[ \t]*(\d{1,9})/im.exec(buffer.toString('latin1', at, headEnd));
  return { headEnd, bodyStart, end: bodyStart + Number(length?.[1] ?? 0) };
}

export function readMessage(buffer: Buffer, at: number, { headEnd, bodyStart, end }: MessageEnd): RtspMessage {
  const [first = '', ...lines] = buffer.toString('utf8', at, headEnd).split(/\r?\n/);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = headers.get(name);
    if (values) values.push(value);
    else headers.set(name, [value]);
  }
  const reply = /^RTSP\/1\.\d +(\d{3}) *(.*)$/.exec(first);
  return {
    status: reply ? Number(reply[1]) : null,
    title: reply ? (reply[2] ?? '') : (first.split(' ')[0] ?? ''),
    headers,
    body: buffer.toString('utf8', bodyStart, end),
  };
}

export function writeRequest(method: string, uri: string, headers: Readonly<Record<string, string>>): string {
  return `${[`${method} ${uri} RTSP/1.0`, ...fields(headers)].join('\r\n')}\r\n\r\n`;
}

export function writeReply(status: string, headers: Readonly<Record<string, string>>): string {
  return `${[`RTSP/1.0 ${status}`, ...fields(headers)].join('\r\n')}\r\n\r\n`;
}

function fields(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
