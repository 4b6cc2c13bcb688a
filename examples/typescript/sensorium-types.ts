// Generated from docs/api/openapi.json by `node bin/api-docs.ts`. Do not edit.

export type Camera = { id: string; streamId: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; latitude: number; longitude: number; bearing: number | null; initialView: InitialView; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; state: CameraState; stateReason: string | null; stateSince: string | null; demo: boolean; masked: boolean; withheldReason: string | null; visibility: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; timeZone: string; licence: string | null; attribution: string | null; attributionUrl: string | null; recordPolicy: RecordPolicy; ladder: "onDemand" | "always"; playback: { hls: string; tail: string; thumbnail: string } };

export type CameraDetail = ({ id: string; streamId: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; latitude: number; longitude: number; bearing: number | null; initialView: InitialView; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; state: CameraState; stateReason: string | null; stateSince: string | null; demo: boolean; masked: boolean; withheldReason: string | null; visibility: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; timeZone: string; licence: string | null; attribution: string | null; attributionUrl: string | null; recordPolicy: RecordPolicy; ladder: "onDemand" | "always"; playback: { hls: string; tail: string; thumbnail: string }; ingest: "always" | "onDemand"; options: SourceOptions; masks: PictureRegions; addressHint: string | null; hasCredentials: boolean; createdAt: string; updatedAt: string; editable: true }) | ({ id: string; streamId: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; latitude: number; longitude: number; bearing: number | null; initialView: InitialView; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; state: CameraState; stateReason: string | null; stateSince: string | null; demo: boolean; masked: boolean; withheldReason: string | null; visibility: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; timeZone: string; licence: string | null; attribution: string | null; attributionUrl: string | null; recordPolicy: RecordPolicy; ladder: "onDemand" | "always"; playback: { hls: string; tail: string; thumbnail: string }; editable: false });

export type CameraForOwner = { id: string; streamId: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; latitude: number; longitude: number; bearing: number | null; initialView: InitialView; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; state: CameraState; stateReason: string | null; stateSince: string | null; demo: boolean; masked: boolean; withheldReason: string | null; visibility: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; timeZone: string; licence: string | null; attribution: string | null; attributionUrl: string | null; recordPolicy: RecordPolicy; ladder: "onDemand" | "always"; playback: { hls: string; tail: string; thumbnail: string }; ingest: "always" | "onDemand"; options: SourceOptions; masks: PictureRegions; addressHint: string | null; hasCredentials: boolean; createdAt: string; updatedAt: string };

export type CameraInput = { name: string; nameJa?: string | null; place?: string | null; placeJa?: string | null; latitude: number; longitude: number; bearing?: number | null; initialView?: { heading: number; pitch: number; range: number }; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; address?: string; options?: { transport?: "auto" | "tcp" | "udp"; intervalSeconds?: number; stillUrl?: string; scene?: "harbour" | "street" | "sky" | "railway" | "factory" | "bridge" | "beach" | "mountain" | "airport" | "plaza" | "test"; width?: number; height?: number; fps?: number; gopSeconds?: number; transcode?: boolean }; ingest?: "always" | "onDemand"; visibility?: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; recordPolicy?: { mode: "off" | "always"; maxAgeSeconds: number; maxBytes: number | null }; ladder?: "onDemand" | "always"; masks?: PictureRegions; licence?: string | null; attribution?: string | null; attributionUrl?: string | null };

export type CameraPage = { items: Camera[]; nextCursor: string | null; total: number };

export type CameraState = "live" | "delayed" | "still" | "offline" | "unchecked" | "demo" | "error";

export type DiscoveryAnswer = { found: "devices"; devices: { address: string; name: string; hardware: string; xaddrs: string[] }[] } | ({ found: "streams"; streams: { profile: string; address: string; codec: string | null; width: number | null; height: number | null; fps: number | null }[] }) | { found: "fault"; fault: "NAME_UNKNOWN" | "UNREACHABLE" | "AUTH_REQUIRED" | "AUTH_REFUSED" | "NOT_FOUND" | "NO_VIDEO" | "CODEC_UNSUPPORTED" | "TIMED_OUT" | "ADDRESS_FORBIDDEN" | "ADDRESS_INVALID" | "DATA_INVALID" | "CLOSED" | "TLS_INVALID" | "BUSY" | "FILE_UNREADABLE" | "INTERNAL"; message: string };

export type DoctorReport = { outcome: "ok" | "failed"; fault: { code: "NAME_UNKNOWN" | "UNREACHABLE" | "AUTH_REQUIRED" | "AUTH_REFUSED" | "NOT_FOUND" | "NO_VIDEO" | "CODEC_UNSUPPORTED" | "TIMED_OUT" | "ADDRESS_FORBIDDEN" | "ADDRESS_INVALID" | "DATA_INVALID" | "CLOSED" | "TLS_INVALID" | "BUSY" | "FILE_UNREADABLE" | "INTERNAL"; message: string } | null; steps: { step: "resolve" | "connect" | "authenticate" | "read"; outcome: "ok" | "failed" | "skipped"; durationMs: number }[]; video: { codec: string; profile: string | null; width: number; height: number; fps: number; fpsAnnounced: number | null; gopSeconds: number | null; bFrames: boolean; transcoded: boolean } | null; audio: { codec: string; channels: number; sampleRate: number; transcoded: boolean } | null; clock: "capture" | "sr" | "sr-rate" | "arrival" | "synthetic"; clockOffsetMs: number | null; bitrate: number | null; firstFrameMs: number | null; readSeconds: number; advice: ("GOP_LONG" | "GOP_IRREGULAR" | "B_FRAMES" | "NO_CLOCK" | "CLOCK_WRONG" | "FPS_LOW" | "FPS_UNSTEADY" | "BITRATE_HIGH" | "AUDIO_TRANSCODED" | "VIDEO_TRANSCODED" | "NO_AUDIO" | "AUDIO_INVALID" | "PACKETS_LOST")[]; picture: string | null };

export type EarthCluster = { id: number; latitude: number; longitude: number; count: number; states: Record<string, number>; expansionZoom: number };

export type EarthFind = ({ type: "camera"; camera: { id: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; latitude: number; longitude: number; state: CameraState; demo: boolean } }) | { type: "city"; id: number; name: string; nameJa: string | null; country: string; latitude: number; longitude: number; population: number; timeZone: string } | { type: "country"; country: string; latitude: number; longitude: number; bounds: [number, number, number, number] } | { type: "coordinates"; latitude: number; longitude: number };

export type EarthPoint = { id: string; streamId: string; latitude: number; longitude: number; bearing: number | null; state: CameraState };

export type EarthView = { points: EarthPoint[]; clusters: EarthCluster[]; totals: Record<string, number>; at: string | null; measuredAt: string };

export type ErrorBody = { error: { code: string; message: string; details: Record<string, unknown>; timestamp: string } };

export type Feed = { id: string; name: string; nameJa: string; country: string; homepage: string; licence: string; attribution: string; expected: number; cameras: number; enabled: boolean; condition: "off" | "waiting" | "running" | "ok" | "failing" | "stale"; lastOkAt: string | null; lastTriedAt: string | null; nextAt: string | null; fault: string | null; shrunken: boolean };

