/** As zod's `uuid` of the contracts takes it, for pages that load no schema for it (RFC 9562 §4, §5.9, §5.10). */
const uuid =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$/i;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value);
