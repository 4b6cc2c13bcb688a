import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** prom-client tells with these the time between two looks, each of which wakes the process; ours tell what came on top (`sensorium_process_event_loop_delay_p99_seconds`). */
const loopLags = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (of) => `nodejs_eventloop_lag_${of}_seconds`,
);
const neverMs = 1e9;

/** What every process of ours tells of itself: CPU, memory, event-loop delay. */
export function createProcessMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  for (const name of loopLags) registry.removeSingleMetric(name);
  return registry;
}

/** What the gateway counts, and what it hears of the other processes; read by Prometheus at `/metrics`. */
export function createMetrics(service: string) {
  const registry = createProcessMetrics(service);
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  return {
    registry,
    requests: new Counter({
      name: 'sensorium_http_requests_total',
      help: 'Requests answered at the public port, by door and class of status',
      labelNames: ['door', 'status'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'sensorium_http_request_seconds',
      help: 'Time to the end of the answer; of media, held playlists and endless bodies are part of it',
      labelNames: ['door'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    }),
    limitRefusals: new Counter({
      name: 'sensorium_limit_refusals_total',
      help: 'Requests that were refused because a limit was reached, by limit',
      labelNames: ['limit'] as const,
      registers,
    }),
    webSockets: gauge('sensorium_websocket_connections', 'WebSockets that are open, by door', ['door']),
    webSocketDrops: new Counter({
      name: 'sensorium_websocket_drops_total',
      help: 'WebSockets that were refused or cut, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    proxied: gauge(
      'sensorium_proxied_open',
      'Answers of other processes that are being passed through at this moment',
      [],
    ),
    nodes: gauge('sensorium_nodes_linked', 'Sidecars whose control link is up, by role', ['role']),
    leaseChanges: new Counter({
      name: 'sensorium_lease_changes_total',
      help: 'Streams that were given to a node, by role',
      labelNames: ['role'] as const,
      registers,
    }),
    up: gauge('sensorium_up', 'Whether a process of this house answered when it was asked', ['process']),
    rss: gauge('sensorium_process_rss_bytes', 'Memory of a process that tells it to the gateway', ['process', 'node']),
    cpu: gauge('sensorium_process_cpu_seconds', 'CPU time of a process since it started', ['process', 'node']),
    loopDelay: gauge(
      'sensorium_process_event_loop_delay_p99_seconds',
      'Delay of the event loop of a process in its last second',
      ['process', 'node'],
    ),
    restarts: gauge('sensorium_process_restarts', 'How often a process was started again since the start', ['process']),
    counters: gauge('sensorium_sidecar_value', 'What a sidecar counts: its streams, viewers, drops', [
      'process',
      'node',
      'value',
    ]),
    queues: gauge('sensorium_queue_length', 'What waits, by queue and state', ['queue', 'state']),
    database: gauge('sensorium_database', 'What the database tells of itself', ['value']),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