export type Health = { status: "ok" | "degraded" | "down"; version: string; uptimeSeconds: number; parts: Record<string, "ok" | "degraded" | "down"> };

export type ImportPreview = { format: "csv" | "geojson" | "m3u" | "opml"; columns: string[]; mapping: Record<string, string | null>; total: number; sample: ({ row: string; camera: CameraInput | null; reason: { code: "NO_ID" | "ID_INVALID" | "ID_TWICE" | "NO_ADDRESS_COLUMN" | "NO_ADDRESS" | "ADDRESS_INVALID" | "ADDRESS_SCHEME" | "ADDRESS_PATH" | "ADDRESS_CREDENTIALS" | "ADDRESS_HOST" | "NO_POSITION" | "POSITION_UNREADABLE" | "POSITION_NOWHERE" | "POSITION_OUTSIDE" | "POSITION_ZERO" | "KIND_UNKNOWN" | "DRAWN" | "SAME_AS" | "QUOTES" | "NOT_POINT" | "SHAPE" | "SWITCHED_OFF" | "NOT_LICENSED" | "FIELD" | "OTHER"; about: string | null } | null })[]; accepted: number; rejected: number; rejectedRows: RejectedRow[] };

export type ImportRun = { id: string; source: string; state: "queued" | "running" | "done" | "failed" | "cancelled"; total: number; done: number; added: number; changed: number; removed: number; unchanged: number; rejected: number; rejectedRows: RejectedRow[]; fault: string | null; startedAt: string; finishedAt: string | null };

export type InitialView = { heading: number; pitch: number; range: number };

export type Me = { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null };

export type MediaState = { streamId: string; state: CameraState; reason: string | null; since: string; measuredAt: string; frameAgeMs: number | null; fps: number | null; bitrate: number | null; width: number | null; height: number | null; codecs: string | null; gopSeconds: number | null; bFrames: boolean | null; audio: boolean; rungs: ("480" | "720" | "1080")[]; clock: ("capture" | "sr" | "sr-rate" | "arrival" | "synthetic") | null; viewers: number; dropped: number; writing: boolean; recordedBytes: number; oldest: string | null };

export type NearbyCamera = { id: string; streamId: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; latitude: number; longitude: number; bearing: number | null; initialView: InitialView; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; state: CameraState; stateReason: string | null; stateSince: string | null; demo: boolean; masked: boolean; withheldReason: string | null; visibility: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; timeZone: string; licence: string | null; attribution: string | null; attributionUrl: string | null; recordPolicy: RecordPolicy; ladder: "onDemand" | "always"; playback: { hls: string; tail: string; thumbnail: string }; distanceMetres: number };

export type PictureRegions = [number, number][][];

export type PlaceLabel = { id: number; name: string; nameJa: string | null; latitude: number; longitude: number; population: number };

export type PlaybackToken = { token: string; path: string; expiresAt: string };

export type RecordPolicy = { mode: "off" | "always"; maxAgeSeconds: number; maxBytes: number | null };

export type RejectedRow = { row: string; code: "NO_ID" | "ID_INVALID" | "ID_TWICE" | "NO_ADDRESS_COLUMN" | "NO_ADDRESS" | "ADDRESS_INVALID" | "ADDRESS_SCHEME" | "ADDRESS_PATH" | "ADDRESS_CREDENTIALS" | "ADDRESS_HOST" | "NO_POSITION" | "POSITION_UNREADABLE" | "POSITION_NOWHERE" | "POSITION_OUTSIDE" | "POSITION_ZERO" | "KIND_UNKNOWN" | "DRAWN" | "SAME_AS" | "QUOTES" | "NOT_POINT" | "SHAPE" | "SWITCHED_OFF" | "NOT_LICENSED" | "FIELD" | "OTHER"; about: string | null };

export type RemovalReceipt = { id: string; key: string };

export type RemovalRequest = { id: string; kind: "takeDown" | "mask"; state: "open" | "accepted" | "refused"; camera: { id: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null; thumbnail: string; withheld: boolean; demo: boolean }; note: string | null; createdAt: string; decidedAt: string | null; name: string; email: string; reason: string; regions: PictureRegions };

export type RemovalStatus = { id: string; kind: "takeDown" | "mask"; state: "open" | "accepted" | "refused"; camera: { id: string; name: string; nameJa: string | null; place: string | null; placeJa: string | null }; note: string | null; createdAt: string; decidedAt: string | null };

export type SourceOptions = { transport?: "auto" | "tcp" | "udp"; intervalSeconds?: number; stillUrl?: string; scene?: "harbour" | "street" | "sky" | "railway" | "factory" | "bridge" | "beach" | "mountain" | "airport" | "plaza" | "test"; width?: number; height?: number; fps?: number; gopSeconds?: number; transcode?: boolean };

export type SystemStatus = { version: string; startedAt: string; node: string; processes: ({ name: string; role: ("ingest" | "slicer" | "inference" | "archivist" | "metadata") | ("gateway" | "web" | "postgres"); pid: number | null; alive: boolean; ready: boolean; stuck: string | null; health: { ready: boolean; stuck: string | null; uptimeSeconds: number; rssBytes: number; cpuSeconds: number; eventLoopDelayP99Ms: number; counters: Record<string, number> } | null; disk: { path: string; freeBytes: number; totalBytes: number; level: "ok" | "evicting" | "paused"; evictedSeconds: number } | null; lastSeenAt: string | null })[]; streams: { total: number; byState: Record<string, number>; writing: number; viewers: number; bitrate: number }; storage: { recordedBytes: number; disks: { path: string; freeBytes: number; totalBytes: number; level: "ok" | "evicting" | "paused"; evictedSeconds: number }[] }; notices: { code: "OWNER_MISSING" | "INGEST_MISSING" | "SLICER_MISSING" | "WEB_MISSING" | "DATABASE_DOWN" | "DISK_EVICTING" | "DISK_PAUSED" | "TLS_MISSING" | "LIVEKIT_MISSING" | "LOCAL_SOURCES_FORBIDDEN" | "SOURCES_FAILING" | "FEEDS_STALE" | "REMOVALS_OPEN" | "REDIS_AWAY" | "MAIL_DEAD"; severity: "info" | "warning" | "error"; details: Record<string, unknown> }[] };

export type TokenAnswer = { access_token: string; refresh_token: string; token_type: "Bearer"; expires_in: number; scope?: string };

export type WebSocketTicket = { ticket: string; expiresAt: string };

export type WelcomeState = { done: boolean; ownerMissing: boolean; demoCamerasShown: boolean; publicFeeds: "unasked" | "wanted" | "refused" };

