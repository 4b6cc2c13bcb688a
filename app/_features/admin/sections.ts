import {
  Activity,
  Gauge,
  KeyRound,
  Mail,
  MailPlus,
  ScrollText,
  Settings2,
  ShieldCheck,
  Users,
  Webhook,
  type LucideIcon,
} from 'lucide-react';

import type { Permission } from '#server/contracts/permissions.ts';

/** The pages of the administration, and what one must hold to see each. */
export const sections = [
  { name: 'people', href: '/admin/people', need: 'user:view', icon: Users },
  { name: 'roles', href: '/admin/roles', need: 'role:admin', icon: ShieldCheck },
  { name: 'invitations', href: '/admin/invitations', need: 'user:admin', icon: MailPlus },
  { name: 'keys', href: '/admin/keys', need: 'key:admin', icon: KeyRound },
  { name: 'audit', href: '/admin/audit', need: 'audit:view', icon: ScrollText },
  { name: 'limits', href: '/admin/limits', need: 'user:view', icon: Gauge },
  { name: 'mail', href: '/admin/mail', need: 'outbox:view', icon: Mail },
  { name: 'webhooks', href: '/admin/webhooks', need: 'webhook:view', icon: Webhook },
  { name: 'settings', href: '/admin/settings', need: 'settings:write', icon: Settings2 },
  { name: 'system', href: '/status', need: 'system:view', icon: Activity },
] as const satisfies readonly { name: string; href: string; need: Permission; icon: LucideIcon }[];

export type SectionName = (typeof sections)[number]['name'];
