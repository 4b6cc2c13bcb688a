import { Fragment } from 'react';

/** The document's description: paragraphs with `code` and **strong** words, and no more of Markdown. */
export function Introduction({ text }: { text: string }) {
  return (
    <div className="max-w-3xl space-y-3 text-14 leading-relaxed">
      {text.split('\n\n').map((paragraph) => (
        <p key={paragraph}>
          <Marked text={paragraph} />
        </p>
      ))}
    </div>
  );
}

export function Marked({ text }: { text: string }) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    // Parts of a fixed text never change places.
    const key = `${index} ${part}`;
    if (part.startsWith('`'))
      return (
        <code key={key} className="rounded-control bg-raised px-1 py-px font-mono text-13 break-words">
          {part.slice(1, -1)}
        </code>
      );
    return part.startsWith('**') ? (
      <strong key={key}>{part.slice(2, -2)}</strong>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    );
  });
}
