import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

const roleShape = {
  id: true,
  name: true,
  nameJa: true,
  permissions: true,
  builtIn: true,
  createdAt: true,
} satisfies Prisma.RoleSelect;
export type RoleRow = Prisma.RoleGetPayload<{ select: typeof roleShape }>;

const heldShape = {
  id: true,
  userId: true,
  roleId: true,
  objectType: true,
  objectId: true,
  createdAt: true,
  role: { select: { permissions: true } },
} satisfies Prisma.UserRoleSelect;
export type HeldRow = Prisma.UserRoleGetPayload<{ select: typeof heldShape }>;

const userShape = (now: Date) =>
  ({
    id: true,
    email: true,
    emailConfirmedAt: true,
    name: true,
    userName: true,
    picture: true,
    lockedAt: true,
    lockedReason: true,
    lastSignInAt: true,
    createdAt: true,
    roles: { select: heldShape, orderBy: { createdAt: 'asc' } },
    secondFactor: { select: { confirmedAt: true } },
    _count: { select: { passkeys: true, sessions: { where: openAt(now) } } },
  }) satisfies Prisma.UserSelect;
export type UserShape = Prisma.UserGetPayload<{ select: ReturnType<typeof userShape> }>;

/** Sign-ins of the person, not looks of an admin. */
const openAt = (now: Date) =>
  ({ revokedAt: null, expiresAt: { gt: now }, viewedBy: null }) satisfies Prisma.SessionWhereInput;

export function listRoles(rows: Rows): Promise<RoleRow[]> {
  return rows.role.findMany({ select: roleShape, orderBy: [{ builtIn: 'desc' }, { createdAt: 'asc' }, { id: 'asc' }] });
}

/** Those that admins made. */
export function countMadeRoles(rows: Rows): Promise<number> {
  return rows.role.count({ where: { builtIn: false } });
}

/** People who hold each role. */
export async function countHolders(rows: Rows): Promise<Map<string, number>> {
  const found = await rows.$queryRaw<{ role_id: string; people: number }[]>`
    SELECT role_id, count(DISTINCT user_id)::int AS people FROM user_roles GROUP BY role_id`;
  return new Map(found.map((row) => [row.role_id, row.people]));
}

export function findRole(rows: Rows, id: string): Promise<RoleRow | null> {
  return rows.role.findUnique({ where: { id }, select: roleShape });
}

/** False when there is one already. */
export async function insertRole(
  rows: Rows,
  role: Pick<RoleRow, 'id' | 'name' | 'nameJa' | 'permissions'>,
): Promise<boolean> {
  const { count } = await rows.role.createMany({ data: role, skipDuplicates: true });
  return count === 1;
}

export async function updateRole(
  rows: Rows,
  id: string,
  values: Pick<RoleRow, 'name' | 'nameJa' | 'permissions'>,
): Promise<void> {
  await rows.role.updateMany({ where: { id, builtIn: false }, data: values });
}

export async function deleteRole(rows: Rows, id: string): Promise<void> {
  await rows.role.deleteMany({ where: { id, builtIn: false } });
}

export interface UserFilter {
  words: string[];
  role?: string | undefined;
  locked?: boolean | undefined;
}
export interface UserPosition {
  createdAt: Date;
  id: string;
}

