/** What the frame says around every page, and what stands in a page's place where it breaks. */
export const frameNamespaces = ['activity', 'app', 'frame', 'page', 'palette', 'welcome.reminder'] as const;

/** What each page says in the browser beside that. Those below `/account` and `/admin` share the words of their layout. */
export const pageNamespaces = {
  '/': ['cameras', 'earth', 'error', 'facts', 'kind', 'player', 'reason', 'state', 'timeBar', 'wall'],
  '/account': ['account', 'admin.confirm', 'auth', 'error'],
  '/admin': ['admin', 'error'],
  '/cameras': ['cameras', 'error', 'facts', 'kind', 'reason', 'state'],
  '/cameras/[id]': ['facts', 'kind', 'player', 'reason', 'state'],
  '/cameras/[id]/edit': ['doctor', 'error', 'facts', 'form', 'kind', 'masks', 'regions', 'removal'],
  '/cameras/new': ['doctor', 'error', 'facts', 'form', 'kind', 'masks', 'regions', 'removal'],
  '/claim': ['auth', 'error', 'welcome'],
  '/confirm-email': ['auth', 'error'],
  '/confirm-new-email': ['auth', 'error'],
  '/docs/api': ['apiDocs'],
  '/feeds': ['cameras', 'error', 'feeds', 'importer'],
  '/import': ['error', 'feeds', 'form', 'importer', 'kind'],
  '/login': ['auth', 'error'],
  '/password-reset': ['auth', 'error'],
  '/removals': ['cameras', 'error', 'form', 'removal'],
  '/removals/[id]': ['cameras', 'error', 'removal'],
  '/removals/new': ['error', 'form', 'regions', 'removal'],
  '/signup': ['auth', 'error'],
  '/status': ['cameras', 'error', 'state', 'status'],
  '/undo-new-email': ['auth', 'error'],
  '/wall': ['player', 'state', 'timeBar', 'wall'],
  '/welcome': ['auth', 'cameras', 'discovery', 'doctor', 'error', 'facts', 'feeds', 'form', 'kind', 'welcome'],
} as const satisfies Record<string, readonly string[]>;
