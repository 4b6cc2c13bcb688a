/** Off HTTPS a browser has no clipboard, and its user may refuse it: the caller then shows the address. */
export async function copyAddress(address: string): Promise<boolean> {
  if (!('clipboard' in navigator)) return false;
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    // Refused by the browser or its user: the address is shown instead.
    return false;
  }
}