/** Newest first. */
export function listUsers(
  rows: Rows,
  { words, role, locked }: UserFilter,
  page: { after: UserPosition | null; limit: number; now: Date },
): Promise<UserShape[]> {
  const { after, limit, now } = page;
  return rows.user.findMany({
    where: {
      ...(role !== undefined && { roles: { some: { roleId: role } } }),
      ...(locked !== undefined && { lockedAt: locked ? { not: null } : null }),
      AND: [
        ...words.map((word) => ({
          OR: (['name', 'userName', 'email'] as const).map((field) => ({
            [field]: { contains: literal(word), mode: 'insensitive' as const },
          })),
        })),
        ...(after
          ? [{ OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] }]
          : []),
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: userShape(now),
  });
}

/** `%` and `_` are signs like others to who searches. */
const literal = (word: string) => word.replaceAll(/[\\%_]/g, String.raw`\$&`);

export function findUser(rows: Rows, id: string, now: Date): Promise<UserShape | null> {
  return rows.user.findUnique({ where: { id }, select: userShape(now) });
}

export function findUserByEmail(rows: Rows, email: string, now: Date): Promise<UserShape | null> {
  return rows.user.findUnique({ where: { email }, select: userShape(now) });
}

/** User names differ in more than case. */
export async function findUserByName(rows: Rows, userName: string, now: Date): Promise<UserShape | null> {
  const [found] = await rows.$queryRaw<{ id: string }[]>`
    SELECT "id"::text FROM "users" WHERE lower("user_name") = lower(${userName})`;
  return found ? findUser(rows, found.id, now) : null;
}

/** Null when they hold it already. */
export async function insertHeld(
  rows: Rows,
  held: {
    id: string;
    userId: string;
    roleId: string;
    object: { type: string; id: string } | null;
    grantedBy: string | null;
  },
): Promise<HeldRow | null> {
  const { object, ...values } = held;
  const { count } = await rows.userRole.createMany({
    data: { ...values, objectType: object?.type ?? null, objectId: object?.id ?? null },
    skipDuplicates: true,
  });
  return count === 0 ? null : findHeld(rows, held.id);
}

export function countHeldBy(rows: Rows, userId: string): Promise<number> {
  return rows.userRole.count({ where: { userId } });
}

export function findHeld(rows: Rows, id: string): Promise<HeldRow | null> {
  return rows.userRole.findUnique({ where: { id }, select: heldShape });
}

export async function deleteHeld(rows: Rows, id: string): Promise<boolean> {
  return (await rows.userRole.deleteMany({ where: { id } })).count === 1;
}

/** False when it stood so already. */
export async function setLocked(rows: Rows, id: string, lock: { at: Date; reason: string } | null): Promise<boolean> {
  const { count } = await rows.user.updateMany({
    where: { id, lockedAt: lock ? null : { not: null } },
    data: { lockedAt: lock?.at ?? null, lockedReason: lock?.reason ?? null },
  });
  return count === 1;
}

/** What people, keys and roles of these ids are called; a key with what its list finds it by. What nobody asks for is not looked up. */
export async function listNames(
  rows: Rows,
  { users, keys, roles }: Readonly<Record<'users' | 'keys' | 'roles', string[]>>,
) {
  const [people, apiKeys, held] = await Promise.all([
    users.length > 0 ? rows.user.findMany({ where: { id: { in: users } }, select: { id: true, name: true } }) : [],
    keys.length > 0
      ? rows.apiKey.findMany({ where: { id: { in: keys } }, select: { id: true, name: true, prefix: true } })
      : [],
    roles.length > 0
      ? rows.role.findMany({ where: { id: { in: roles } }, select: { id: true, name: true, nameJa: true } })
      : [],
  ]);
  return { people, apiKeys, roles: held };
}

export function listKeyIds(rows: Rows, userId: string): Promise<{ id: string }[]> {
  return rows.apiKey.findMany({ where: { userId, revokedAt: null }, select: { id: true } });
}

export function listSessions(rows: Rows, userId: string, now: Date) {
  return rows.session.findMany({
    where: { userId, ...openAt(now) },
    orderBy: { lastSeenAt: 'desc' },
    take: 200,
    select: {
      id: true,
      userAgent: true,
      ip: true,
      method: true,
      createdAt: true,
      lastSeenAt: true,
      expiresAt: true,
    },
  });
}

export async function insertView(
  rows: Rows,
  view: { id: string; userId: string; viewedBy: string; expiresAt: Date; userAgent: string | null; ip: string | null },
): Promise<void> {
  await rows.session.create({ data: { ...view, method: 'viewAs' }, select: { id: true } });
}

/** Those who wait, and those whose failures are not forgotten; the latest first. */
export function listLocks(rows: Rows, page: { after: string | null; limit: number }) {
  return rows.signInFailure.findMany({
    // A network whose tries were good keeps a row that counts nothing.
    where: { failures: { gt: 0 } },
    orderBy: [{ lastAt: 'desc' }, { key: 'asc' }],
    take: page.limit,
    ...(page.after !== null && { cursor: { key: page.after }, skip: 1 }),
    select: { key: true, failures: true, lastAt: true, lockedUntil: true },
  });
}

export async function clearLock(rows: Rows, key: string): Promise<boolean> {
  return (await rows.signInFailure.deleteMany({ where: { key } })).count === 1;
}
