import { open, rename } from 'node:fs/promises';

/** Writes a file beside, syncs it and puts it in place: a reader sees the old one or the new one. */
export async function replaceFile(file: string, content: string | Buffer): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
