'use client';

import './globals.css';

/** The frame itself broke, and the translations with it: both languages, no parts of ours. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-6 text-center">
          <h1 className="text-20 font-semibold">This page broke</h1>
          <p className="text-quiet">The fault is ours. Cameras and recordings go on without it.</p>
          <p lang="ja" className="text-quiet">
            この画面で不具合が起きました。カメラと録画は動き続けています。
          </p>
          <button
            type="button"
            onClick={reset}
            className="mt-3 h-9 rounded-control border border-line-strong px-4 font-medium hover:bg-hover"
          >
            Try again · <span lang="ja">もう一度試す</span>
          </button>
        </main>
      </body>
    </html>
  );
}
