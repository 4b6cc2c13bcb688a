import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';

import type { RestRoute } from './rest.ts';

const marks = z.object({
  meta: z.object({
    openapi: z.object({
      summary: z.string().optional(),
      description: z.string().optional(),
      tags: z.array(z.string()).optional(),
      contentTypes: z.array(z.string()).default(['application/json']),
    }),
  }),
});

/** A body that has one of several shapes. */
export function hasUnionBody({ input }: RestRoute): boolean {
  return input instanceof z.ZodUnion;
}

/** Operations with a union as body, which trpc-to-openapi does not describe. */
export function unionPaths(routes: readonly RestRoute[], procedures: object): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const procedure: unknown = Reflect.get(procedures, route.procedure);
    const definition: unknown = typeof procedure === 'function' ? Reflect.get(procedure, '_def') : null;
    const { contentTypes, ...said } = marks.parse(definition).meta.openapi;
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
    const options = optionsOf(route);
    const bodies = options.map(({ shape }) =>
      z.strictObject(Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name)))),
    );
    const [first, second, ...rest] = bodies;
    if (!first || !second) throw new Error(`${route.procedure} takes no union of objects`);
    const schema = z.union([first, second, ...rest]);
    const path = Object.fromEntries(names.flatMap((name) => (options[0] ? [[name, options[0].shape[name]]] : [])));
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: {
        ...said,
        requestParams: { path: z.object(path) },
        requestBody: {
          required: true,
          content: Object.fromEntries(contentTypes.map((type) => [type, { schema }])),
        },
        responses: { 200: { content: { 'application/json': { schema: route.output ?? z.void() } } } },
      },
    };
  }
  return paths;
}

function optionsOf({ input, procedure }: RestRoute): z.ZodObject[] {
  const options = input instanceof z.ZodUnion ? input.options : [];
  return options.map((option) => {
    if (!(option instanceof z.ZodObject)) throw new Error(`${procedure} takes a union of something other than objects`);
    return option;
  });
}
