import { z } from 'zod';

import { auditCheck, auditQuery, auditRow } from '#server/contracts/access.ts';
import { pageOf } from '#server/contracts/page.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { AuditService } from './service.ts';

const file = z.object({
  name: z.string(),
  mediaType: z.string(),
  text: z.string(),
  rows: z.int(),
  /** Where the next file begins; null: this is the last. */
  nextCursor: z.string().nullable(),
});

export function createAuditRouter(audit: AuditService) {
  return router({
    list: permitted('audit:view')
      .meta({
        openapi: {
          method: 'GET',
          path: '/audit',
          tags: ['audit'],
          summary: 'Who changed what, newest first',
          description: 'Every write, done or refused, with who asked for it, from where, and what it changed.',
        },
      })
      .input(auditQuery)
      .output(pageOf(auditRow))
      .query(({ ctx, input }) => audit.list(ctx.actor, input)),

    csv: permitted('audit:view')
      .meta({
        openapi: {
          method: 'GET',
          path: '/audit/export',
          tags: ['audit'],
          summary: 'Export the audit log',
          description: 'The entries that a filter finds, as CSV.',
        },
      })
      .input(auditQuery.omit({ limit: true }))
      .output(file)
      .query(({ ctx, input }) => audit.csv(ctx.actor, input)),

    /** A part of the chain in one call; `from` is the `nextFrom` of the answer before. */
    check: permitted('audit:view')
      .meta({
        openapi: {
          method: 'GET',
          path: '/audit/check',
          tags: ['audit'],
          summary: 'Check the chain of the audit log',
          description:
            'Whether an entry was changed or taken away since it was written. A part in one call; `from` is the `nextFrom` of the answer before.',
        },
      })
      .input(z.object({ from: z.int().min(0).optional() }))
      .output(auditCheck)
      .query(({ ctx, input }) => audit.check(ctx.actor, input)),

    actions: permitted('audit:view')
      .meta({
        openapi: {
          method: 'GET',
          path: '/audit/actions',
          tags: ['audit'],
          summary: 'List actions of the audit log',
          description: 'Every action that an entry names, to filter by.',
        },
      })
      .output(z.array(z.string()))
      .query(({ ctx }) => audit.actions(ctx.actor)),
  });
}
