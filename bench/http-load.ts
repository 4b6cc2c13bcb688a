import { Agent, request, type IncomingHttpHeaders } from 'node:http';

import { cpuSecondsOf, processTree } from './process-usage.ts';

const connections = 16;

interface Asked {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export function ask({ url, method = 'GET', headers = {}, body }: Asked, agent?: Agent): Promise<Answer> {
  return new Promise((done, failed) => {
    const asked = request(url, { agent, method, headers, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asked.on('error', failed);
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.end(body);
  });
}

/** What `count` requests over 16 connections cost the process `pid`, and how fast they were answered. */
export async function load(
  asked: Asked,
  { pid, count }: { pid: number; count: number },
): Promise<{ cpuUs: number; aSecond: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const many = async (wanted: number) => {
    let left = wanted;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (left > 0) {
          left -= 1;
          const { status, text } = await ask(asked, agent);
          if (status !== 200) throw new Error(`${asked.url}: ${status} ${text.slice(0, 300)}`);
        }
      }),
    );
  };
  const cpu = () => cpuSecondsOf(processTree(pid).slice(0, 1));
  // Compiled and connected before it is measured.
  await many(Math.min(2000, count));
  const [before, began] = [cpu(), performance.now()];
  await many(count);
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { cpuUs: ((cpu() - before) / count) * 1e6, aSecond: count / seconds };
}