/** Every operation by its name: what goes in, and what comes back. */
export interface Operations {
  /** Who is asking */
  identityMe: { input: undefined; answer: Me };
  /** Make the account of the owner */
  identityClaimOwner: { input: { token: string; name: string; email: string; password: string }; answer: Me };
  /** Sign out everywhere */
  identitySignOutEverywhere: { input: undefined; answer: { ended: number } };
  /** List your browsers */
  sessionsList: { input: undefined; answer: { items: { id: string; current: boolean; device: string; ip: string | null; method: string; createdAt: string; lastSeenAt: string; expiresAt: string }[] } };
  /** Sign a browser out */
  sessionsRevoke: { input: { id: string }; answer: { done: true } };
  /** Sign out all other browsers */
  sessionsRevokeOthers: { input: undefined; answer: { ended: number } };
  /** How people get in here */
  accountEntrance: { input: undefined; answer: { signUp: "open" | "invitation" | "closed"; oidc: { name: string } | null; passkeys: boolean; mail: boolean } };
  /** Confirm an e-mail address by its link */
  accountConfirmEmail: { input: { token: string }; answer: { done: true } };
  /** Send the link to confirm an address again */
  accountResendConfirmation: { input: { email: string }; answer: { status: "sent" } };
  /** Confirm a new e-mail address by its link */
  accountConfirmChange: { input: { token: string }; answer: { done: true } };
  /** Give up a change of e-mail that waits to be confirmed */
  accountCancelEmailChange: { input: undefined; answer: { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null; createdAt: string; hasPassword: boolean; passwordSetAt: string | null; secondFactor: { on: boolean; recoveryCodesLeft: number }; pendingEmail: string | null } };
  /** Take a change of e-mail back by its link */
  accountUndoChange: { input: { token: string }; answer: { resetToken: string } };
  /** Take a name for twelve hours */
  accountEnterAsGuest: { input: { name: string }; answer: { guestId: string; name: string; token: string; expiresAt: string } };
  /** Your own account */
  accountProfile: { input: undefined; answer: { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null; createdAt: string; hasPassword: boolean; passwordSetAt: string | null; secondFactor: { on: boolean; recoveryCodesLeft: number }; pendingEmail: string | null } };
  /** Change your own profile */
  accountUpdateProfile: { input: { name?: string; userName?: string; locale?: ("en" | "ja") | null; timeZone?: string | null }; answer: { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null; createdAt: string; hasPassword: boolean; passwordSetAt: string | null; secondFactor: { on: boolean; recoveryCodesLeft: number }; pendingEmail: string | null } };
  /** Set your picture */
  accountSetPicture: { input: { base64: string }; answer: { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null; createdAt: string; hasPassword: boolean; passwordSetAt: string | null; secondFactor: { on: boolean; recoveryCodesLeft: number }; pendingEmail: string | null } };
  /** Remove your picture */
  accountRemovePicture: { input: undefined; answer: { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null; createdAt: string; hasPassword: boolean; passwordSetAt: string | null; secondFactor: { on: boolean; recoveryCodesLeft: number }; pendingEmail: string | null } };
  /** Change your password; signs your other devices out */
  accountChangePassword: { input: { current?: string; next: string; code?: string }; answer: { done: true } };
  /** Ask for another e-mail address; a link goes to it */
  accountChangeEmail: { input: { email: string; proof: { password?: string; code?: string } }; answer: { status: "sent" } };
  /** All that is kept about you, as JSON */
  accountExport: { input: undefined; answer: { exportedAt: string; limits: { auditEntries: number; activity: number; cameras: number }; profile: { id: string; name: string; userName: string; email: string; emailConfirmed: boolean; isOwner: boolean; picture: string | null; locale: ("en" | "ja") | null; timeZone: string | null; permissions: string[]; viewedBy: string | null; createdAt: string; hasPassword: boolean; passwordSetAt: string | null; secondFactor: { on: boolean; recoveryCodesLeft: number }; pendingEmail: string | null }; roles: ({ roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; externalIdentities: { issuer: string; subject: string; createdAt: string }[]; passkeys: { id: string; name: string; createdAt: string; lastUsedAt: string | null; backedUp: boolean }[]; sessions: { id: string; method: string; ip: string | null; userAgent: string | null; createdAt: string; lastSeenAt: string; expiresAt: string; revokedAt: string | null }[]; tokens: { id: string; scope: string[]; ip: string | null; userAgent: string | null; createdAt: string; lastUsedAt: string; revokedAt: string | null }[]; keys: { id: string; name: string; prefix: string; permissions: string[]; createdAt: string; expiresAt: string | null; lastUsedAt: string | null; lastUsedIp: string | null; revokedAt: string | null }[]; cameras: { id: string; name: string; place: string | null; latitude: number; longitude: number; kind: string; visibility: string; createdAt: string }[]; audit: ({ at: string; action: string; outcome: string; ip: string | null; userAgent: string | null; object: { type: string; id: string } | null })[]; activity: { kind: string; data: unknown; createdAt: string; readAt: string | null }[] } };
  /** Delete your own account for good */
  accountDeleteAccount: { input: { email: string; proof: { password?: string; code?: string } }; answer: { done: true } };
  /** Invitations, newest first */
  invitationsList: { input: { cursor?: string; limit?: number }; answer: { items: { id: string; email: string | null; roleIds: string[]; createdBy: string; createdAt: string; expiresAt: string; state: "open" | "used" | "revoked" | "expired"; usedBy: string | null }[]; nextCursor: string | null } };
  /** Invite somebody; the link is shown once */
  invitationsCreate: { input: { email?: string | null; roleIds?: string[]; validFor?: number }; answer: { invitation: { id: string; email: string | null; roleIds: string[]; createdBy: string; createdAt: string; expiresAt: string; state: "open" | "used" | "revoked" | "expired"; usedBy: string | null }; link: string } };
  /** Take an open invitation back */
  invitationsRevoke: { input: { id: string }; answer: { revoked: true } };
  /** List API keys */
  keysList: { input: { cursor?: string; limit?: number; prefix?: string; userId?: string; everybody?: boolean }; answer: { items: ({ id: string; name: string; prefix: string; owner: { id: string; name: string }; permissions: string[]; objects: { type: string; id: string }[] | null; rateFactor: number; createdAt: string; expiresAt: string | null; lastUsedAt: string | null; lastUsedIp: string | null; revokedAt: string | null })[]; nextCursor: string | null } };
  /** Make an API key */
  keysCreate: { input: ({ name: string; permissions: string[]; objects?: { type: string; id: string }[] | null; expiresAt?: string | null }); answer: { key: { id: string; name: string; prefix: string; owner: { id: string; name: string }; permissions: string[]; objects: { type: string; id: string }[] | null; rateFactor: number; createdAt: string; expiresAt: string | null; lastUsedAt: string | null; lastUsedIp: string | null; revokedAt: string | null }; secret: string } };
  /** Revoke an API key */
  keysRevoke: { input: { id: string }; answer: { id: string; name: string; prefix: string; owner: { id: string; name: string }; permissions: string[]; objects: { type: string; id: string }[] | null; rateFactor: number; createdAt: string; expiresAt: string | null; lastUsedAt: string | null; lastUsedIp: string | null; revokedAt: string | null } };
  /** Raise a key's rate limit */
  keysSetRateFactor: { input: { id: string } & { rateFactor: number }; answer: { id: string; name: string; prefix: string; owner: { id: string; name: string }; permissions: string[]; objects: { type: string; id: string }[] | null; rateFactor: number; createdAt: string; expiresAt: string | null; lastUsedAt: string | null; lastUsedIp: string | null; revokedAt: string | null } };
  /** Sign a machine in */
  authLogin: { input: { grant_type?: "password"; username?: string; email?: string; password: string; code?: string; scope?: string }; answer: TokenAnswer };
  /** Refresh an access token */
  authRefresh: { input: { grant_type?: "refresh_token"; refresh_token: string }; answer: TokenAnswer };
  /** Make an account */
  authRegister: { input: { email: string; password: string; username?: string; name?: string; invitation?: string }; answer: { access_token?: string; refresh_token?: string; token_type?: "Bearer"; expires_in?: number; scope?: string; status: "made" | "checkMail" } };
  /** Reset a password */
  authPasswordReset: { input: { email?: string; token?: string; password?: string }; answer: { status: "sent" | "changed" } };
  /** Revoke a token */
  authRevoke: { input: { token: string; token_type_hint?: string }; answer: { status: "revoked" } };
  /** List your machines' sign-ins */
  authMachines: { input: undefined; answer: { items: { id: string; current: boolean; scope: string[] | null; ip: string | null; userAgent: string | null; createdAt: string; lastUsedAt: string }[] } };
  /** End the sign-in of a machine */
  authEndMachine: { input: { id: string }; answer: { status: "revoked" } };
  /** Get a ticket for a WebSocket */
  authWsTicket: { input: undefined; answer: WebSocketTicket };
  /** Rotate the signing key */
  authRotateSigningKeys: { input: undefined; answer: { kid: string } };
  /** Get an address that plays */
  playbackCreate: { input: { streamId: string } & { purpose?: "view" | "foreign" }; answer: PlaybackToken };
  /** List cameras */
  camerasList: { input: { cursor?: string | null; limit?: number; query?: string; states?: CameraState[]; kinds?: ("rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic")[] }; answer: CameraPage };
  /** Add a camera */
  camerasCreate: { input: ({ name: string; nameJa?: string | null; place?: string | null; placeJa?: string | null; latitude: number; longitude: number; bearing?: number | null; initialView?: { heading: number; pitch: number; range: number }; kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; address?: string; options?: { transport?: "auto" | "tcp" | "udp"; intervalSeconds?: number; stillUrl?: string; scene?: "harbour" | "street" | "sky" | "railway" | "factory" | "bridge" | "beach" | "mountain" | "airport" | "plaza" | "test"; width?: number; height?: number; fps?: number; gopSeconds?: number; transcode?: boolean }; ingest?: "always" | "onDemand"; visibility?: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; recordPolicy?: { mode: "off" | "always"; maxAgeSeconds: number; maxBytes: number | null }; ladder?: "onDemand" | "always"; masks?: PictureRegions; licence?: string | null; attribution?: string | null; attributionUrl?: string | null }); answer: CameraForOwner };
  /** Get a camera */
  camerasGet: { input: { id: string }; answer: CameraDetail };
  /** Change a camera */
  camerasPatch: { input: { id: string } & ({ name?: string; nameJa?: string | null; place?: string | null; placeJa?: string | null; latitude?: number; longitude?: number; bearing?: number | null; initialView?: { heading: number; pitch: number; range: number }; kind?: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; address?: string; options?: { transport?: "auto" | "tcp" | "udp"; intervalSeconds?: number; stillUrl?: string; scene?: "harbour" | "street" | "sky" | "railway" | "factory" | "bridge" | "beach" | "mountain" | "airport" | "plaza" | "test"; width?: number; height?: number; fps?: number; gopSeconds?: number; transcode?: boolean }; ingest?: "always" | "onDemand"; visibility?: "public" | "unlisted" | "members" | "followers" | "password" | "list" | "private"; recordPolicy?: { mode: "off" | "always"; maxAgeSeconds: number; maxBytes: number | null }; ladder?: "onDemand" | "always"; masks?: PictureRegions; licence?: string | null; attribution?: string | null; attributionUrl?: string | null }); answer: CameraForOwner };
  /** Delete a camera */
  camerasDelete: { input: { id: string }; answer: { id: string; restorableUntil: string } };
  /** Restore a deleted camera */
  camerasRestore: { input: { id: string }; answer: CameraForOwner };
  /** Whether demo cameras are shown */
  camerasDemoShown: { input: undefined; answer: { value: boolean } };
  /** Show or hide the demo cameras */
  camerasSetDemoShown: { input: { shown: boolean }; answer: { value: boolean } };
  /** Look at a source */
  camerasDiagnose: { input: ({ kind: "rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic"; address?: string; options?: { transport?: "auto" | "tcp" | "udp"; intervalSeconds?: number; stillUrl?: string; scene?: "harbour" | "street" | "sky" | "railway" | "factory" | "bridge" | "beach" | "mountain" | "airport" | "plaza" | "test"; width?: number; height?: number; fps?: number; gopSeconds?: number; transcode?: boolean }; cameraId?: string }); answer: DoctorReport };
  /** Measured states of streams */
  camerasStates: { input: { ids?: string[] }; answer: { items: MediaState[] } };
  /** List people */
  usersList: { input: { cursor?: string; limit?: number; query?: string; role?: string; locked?: boolean }; answer: { items: ({ id: string; email: string; emailConfirmed: boolean; name: string; userName: string; picture: string | null; roles: ({ id: string; roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; lockedAt: string | null; lockedReason: string | null; secondFactor: boolean; passkeys: number; sessions: number; lastSignInAt: string | null; createdAt: string })[]; nextCursor: string | null } };
  /** Get a person */
  usersGet: { input: { id: string }; answer: { id: string; email: string; emailConfirmed: boolean; name: string; userName: string; picture: string | null; roles: ({ id: string; roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; lockedAt: string | null; lockedReason: string | null; secondFactor: boolean; passkeys: number; sessions: number; lastSignInAt: string | null; createdAt: string } };
  /** List the browsers of somebody */
  usersSessions: { input: { id: string }; answer: { items: { id: string; current: boolean; device: string; ip: string | null; method: string; createdAt: string; lastSeenAt: string; expiresAt: string }[] } };
  /** Lock somebody out */
  usersLock: { input: { id: string } & { reason: string }; answer: { id: string; email: string; emailConfirmed: boolean; name: string; userName: string; picture: string | null; roles: ({ id: string; roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; lockedAt: string | null; lockedReason: string | null; secondFactor: boolean; passkeys: number; sessions: number; lastSignInAt: string | null; createdAt: string } };
  /** Let somebody in again */
  usersUnlock: { input: { id: string }; answer: { id: string; email: string; emailConfirmed: boolean; name: string; userName: string; picture: string | null; roles: ({ id: string; roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; lockedAt: string | null; lockedReason: string | null; secondFactor: boolean; passkeys: number; sessions: number; lastSignInAt: string | null; createdAt: string } };
  /** Sign somebody out everywhere */
  usersSignOut: { input: { id: string }; answer: { sessions: number; tokens: number } };
  /** Send somebody a link to a new password */
  usersSendReset: { input: { id: string }; answer: { done: true } };
  /** Give somebody a role */
  usersGrant: { input: { userId: string } & ({ roleId: string; object?: { type: string; id: string } | null }); answer: { id: string; email: string; emailConfirmed: boolean; name: string; userName: string; picture: string | null; roles: ({ id: string; roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; lockedAt: string | null; lockedReason: string | null; secondFactor: boolean; passkeys: number; sessions: number; lastSignInAt: string | null; createdAt: string } };
  /** Take a role from somebody */
  usersTake: { input: { userId: string; heldId: string }; answer: { id: string; email: string; emailConfirmed: boolean; name: string; userName: string; picture: string | null; roles: ({ id: string; roleId: string; object: { type: string; id: string } | null; grantedAt: string })[]; lockedAt: string | null; lockedReason: string | null; secondFactor: boolean; passkeys: number; sessions: number; lastSignInAt: string | null; createdAt: string } };
  /** List locks of sign-ins */
  usersLocks: { input: { cursor?: string; limit?: number }; answer: { items: { key: string; failures: number; lastAt: string; lockedUntil: string | null }[]; nextCursor: string | null } };
  /** Clear a lock of sign-ins */
  usersClearLock: { input: { key: string }; answer: { done: true } };
  /** List roles */
  rolesList: { input: undefined; answer: { items: { id: string; name: string; nameJa: string | null; permissions: string[]; builtIn: boolean; people: number }[] } };
  /** Make a role */
  rolesCreate: { input: { id: string; name: string; nameJa?: string | null; permissions: string[] }; answer: { id: string; name: string; nameJa: string | null; permissions: string[]; builtIn: boolean; people: number } };
  /** List all permissions */
  rolesCatalogue: { input: undefined; answer: { permissions: ("camera:view" | "camera:write" | "feed:view" | "feed:write" | "removal:decide" | "channel:create" | "stream:view" | "stream:publish" | "recording:view" | "recording:erase" | "analysis:view" | "analysis:execute" | "pipeline:view" | "pipeline:execute" | "pipeline:write" | "product:search" | "product:write" | "inspection:view" | "inspection:create" | "inspection:review" | "webhook:view" | "webhook:write" | "settings:write" | "system:view" | "system:metrics" | "user:view" | "user:admin" | "role:admin" | "key:admin" | "audit:view" | "outbox:view" | "outbox:write")[]; owners: ("camera:view" | "camera:write" | "feed:view" | "feed:write" | "removal:decide" | "channel:create" | "stream:view" | "stream:publish" | "recording:view" | "recording:erase" | "analysis:view" | "analysis:execute" | "pipeline:view" | "pipeline:execute" | "pipeline:write" | "product:search" | "product:write" | "inspection:view" | "inspection:create" | "inspection:review" | "webhook:view" | "webhook:write" | "settings:write" | "system:view" | "system:metrics" | "user:view" | "user:admin" | "role:admin" | "key:admin" | "audit:view" | "outbox:view" | "outbox:write")[]; everybodys: ("camera:view" | "camera:write" | "feed:view" | "feed:write" | "removal:decide" | "channel:create" | "stream:view" | "stream:publish" | "recording:view" | "recording:erase" | "analysis:view" | "analysis:execute" | "pipeline:view" | "pipeline:execute" | "pipeline:write" | "product:search" | "product:write" | "inspection:view" | "inspection:create" | "inspection:review" | "webhook:view" | "webhook:write" | "settings:write" | "system:view" | "system:metrics" | "user:view" | "user:admin" | "role:admin" | "key:admin" | "audit:view" | "outbox:view" | "outbox:write")[]; objectTypes: string[] } };
  /** Change a role */
  rolesUpdate: { input: { id: string } & { name: string; nameJa?: string | null; permissions: string[] }; answer: { id: string; name: string; nameJa: string | null; permissions: string[]; builtIn: boolean; people: number } };
  /** Remove a role */
  rolesRemove: { input: { id: string; evenIfHeld?: boolean }; answer: { people: number } };
  /** Settings of the house */
  settingsRead: { input: undefined; answer: { signUp: "open" | "invitation" | "closed"; signUpRole: string | null; embedOrigins: string[] } };
  /** Change settings */
  settingsUpdate: { input: { signUp?: "open" | "invitation" | "closed"; signUpRole?: string | null; embedOrigins?: string[] }; answer: { signUp: "open" | "invitation" | "closed"; signUpRole: string | null; embedOrigins: string[] } };
  /** Who changed what, newest first */
  auditList: { input: { cursor?: string; limit?: number; actorId?: string; action?: string; objectType?: string; objectId?: string; outcome?: "done" | "refused"; from?: string; to?: string }; answer: { items: ({ seq: number; at: string; actor: { type: string; id: string | null; name: string | null }; via: { kind: string; id: string | null } | null; ip: string | null; userAgent: string | null; requestId: string | null; action: string; outcome: "done" | "refused"; object: { type: string; id: string } | null; before: unknown; after: unknown; details: unknown })[]; nextCursor: string | null } };
  /** Export the audit log */
  auditCsv: { input: { cursor?: string; actorId?: string; action?: string; objectType?: string; objectId?: string; outcome?: "done" | "refused"; from?: string; to?: string }; answer: { name: string; mediaType: string; text: string; rows: number; nextCursor: string | null } };
  /** Check the chain of the audit log */
  auditCheck: { input: { from?: number }; answer: { entries: number; whole: boolean; brokenAt: number | null; nextFrom: number | null; head: string; durationMs: number } };
  /** List actions of the audit log */
  auditActions: { input: undefined; answer: { items: string[] } };
  /** What concerns you, newest first */
  activityList: { input: { cursor?: string; limit?: number }; answer: { items: { id: string; kind: "signIn.newDevice" | "signIn.locked" | "password.changed" | "email.changed" | "secondFactor.on" | "secondFactor.off" | "passkey.added" | "passkey.removed" | "key.created" | "key.expires" | "token.reused" | "role.given" | "role.taken" | "removal.requested" | "import.finished" | "webhook.dead" | "system.notice"; data: Record<string, unknown>; href: string | null; createdAt: string; readAt: string | null }[]; nextCursor: string | null; unread: number } };
  /** Mark activity as read */
  activityMarkRead: { input: { upTo: string }; answer: { marked: number } };
  /** Mail that left, waits or is kept */
  mailList: { input: { cursor?: string; limit?: number; state?: "pending" | "sent" | "kept" | "dead" }; answer: { items: { id: string; kind: string; summary: Record<string, string>; state: "pending" | "sent" | "kept" | "dead"; attempts: number; nextAt: string | null; lastError: string | null; result: Record<string, unknown> | null; createdAt: string; sentAt: string | null }[]; nextCursor: string | null; leaves: boolean } };
  /** Read a mail in full; this is audited */
  mailRead: { input: { id: string }; answer: { to: string; subject: string; text: string } };
  /** Send a mail again */
  mailRetry: { input: { id: string }; answer: { done: true } };
  /** Where events are told to */
  webhooksList: { input: undefined; answer: { items: { id: string; url: string; description: string; events: string[]; enabled: boolean; previousUntil: string | null; createdAt: string; sent: number; failed: number }[] } };
  /** Add a webhook; its secret is shown this once */
  webhooksCreate: { input: { url: string; description?: string; events?: ("camera.added" | "camera.changed" | "camera.deleted" | "stream.state" | "import.finished" | "user.created" | "user.locked" | "system.notice" | "ping")[]; enabled?: boolean }; answer: { webhook: { id: string; url: string; description: string; events: string[]; enabled: boolean; previousUntil: string | null; createdAt: string; sent: number; failed: number }; secret: string } };
  /** Types of events there are */
  webhooksEvents: { input: undefined; answer: { items: ("camera.added" | "camera.changed" | "camera.deleted" | "stream.state" | "import.finished" | "user.created" | "user.locked" | "system.notice" | "ping")[] } };
  /** Change a webhook */
  webhooksUpdate: { input: { id: string } & { url: string; description?: string; events?: ("camera.added" | "camera.changed" | "camera.deleted" | "stream.state" | "import.finished" | "user.created" | "user.locked" | "system.notice" | "ping")[]; enabled?: boolean }; answer: { id: string; url: string; description: string; events: string[]; enabled: boolean; previousUntil: string | null; createdAt: string; sent: number; failed: number } };
  /** Remove a webhook */
  webhooksRemove: { input: { id: string }; answer: { done: true } };
  /** A new secret; the one before signs as well for a day */
  webhooksRotateSecret: { input: { id: string }; answer: { webhook: { id: string; url: string; description: string; events: string[]; enabled: boolean; previousUntil: string | null; createdAt: string; sent: number; failed: number }; secret: string } };
  /** Send a test event */
  webhooksPing: { input: { id: string }; answer: { deliveryId: string } };
  /** What was sent, newest first */
  webhooksDeliveries: { input: { cursor?: string; limit?: number; state?: "pending" | "sent" | "kept" | "dead"; endpointId?: string }; answer: { items: { id: string; kind: string; summary: Record<string, string>; state: "pending" | "sent" | "kept" | "dead"; attempts: number; nextAt: string | null; lastError: string | null; result: Record<string, unknown> | null; createdAt: string; sentAt: string | null }[]; nextCursor: string | null } };
  /** Send a delivery again */
  webhooksReplay: { input: { id: string }; answer: { done: true } };
  /** Send everything again that was given up for this webhook */
  webhooksReplayDead: { input: { id: string }; answer: { replayed: number } };
  /** Cameras and clusters in a part of the planet */
  earthView: { input: { west: number; south: number; east: number; north: number; states?: CameraState[]; kinds?: ("rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic")[]; country?: string; daylight?: "day" | "twilight" | "night"; demo?: boolean; zoom: number; at?: string }; answer: EarthView };
  /** Find cameras, cities, countries and coordinates */
  earthSearch: { input: { query: string; limit?: number }; answer: { items: EarthFind[] } };
  /** Cameras near a place, nearest first */
  earthNearby: { input: { latitude: number; longitude: number; limit?: number; exclude?: string; withinMetres?: number; states?: CameraState[]; kinds?: ("rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic")[]; country?: string; daylight?: "day" | "twilight" | "night"; demo?: boolean }; answer: { items: NearbyCamera[] } };
  /** A camera by chance, or one where the sun rises or sets */
  earthSurprise: { input: { kind: "random" | "sunrise" | "sunset"; exclude?: string; at?: string; states?: CameraState[]; kinds?: ("rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic")[]; country?: string; daylight?: "day" | "twilight" | "night"; demo?: boolean }; answer: { id: string; exact: boolean } };
  /** Names of cities in a part of the planet */
  earthLabels: { input: { west: number; south: number; east: number; north: number; zoom: number }; answer: { items: PlaceLabel[] } };
  /** How many cameras have recorded picture over a span of time */
  earthCoverage: { input: { from: string; to: string; buckets: number; states?: CameraState[]; kinds?: ("rtsp" | "hls" | "mpegts" | "srt" | "file" | "snapshot" | "mjpeg" | "synthetic")[]; country?: string; daylight?: "day" | "twilight" | "night"; demo?: boolean }; answer: { from: string; to: string; recorded: number[]; oldest: string | null } };
  /** Countries that have cameras, with their number */
  earthCountries: { input: undefined; answer: { items: { country: string; cameras: number }[] } };
  /** List public camera feeds */
  feedsList: { input: undefined; answer: { items: Feed[] } };
  /** Answer whether public cameras are fetched */
  feedsChoose: { input: { answer: "wanted" | "refused" }; answer: undefined };
  /** Switch a feed on or off */
  feedsSetEnabled: { input: { id: string } & { enabled: boolean }; answer: undefined };
  /** Read a feed now */
  feedsReadNow: { input: { id: string } & { acceptFewer?: boolean }; answer: { runId: string } };
  /** Get a run */
  feedsRun: { input: { id: string }; answer: ImportRun };
  /** List runs */
  feedsRuns: { input: { cursor?: string | null; limit?: number }; answer: { items: ImportRun[]; nextCursor: string | null } };
  /** Import a file of cameras */
  feedsImportFile: { input: { name: string; format?: "csv" | "geojson" | "m3u" | "opml"; text: string; mapping?: Record<string, string | null> }; answer: { runId: string } };
  /** Cancel a run */
  feedsCancelRun: { input: { id: string }; answer: ImportRun };
  /** Whether the internet answers */
  feedsOnline: { input: undefined; answer: { online: boolean } };
  /** Preview a file of cameras */
  feedsPreviewFile: { input: { name: string; format?: "csv" | "geojson" | "m3u" | "opml"; text: string; mapping?: Record<string, string | null> }; answer: ImportPreview };
  /** Export all cameras as a file */
  feedsExportFile: { input: { format: "csv" | "geojson" | "m3u" | "opml" }; answer: { name: string; mediaType: string; text: string } };
  /** Lines that a run left out */
  feedsReport: { input: { runId: string }; answer: { items: RejectedRow[] } };
  /** Whether the local network may be searched */
  discoveryAllowed: { input: undefined; answer: { value: boolean } };
  /** Find ONVIF cameras */
  discoveryDevices: { input: undefined; answer: DiscoveryAnswer };
  /** Ask a device for its streams */
  discoveryStreams: { input: { xaddr: string; user: string; password: string }; answer: DiscoveryAnswer };
  /** Ask for a removal or a mask */
  removalsRequest: { input: { cameraId: string; kind: "takeDown" | "mask"; name: string; email: string; reason: string; regions: PictureRegions; website?: string }; answer: RemovalReceipt };
  /** List requests for removal */
  removalsList: { input: { which: "open" | "decided"; cursor?: string | null; limit?: number }; answer: { items: RemovalRequest[]; nextCursor: string | null; totals: { open: number; accepted: number; refused: number } } };
  /** Read what became of a request */
  removalsStatus: { input: { id: string; key: string }; answer: RemovalStatus };
  /** Reopen a decided request */
  removalsReopen: { input: { id: string }; answer: RemovalRequest };
  /** Erase a camera's recordings */
  removalsEraseRecordings: { input: { id: string } & { name: string }; answer: { erased: true } };
  /** Erase a camera and its recordings */
  removalsEraseCamera: { input: { id: string } & { name: string }; answer: { erased: true } };
  /** How far the first set-up is */
  welcomeState: { input: undefined; answer: WelcomeState };
  /** End the first set-up */
  welcomeFinish: { input: undefined; answer: WelcomeState };
  /** List clients that came up against a limit */
  limitsList: { input: undefined; answer: { items: { limit: string; client: string; name: string | null; refused: number; lastAt: string; resetsAt: string }[] } };
  /** Count a client anew */
  limitsClear: { input: { limit: string; client: string }; answer: { items: { limit: string; client: string; name: string | null; refused: number; lastAt: string; resetsAt: string }[] } };
  /** Whether the house is well */
  systemHealth: { input: undefined; answer: Health };
  /** Processes, streams, storage and what is missing */
  systemStatus: { input: undefined; answer: SystemStatus };
  /** Decide a request for removal */
  removalsDecide: { input: { id: string } & ({ verdict: "accepted"; note: string | null } | { verdict: "refused"; note: string }); answer: RemovalRequest };
}

/** Where each is found, and which fields of its input stand in the path and in the query. */
export const operations = {
  identityMe: { method: 'GET', path: '/account/me', inPath: [], inQuery: [] },
  identityClaimOwner: { method: 'POST', path: '/auth/claim', inPath: [], inQuery: [] },
  identitySignOutEverywhere: { method: 'POST', path: '/account/sessions/end-all', inPath: [], inQuery: [] },
  sessionsList: { method: 'GET', path: '/account/sessions', inPath: [], inQuery: [] },
  sessionsRevoke: { method: 'DELETE', path: '/account/sessions/{id}', inPath: ["id"], inQuery: [] },
  sessionsRevokeOthers: { method: 'POST', path: '/account/sessions/end-others', inPath: [], inQuery: [] },
  accountEntrance: { method: 'GET', path: '/account/entrance', inPath: [], inQuery: [] },
  accountConfirmEmail: { method: 'POST', path: '/account/email/confirmation', inPath: [], inQuery: [] },
  accountResendConfirmation: { method: 'POST', path: '/account/email/confirmation-link', inPath: [], inQuery: [] },
  accountConfirmChange: { method: 'POST', path: '/account/email/change', inPath: [], inQuery: [] },
  accountCancelEmailChange: { method: 'DELETE', path: '/account/email/change', inPath: [], inQuery: [] },
  accountUndoChange: { method: 'POST', path: '/account/email/undo', inPath: [], inQuery: [] },
  accountEnterAsGuest: { method: 'POST', path: '/account/guest', inPath: [], inQuery: [] },
  accountProfile: { method: 'GET', path: '/account/profile', inPath: [], inQuery: [] },
  accountUpdateProfile: { method: 'PATCH', path: '/account/profile', inPath: [], inQuery: [] },
  accountSetPicture: { method: 'PUT', path: '/account/picture', inPath: [], inQuery: [] },
  accountRemovePicture: { method: 'DELETE', path: '/account/picture', inPath: [], inQuery: [] },
  accountChangePassword: { method: 'POST', path: '/account/password', inPath: [], inQuery: [] },
  accountChangeEmail: { method: 'POST', path: '/account/email', inPath: [], inQuery: [] },
  accountExport: { method: 'GET', path: '/account/export', inPath: [], inQuery: [] },
  accountDeleteAccount: { method: 'POST', path: '/account/deletion', inPath: [], inQuery: [] },
  invitationsList: { method: 'GET', path: '/invitations', inPath: [], inQuery: ["cursor","limit"] },
  invitationsCreate: { method: 'POST', path: '/invitations', inPath: [], inQuery: [] },
  invitationsRevoke: { method: 'DELETE', path: '/invitations/{id}', inPath: ["id"], inQuery: [] },
  keysList: { method: 'GET', path: '/keys', inPath: [], inQuery: ["cursor","limit","prefix","userId","everybody"] },
  keysCreate: { method: 'POST', path: '/keys', inPath: [], inQuery: [] },
  keysRevoke: { method: 'DELETE', path: '/keys/{id}', inPath: ["id"], inQuery: [] },
  keysSetRateFactor: { method: 'PUT', path: '/keys/{id}/rate-factor', inPath: ["id"], inQuery: [] },
  authLogin: { method: 'POST', path: '/auth/login', inPath: [], inQuery: [] },
  authRefresh: { method: 'POST', path: '/auth/refresh', inPath: [], inQuery: [] },
  authRegister: { method: 'POST', path: '/auth/register', inPath: [], inQuery: [] },
  authPasswordReset: { method: 'POST', path: '/auth/password-reset', inPath: [], inQuery: [] },
  authRevoke: { method: 'POST', path: '/auth/revoke', inPath: [], inQuery: [] },
  authMachines: { method: 'GET', path: '/account/sessions/machines', inPath: [], inQuery: [] },
  authEndMachine: { method: 'DELETE', path: '/account/sessions/machines/{id}', inPath: ["id"], inQuery: [] },
  authWsTicket: { method: 'POST', path: '/ws-tickets', inPath: [], inQuery: [] },
  authRotateSigningKeys: { method: 'POST', path: '/auth/signing-keys/rotate', inPath: [], inQuery: [] },
  playbackCreate: { method: 'POST', path: '/streams/{streamId}/playback-tokens', inPath: ["streamId"], inQuery: [] },
  camerasList: { method: 'GET', path: '/cameras', inPath: [], inQuery: ["cursor","limit","query","states","kinds"] },
  camerasCreate: { method: 'POST', path: '/cameras', inPath: [], inQuery: [] },
  camerasGet: { method: 'GET', path: '/cameras/{id}', inPath: ["id"], inQuery: [] },
  camerasPatch: { method: 'PATCH', path: '/cameras/{id}', inPath: ["id"], inQuery: [] },
  camerasDelete: { method: 'DELETE', path: '/cameras/{id}', inPath: ["id"], inQuery: [] },
  camerasRestore: { method: 'POST', path: '/cameras/{id}/restore', inPath: ["id"], inQuery: [] },
  camerasDemoShown: { method: 'GET', path: '/cameras/demo', inPath: [], inQuery: [] },
  camerasSetDemoShown: { method: 'PUT', path: '/cameras/demo', inPath: [], inQuery: [] },
  camerasDiagnose: { method: 'POST', path: '/cameras/doctor', inPath: [], inQuery: [] },
  camerasStates: { method: 'GET', path: '/cameras/states', inPath: [], inQuery: ["ids"] },
  usersList: { method: 'GET', path: '/users', inPath: [], inQuery: ["cursor","limit","query","role","locked"] },
  usersGet: { method: 'GET', path: '/users/{id}', inPath: ["id"], inQuery: [] },
  usersSessions: { method: 'GET', path: '/users/{id}/sessions', inPath: ["id"], inQuery: [] },
  usersLock: { method: 'POST', path: '/users/{id}/lock', inPath: ["id"], inQuery: [] },
  usersUnlock: { method: 'POST', path: '/users/{id}/unlock', inPath: ["id"], inQuery: [] },
  usersSignOut: { method: 'POST', path: '/users/{id}/sign-out', inPath: ["id"], inQuery: [] },
  usersSendReset: { method: 'POST', path: '/users/{id}/password-reset', inPath: ["id"], inQuery: [] },
  usersGrant: { method: 'POST', path: '/users/{userId}/roles', inPath: ["userId"], inQuery: [] },
  usersTake: { method: 'DELETE', path: '/users/{userId}/roles/{heldId}', inPath: ["userId","heldId"], inQuery: [] },
  usersLocks: { method: 'GET', path: '/locks', inPath: [], inQuery: ["cursor","limit"] },
  usersClearLock: { method: 'POST', path: '/locks/clear', inPath: [], inQuery: [] },
  rolesList: { method: 'GET', path: '/roles', inPath: [], inQuery: [] },
  rolesCreate: { method: 'POST', path: '/roles', inPath: [], inQuery: [] },
  rolesCatalogue: { method: 'GET', path: '/roles/permissions', inPath: [], inQuery: [] },
  rolesUpdate: { method: 'PATCH', path: '/roles/{id}', inPath: ["id"], inQuery: [] },
  rolesRemove: { method: 'DELETE', path: '/roles/{id}', inPath: ["id"], inQuery: ["evenIfHeld"] },
  settingsRead: { method: 'GET', path: '/settings', inPath: [], inQuery: [] },
  settingsUpdate: { method: 'PATCH', path: '/settings', inPath: [], inQuery: [] },
  auditList: { method: 'GET', path: '/audit', inPath: [], inQuery: ["cursor","limit","actorId","action","objectType","objectId","outcome","from","to"] },
  auditCsv: { method: 'GET', path: '/audit/export', inPath: [], inQuery: ["cursor","actorId","action","objectType","objectId","outcome","from","to"] },
  auditCheck: { method: 'GET', path: '/audit/check', inPath: [], inQuery: ["from"] },
  auditActions: { method: 'GET', path: '/audit/actions', inPath: [], inQuery: [] },
  activityList: { method: 'GET', path: '/account/activity', inPath: [], inQuery: ["cursor","limit"] },
  activityMarkRead: { method: 'POST', path: '/account/activity/read', inPath: [], inQuery: [] },
  mailList: { method: 'GET', path: '/mail', inPath: [], inQuery: ["cursor","limit","state"] },
  mailRead: { method: 'POST', path: '/mail/{id}/read', inPath: ["id"], inQuery: [] },
  mailRetry: { method: 'POST', path: '/mail/{id}/retry', inPath: ["id"], inQuery: [] },
  webhooksList: { method: 'GET', path: '/webhooks', inPath: [], inQuery: [] },
  webhooksCreate: { method: 'POST', path: '/webhooks', inPath: [], inQuery: [] },
  webhooksEvents: { method: 'GET', path: '/webhooks/events', inPath: [], inQuery: [] },
  webhooksUpdate: { method: 'PUT', path: '/webhooks/{id}', inPath: ["id"], inQuery: [] },
  webhooksRemove: { method: 'DELETE', path: '/webhooks/{id}', inPath: ["id"], inQuery: [] },
  webhooksRotateSecret: { method: 'POST', path: '/webhooks/{id}/secret', inPath: ["id"], inQuery: [] },
  webhooksPing: { method: 'POST', path: '/webhooks/{id}/ping', inPath: ["id"], inQuery: [] },
  webhooksDeliveries: { method: 'GET', path: '/webhooks/deliveries', inPath: [], inQuery: ["cursor","limit","state","endpointId"] },
  webhooksReplay: { method: 'POST', path: '/webhooks/deliveries/{id}/replay', inPath: ["id"], inQuery: [] },
  webhooksReplayDead: { method: 'POST', path: '/webhooks/{id}/replay', inPath: ["id"], inQuery: [] },
  earthView: { method: 'GET', path: '/earth/view', inPath: [], inQuery: ["west","south","east","north","states","kinds","country","daylight","demo","zoom","at"] },
  earthSearch: { method: 'GET', path: '/earth/search', inPath: [], inQuery: ["query","limit"] },
  earthNearby: { method: 'GET', path: '/earth/nearby', inPath: [], inQuery: ["latitude","longitude","limit","exclude","withinMetres","states","kinds","country","daylight","demo"] },
  earthSurprise: { method: 'GET', path: '/earth/surprise', inPath: [], inQuery: ["kind","exclude","at","states","kinds","country","daylight","demo"] },
  earthLabels: { method: 'GET', path: '/earth/labels', inPath: [], inQuery: ["west","south","east","north","zoom"] },
  earthCoverage: { method: 'GET', path: '/earth/coverage', inPath: [], inQuery: ["from","to","buckets","states","kinds","country","daylight","demo"] },
  earthCountries: { method: 'GET', path: '/earth/countries', inPath: [], inQuery: [] },
  feedsList: { method: 'GET', path: '/feeds', inPath: [], inQuery: [] },
  feedsChoose: { method: 'PUT', path: '/feeds/choice', inPath: [], inQuery: [] },
  feedsSetEnabled: { method: 'PUT', path: '/feeds/{id}', inPath: ["id"], inQuery: [] },
  feedsReadNow: { method: 'POST', path: '/feeds/{id}/runs', inPath: ["id"], inQuery: [] },
  feedsRun: { method: 'GET', path: '/imports/{id}', inPath: ["id"], inQuery: [] },
  feedsRuns: { method: 'GET', path: '/imports', inPath: [], inQuery: ["cursor","limit"] },
  feedsImportFile: { method: 'POST', path: '/imports', inPath: [], inQuery: [] },
  feedsCancelRun: { method: 'POST', path: '/imports/{id}/cancel', inPath: ["id"], inQuery: [] },
  feedsOnline: { method: 'GET', path: '/feeds/online', inPath: [], inQuery: [] },
  feedsPreviewFile: { method: 'POST', path: '/imports/preview', inPath: [], inQuery: [] },
  feedsExportFile: { method: 'GET', path: '/imports/export', inPath: [], inQuery: ["format"] },
  feedsReport: { method: 'GET', path: '/imports/{runId}/report', inPath: ["runId"], inQuery: [] },
  discoveryAllowed: { method: 'GET', path: '/discovery', inPath: [], inQuery: [] },
  discoveryDevices: { method: 'POST', path: '/discovery/devices', inPath: [], inQuery: [] },
  discoveryStreams: { method: 'POST', path: '/discovery/streams', inPath: [], inQuery: [] },
  removalsRequest: { method: 'POST', path: '/removals', inPath: [], inQuery: [] },
  removalsList: { method: 'GET', path: '/removals', inPath: [], inQuery: ["which","cursor","limit"] },
  removalsStatus: { method: 'GET', path: '/removals/{id}', inPath: ["id"], inQuery: ["key"] },
  removalsReopen: { method: 'POST', path: '/removals/{id}/reopen', inPath: ["id"], inQuery: [] },
  removalsEraseRecordings: { method: 'POST', path: '/removals/{id}/erase-recordings', inPath: ["id"], inQuery: [] },
  removalsEraseCamera: { method: 'POST', path: '/cameras/{id}/erase', inPath: ["id"], inQuery: [] },
  welcomeState: { method: 'GET', path: '/welcome', inPath: [], inQuery: [] },
  welcomeFinish: { method: 'POST', path: '/welcome/finish', inPath: [], inQuery: [] },
  limitsList: { method: 'GET', path: '/limits', inPath: [], inQuery: [] },
  limitsClear: { method: 'POST', path: '/limits/clear', inPath: [], inQuery: [] },
  systemHealth: { method: 'GET', path: '/health', inPath: [], inQuery: [] },
  systemStatus: { method: 'GET', path: '/system/status', inPath: [], inQuery: [] },
  removalsDecide: { method: 'POST', path: '/removals/{id}/decision', inPath: ["id"], inQuery: [] },
} as const satisfies Record<keyof Operations, { method: string; path: string; inPath: readonly string[]; inQuery: readonly string[] }>;
