/** The frame must stand as long as the browser's print dialog looks at it. */
const keepMs = 60_000;

/** Prints a few lines and nothing of the page around: from an empty frame of its own, with no script and no style in it. */
export function printLines({ title, lines }: { title: string; lines: readonly string[] }): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.setAttribute('aria-hidden', 'true');
  document.body.append(frame);
  const page = frame.contentDocument;
  if (!page || !frame.contentWindow) return frame.remove();
  page.title = title;
  const heading = page.createElement('h1');
  heading.textContent = title;
  const text = page.createElement('pre');
  text.textContent = lines.join('\n');
  page.body.append(heading, text);
  frame.contentWindow.print();
  setTimeout(() => frame.remove(), keepMs);
}
