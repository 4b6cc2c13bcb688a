import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a server process counts; read by Prometheus at the internal door. */
export function createMetrics(service: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const registers = [registry];
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
      help: 'Time to the first byte of the answer; held playlist reloads are part of it',
      labelNames: ['door'] as const,
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    proxied: new Gauge({
      name: 'sensorium_proxied_open',
      help: 'Answers of other processes that are being passed through at this moment',
      registers,
    }),
    nodes: new Gauge({
      name: 'sensorium_nodes_linked',
      help: 'Sidecars whose control link is up, by role',
      labelNames: ['role'] as const,
      registers,
    }),
    leaseChanges: new Counter({
      name: 'sensorium_lease_changes_total',
      help: 'Streams that were given to a node, by role',
      labelNames: ['role'] as const,
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
