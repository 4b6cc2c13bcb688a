/** Where a thing that the audit log names is looked at; null: it has no page. */
export function pageOfObject({ type, id, search }: { type: string; id: string; search: string | null }): string | null {
  const open = encodeURIComponent(id);
  switch (type) {
    case 'user':
      return `/admin/people?open=${open}`;
    case 'role':
      return `/admin/roles?open=${open}`;
    case 'key':
      // The list holds the newest alone: it is narrowed to the one that is meant.
      return `/admin/keys?${search === null ? '' : `q=${encodeURIComponent(search)}&`}open=${open}`;
    case 'webhook':
      return `/admin/webhooks?open=${open}`;
    case 'camera':
      return `/cameras/${open}`;
    default:
      return null;
  }
}
