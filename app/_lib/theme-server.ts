import 'server-only';
import { cookies } from 'next/headers';

import { isTheme, themeCookie } from './theme.ts';

/** The theme chosen by hand; undefined follows the system. */
export async function chosenTheme(): Promise<'dark' | 'light' | undefined> {
  const chosen = (await cookies()).get(themeCookie)?.value;
  return isTheme(chosen) && chosen !== 'system' ? chosen : undefined;
}
