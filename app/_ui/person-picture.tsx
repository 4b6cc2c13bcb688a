import { cn } from '../_lib/class-name.ts';

/** A person's picture, or the first letter of their name where they have none. Their name stands beside it. */
export function PersonPicture({
  person,
  className,
}: {
  person: { name: string; picture: string | null };
  className?: string;
}) {
  const [first = ''] = person.name;
  return (
    <span
      aria-hidden="true"
      className={cn(
        'flex shrink-0 items-center justify-center overflow-hidden rounded-pill border border-line-strong font-semibold text-text',
        className,
      )}
    >
      {person.picture === null ? (
        first.toUpperCase()
      ) : (
        // The server has drawn it small: there is nothing for an image service to optimise.
        // oxlint-disable-next-line nextjs/no-img-element
        <img src={person.picture} alt="" className="size-full object-cover" />
      )}
    </span>
  );
}
