"""Generated from docs/api/openapi.json by `node bin/api-docs.ts`. Do not edit."""

from typing import Any, Literal, NotRequired, TypedDict, Union  # noqa: F401

Camera = TypedDict("Camera", {
    "id": str,
    "streamId": str,
    "name": str,
    "nameJa": Union[str, None],
    "place": Union[str, None],
    "placeJa": Union[str, None],
    "latitude": float,
    "longitude": float,
    "bearing": Union[float, None],
    "initialView": "InitialView",
    "kind": Literal["rtsp", "hls", "mpegts", "srt", "file", "snapshot", "mjpeg", "synthetic"],
    "state": "CameraState",
    "stateReason": Union[str, None],
    "stateSince": Union[str, None],
    "demo": bool,
    "masked": bool,
    "withheldReason": Union[str, None],
    "visibility": Literal["public", "unlisted", "members", "followers", "password", "list", "private"],
    "timeZone": str,
    "licence": Union[str, None],
    "attribution": Union[str, None],
    "attributionUrl": Union[str, None],
    "recordPolicy": "RecordPolicy",
    "ladder": Literal["onDemand", "always"],
    "playback": dict[str, Any],
})

CameraDetail = Union[dict[str, Any]]

CameraForOwner = TypedDict("CameraForOwner", {
    "id": str,
    "streamId": str,
    "name": str,
    "nameJa": Union[str, None],
    "place": Union[str, None],
    "placeJa": Union[str, None],
    "latitude": float,
    "longitude": float,
    "bearing": Union[float, None],
    "initialView": "InitialView",
    "kind": Literal["rtsp", "hls", "mpegts", "srt", "file", "snapshot", "mjpeg", "synthetic"],
    "state": "CameraState",
    "stateReason": Union[str, None],
    "stateSince": Union[str, None],
    "demo": bool,
    "masked": bool,
    "withheldReason": Union[str, None],
    "visibility": Literal["public", "unlisted", "members", "followers", "password", "list", "private"],
    "timeZone": str,
    "licence": Union[str, None],
    "attribution": Union[str, None],
    "attributionUrl": Union[str, None],
    "recordPolicy": "RecordPolicy",
    "ladder": Literal["onDemand", "always"],
    "playback": dict[str, Any],
    "ingest": Literal["always", "onDemand"],
    "options": "SourceOptions",
    "masks": "PictureRegions",
    "addressHint": Union[str, None],
    "hasCredentials": bool,
    "createdAt": str,
    "updatedAt": str,
})

CameraInput = TypedDict("CameraInput", {
    "name": str,
    "nameJa": NotRequired[Union[str, None]],
    "place": NotRequired[Union[str, None]],
    "placeJa": NotRequired[Union[str, None]],
    "latitude": float,
    "longitude": float,
    "bearing": NotRequired[Union[float, None]],
    "initialView": NotRequired[dict[str, Any]],
    "kind": Literal["rtsp", "hls", "mpegts", "srt", "file", "snapshot", "mjpeg", "synthetic"],
    "address": NotRequired[str],
    "options": NotRequired[dict[str, Any]],
    "ingest": NotRequired[Literal["always", "onDemand"]],
    "visibility": NotRequired[Literal["public", "unlisted", "members", "followers", "password", "list", "private"]],
    "recordPolicy": NotRequired[dict[str, Any]],
    "ladder": NotRequired[Literal["onDemand", "always"]],
    "masks": NotRequired["PictureRegions"],
    "licence": NotRequired[Union[str, None]],
    "attribution": NotRequired[Union[str, None]],
    "attributionUrl": NotRequired[Union[str, None]],
})

CameraPage = TypedDict("CameraPage", {
    "items": list["Camera"],
    "nextCursor": Union[str, None],
    "total": int,
})

CameraState = Literal["live", "delayed", "still", "offline", "unchecked", "demo", "error"]

DiscoveryAnswer = Union[dict[str, Any]]

DoctorReport = TypedDict("DoctorReport", {
    "outcome": Literal["ok", "failed"],
    "fault": Union[dict[str, Any], None],
    "steps": list[dict[str, Any]],
    "video": Union[dict[str, Any], None],
    "audio": Union[dict[str, Any], None],
    "clock": Literal["capture", "sr", "sr-rate", "arrival", "synthetic"],
    "clockOffsetMs": Union[float, None],
    "bitrate": Union[float, None],
    "firstFrameMs": Union[float, None],
    "readSeconds": float,
    "advice": list[Literal["GOP_LONG", "GOP_IRREGULAR", "B_FRAMES", "NO_CLOCK", "CLOCK_WRONG", "FPS_LOW", "FPS_UNSTEADY", "BITRATE_HIGH", "AUDIO_TRANSCODED", "VIDEO_TRANSCODED", "NO_AUDIO", "AUDIO_INVALID", "PACKETS_LOST"]],
    "picture": Union[str, None],
})

EarthCluster = TypedDict("EarthCluster", {
    "id": int,
    "latitude": float,
    "longitude": float,
    "count": int,
    "states": dict[str, Any],
    "expansionZoom": int,
})

EarthFind = Union[dict[str, Any]]

EarthPoint = TypedDict("EarthPoint", {
    "id": str,
    "streamId": str,
    "latitude": float,
    "longitude": float,
    "bearing": Union[float, None],
    "state": "CameraState",
})

EarthView = TypedDict("EarthView", {
    "points": list["EarthPoint"],
    "clusters": list["EarthCluster"],
    "totals": dict[str, Any],
    "at": Union[str, None],
    "measuredAt": str,
})

ErrorBody = TypedDict("ErrorBody", {
    "error": dict[str, Any],
})

Feed = TypedDict("Feed", {
    "id": str,
    "name": str,
    "nameJa": str,
    "country": str,
    "homepage": str,
    "licence": str,
    "attribution": str,
    "expected": int,
    "cameras": int,
    "enabled": bool,
    "condition": Literal["off", "waiting", "running", "ok", "failing", "stale"],
    "lastOkAt": Union[str, None],
    "lastTriedAt": Union[str, None],
    "nextAt": Union[str, None],
    "fault": Union[str, None],
    "shrunken": bool,
})

Health = TypedDict("Health", {
    "status": Literal["ok", "degraded", "down"],
    "version": str,
    "uptimeSeconds": float,
    "parts": dict[str, Any],
})

ImportPreview = TypedDict("ImportPreview", {
    "format": Literal["csv", "geojson", "m3u", "opml"],
    "columns": list[str],
    "mapping": dict[str, Any],
    "total": int,
    "sample": list[dict[str, Any]],
    "accepted": int,
    "rejected": int,
    "rejectedRows": list["RejectedRow"],
})

ImportRun = TypedDict("ImportRun", {
    "id": str,
    "source": str,
    "state": Literal["queued", "running", "done", "failed", "cancelled"],
    "total": int,
    "done": int,
    "added": int,
    "changed": int,
    "removed": int,
    "unchanged": int,
    "rejected": int,
    "rejectedRows": list["RejectedRow"],
    "fault": Union[str, None],
    "startedAt": str,
    "finishedAt": Union[str, None],
})

InitialView = TypedDict("InitialView", {
    "heading": float,
    "pitch": float,
    "range": float,
})

Me = TypedDict("Me", {
    "id": str,
    "name": str,
    "userName": str,
    "email": str,
    "emailConfirmed": bool,
    "isOwner": bool,
    "picture": Union[str, None],
    "locale": Union[Literal["en", "ja"], None],
    "timeZone": Union[str, None],
    "permissions": list[str],
    "viewedBy": Union[str, None],
})

MediaState = TypedDict("MediaState", {
    "streamId": str,
    "state": "CameraState",
    "reason": Union[str, None],
    "since": str,
    "measuredAt": str,
    "frameAgeMs": Union[float, None],
    "fps": Union[float, None],
    "bitrate": Union[float, None],
    "width": Union[int, None],
    "height": Union[int, None],
    "codecs": Union[str, None],
    "gopSeconds": Union[float, None],
    "bFrames": Union[bool, None],
    "audio": bool,
    "rungs": list[Literal["480", "720", "1080"]],
    "clock": Union[Literal["capture", "sr", "sr-rate", "arrival", "synthetic"], None],
    "viewers": int,
    "dropped": int,
    "writing": bool,
    "recordedBytes": float,
    "oldest": Union[str, None],
})

NearbyCamera = TypedDict("NearbyCamera", {
    "id": str,
    "streamId": str,
    "name": str,
    "nameJa": Union[str, None],
    "place": Union[str, None],
    "placeJa": Union[str, None],
    "latitude": float,
    "longitude": float,
    "bearing": Union[float, None],
    "initialView": "InitialView",
    "kind": Literal["rtsp", "hls", "mpegts", "srt", "file", "snapshot", "mjpeg", "synthetic"],
    "state": "CameraState",
    "stateReason": Union[str, None],
    "stateSince": Union[str, None],
    "demo": bool,
    "masked": bool,
    "withheldReason": Union[str, None],
    "visibility": Literal["public", "unlisted", "members", "followers", "password", "list", "private"],
    "timeZone": str,
    "licence": Union[str, None],
    "attribution": Union[str, None],
    "attributionUrl": Union[str, None],
    "recordPolicy": "RecordPolicy",
    "ladder": Literal["onDemand", "always"],
    "playback": dict[str, Any],
    "distanceMetres": float,
})

PictureRegions = list[list[tuple[float, float]]]

PlaceLabel = TypedDict("PlaceLabel", {
    "id": int,
    "name": str,
    "nameJa": Union[str, None],
    "latitude": float,
    "longitude": float,
    "population": int,
})

PlaybackToken = TypedDict("PlaybackToken", {
    "token": str,
    "path": str,
    "expiresAt": str,
})

RecordPolicy = TypedDict("RecordPolicy", {
    "mode": Literal["off", "always"],
    "maxAgeSeconds": int,
    "maxBytes": Union[int, None],
})

RejectedRow = TypedDict("RejectedRow", {
    "row": str,
    "code": Literal["NO_ID", "ID_INVALID", "ID_TWICE", "NO_ADDRESS_COLUMN", "NO_ADDRESS", "ADDRESS_INVALID", "ADDRESS_SCHEME", "ADDRESS_PATH", "ADDRESS_CREDENTIALS", "ADDRESS_HOST", "NO_POSITION", "POSITION_UNREADABLE", "POSITION_NOWHERE", "POSITION_OUTSIDE", "POSITION_ZERO", "KIND_UNKNOWN", "DRAWN", "SAME_AS", "QUOTES", "NOT_POINT", "SHAPE", "SWITCHED_OFF", "NOT_LICENSED", "FIELD", "OTHER"],
    "about": Union[str, None],
})

RemovalReceipt = TypedDict("RemovalReceipt", {
    "id": str,
    "key": str,
})

RemovalRequest = TypedDict("RemovalRequest", {
    "id": str,
    "kind": Literal["takeDown", "mask"],
    "state": Literal["open", "accepted", "refused"],
    "camera": dict[str, Any],
    "note": Union[str, None],
    "createdAt": str,
    "decidedAt": Union[str, None],
    "name": str,
    "email": str,
    "reason": str,
    "regions": "PictureRegions",
})

RemovalStatus = TypedDict("RemovalStatus", {
    "id": str,
    "kind": Literal["takeDown", "mask"],
    "state": Literal["open", "accepted", "refused"],
    "camera": dict[str, Any],
    "note": Union[str, None],
    "createdAt": str,
    "decidedAt": Union[str, None],
})

SourceOptions = TypedDict("SourceOptions", {
    "transport": NotRequired[Literal["auto", "tcp", "udp"]],
    "intervalSeconds": NotRequired[float],
    "stillUrl": NotRequired[str],
    "scene": NotRequired[Literal["harbour", "street", "sky", "railway", "factory", "bridge", "beach", "mountain", "airport", "plaza", "test"]],
    "width": NotRequired[int],
    "height": NotRequired[int],
    "fps": NotRequired[float],
    "gopSeconds": NotRequired[float],
    "transcode": NotRequired[bool],
})

SystemStatus = TypedDict("SystemStatus", {
    "version": str,
    "startedAt": str,
    "node": str,
    "processes": list[dict[str, Any]],
    "streams": dict[str, Any],
    "storage": dict[str, Any],
    "notices": list[dict[str, Any]],
})

TokenAnswer = TypedDict("TokenAnswer", {
    "access_token": str,
    "refresh_token": str,
    "token_type": Literal["Bearer"],
    "expires_in": int,
    "scope": NotRequired[str],
})

WebSocketTicket = TypedDict("WebSocketTicket", {
    "ticket": str,
    "expiresAt": str,
})

WelcomeState = TypedDict("WelcomeState", {
    "done": bool,
    "ownerMissing": bool,
    "demoCamerasShown": bool,
    "publicFeeds": Literal["unasked", "wanted", "refused"],
})

# Where each operation is found: method, path, fields of the path, fields of the query.
OPERATIONS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "identityMe": ("GET", "/account/me", (), ()),
    "identityClaimOwner": ("POST", "/auth/claim", (), ()),
    "identitySignOutEverywhere": ("POST", "/account/sessions/end-all", (), ()),
    "sessionsList": ("GET", "/account/sessions", (), ()),
    "sessionsRevoke": ("DELETE", "/account/sessions/{id}", ("id",), ()),
    "sessionsRevokeOthers": ("POST", "/account/sessions/end-others", (), ()),
    "accountEntrance": ("GET", "/account/entrance", (), ()),
    "accountConfirmEmail": ("POST", "/account/email/confirmation", (), ()),
    "accountResendConfirmation": ("POST", "/account/email/confirmation-link", (), ()),
    "accountConfirmChange": ("POST", "/account/email/change", (), ()),
    "accountCancelEmailChange": ("DELETE", "/account/email/change", (), ()),
    "accountUndoChange": ("POST", "/account/email/undo", (), ()),
    "accountEnterAsGuest": ("POST", "/account/guest", (), ()),
    "accountProfile": ("GET", "/account/profile", (), ()),
    "accountUpdateProfile": ("PATCH", "/account/profile", (), ()),
    "accountSetPicture": ("PUT", "/account/picture", (), ()),
    "accountRemovePicture": ("DELETE", "/account/picture", (), ()),
    "accountChangePassword": ("POST", "/account/password", (), ()),
    "accountChangeEmail": ("POST", "/account/email", (), ()),
    "accountExport": ("GET", "/account/export", (), ()),
    "accountDeleteAccount": ("POST", "/account/deletion", (), ()),
    "invitationsList": ("GET", "/invitations", (), ("cursor", "limit")),
    "invitationsCreate": ("POST", "/invitations", (), ()),
    "invitationsRevoke": ("DELETE", "/invitations/{id}", ("id",), ()),
    "keysList": ("GET", "/keys", (), ("cursor", "limit", "prefix", "userId", "everybody")),
    "keysCreate": ("POST", "/keys", (), ()),
    "keysRevoke": ("DELETE", "/keys/{id}", ("id",), ()),
    "keysSetRateFactor": ("PUT", "/keys/{id}/rate-factor", ("id",), ()),
    "authLogin": ("POST", "/auth/login", (), ()),
    "authRefresh": ("POST", "/auth/refresh", (), ()),
    "authRegister": ("POST", "/auth/register", (), ()),
    "authPasswordReset": ("POST", "/auth/password-reset", (), ()),
    "authRevoke": ("POST", "/auth/revoke", (), ()),
    "authMachines": ("GET", "/account/sessions/machines", (), ()),
    "authEndMachine": ("DELETE", "/account/sessions/machines/{id}", ("id",), ()),
    "authWsTicket": ("POST", "/ws-tickets", (), ()),
    "authRotateSigningKeys": ("POST", "/auth/signing-keys/rotate", (), ()),
    "playbackCreate": ("POST", "/streams/{streamId}/playback-tokens", ("streamId",), ()),
    "camerasList": ("GET", "/cameras", (), ("cursor", "limit", "query", "states", "kinds")),
    "camerasCreate": ("POST", "/cameras", (), ()),
    "camerasGet": ("GET", "/cameras/{id}", ("id",), ()),
    "camerasPatch": ("PATCH", "/cameras/{id}", ("id",), ()),
    "camerasDelete": ("DELETE", "/cameras/{id}", ("id",), ()),
    "camerasRestore": ("POST", "/cameras/{id}/restore", ("id",), ()),
    "camerasDemoShown": ("GET", "/cameras/demo", (), ()),
    "camerasSetDemoShown": ("PUT", "/cameras/demo", (), ()),
    "camerasDiagnose": ("POST", "/cameras/doctor", (), ()),
    "camerasStates": ("GET", "/cameras/states", (), ("ids",)),
    "usersList": ("GET", "/users", (), ("cursor", "limit", "query", "role", "locked")),
    "usersGet": ("GET", "/users/{id}", ("id",), ()),
    "usersSessions": ("GET", "/users/{id}/sessions", ("id",), ()),
    "usersLock": ("POST", "/users/{id}/lock", ("id",), ()),
    "usersUnlock": ("POST", "/users/{id}/unlock", ("id",), ()),
    "usersSignOut": ("POST", "/users/{id}/sign-out", ("id",), ()),
    "usersSendReset": ("POST", "/users/{id}/password-reset", ("id",), ()),
    "usersGrant": ("POST", "/users/{userId}/roles", ("userId",), ()),
    "usersTake": ("DELETE", "/users/{userId}/roles/{heldId}", ("userId", "heldId"), ()),
    "usersLocks": ("GET", "/locks", (), ("cursor", "limit")),
    "usersClearLock": ("POST", "/locks/clear", (), ()),
    "rolesList": ("GET", "/roles", (), ()),
    "rolesCreate": ("POST", "/roles", (), ()),
    "rolesCatalogue": ("GET", "/roles/permissions", (), ()),
    "rolesUpdate": ("PATCH", "/roles/{id}", ("id",), ()),
    "rolesRemove": ("DELETE", "/roles/{id}", ("id",), ("evenIfHeld",)),
    "settingsRead": ("GET", "/settings", (), ()),
    "settingsUpdate": ("PATCH", "/settings", (), ()),
    "auditList": ("GET", "/audit", (), ("cursor", "limit", "actorId", "action", "objectType", "objectId", "outcome", "from", "to")),
    "auditCsv": ("GET", "/audit/export", (), ("cursor", "actorId", "action", "objectType", "objectId", "outcome", "from", "to")),
    "auditCheck": ("GET", "/audit/check", (), ("from",)),
    "auditActions": ("GET", "/audit/actions", (), ()),
    "activityList": ("GET", "/account/activity", (), ("cursor", "limit")),
    "activityMarkRead": ("POST", "/account/activity/read", (), ()),
    "mailList": ("GET", "/mail", (), ("cursor", "limit", "state")),
    "mailRead": ("POST", "/mail/{id}/read", ("id",), ()),
    "mailRetry": ("POST", "/mail/{id}/retry", ("id",), ()),
    "webhooksList": ("GET", "/webhooks", (), ()),
    "webhooksCreate": ("POST", "/webhooks", (), ()),
    "webhooksEvents": ("GET", "/webhooks/events", (), ()),
    "webhooksUpdate": ("PUT", "/webhooks/{id}", ("id",), ()),
    "webhooksRemove": ("DELETE", "/webhooks/{id}", ("id",), ()),
    "webhooksRotateSecret": ("POST", "/webhooks/{id}/secret", ("id",), ()),
    "webhooksPing": ("POST", "/webhooks/{id}/ping", ("id",), ()),
    "webhooksDeliveries": ("GET", "/webhooks/deliveries", (), ("cursor", "limit", "state", "endpointId")),
    "webhooksReplay": ("POST", "/webhooks/deliveries/{id}/replay", ("id",), ()),
    "webhooksReplayDead": ("POST", "/webhooks/{id}/replay", ("id",), ()),
    "earthView": ("GET", "/earth/view", (), ("west", "south", "east", "north", "states", "kinds", "country", "daylight", "demo", "zoom", "at")),
    "earthSearch": ("GET", "/earth/search", (), ("query", "limit")),
    "earthNearby": ("GET", "/earth/nearby", (), ("latitude", "longitude", "limit", "exclude", "withinMetres", "states", "kinds", "country", "daylight", "demo")),
    "earthSurprise": ("GET", "/earth/surprise", (), ("kind", "exclude", "at", "states", "kinds", "country", "daylight", "demo")),
    "earthLabels": ("GET", "/earth/labels", (), ("west", "south", "east", "north", "zoom")),
    "earthCoverage": ("GET", "/earth/coverage", (), ("from", "to", "buckets", "states", "kinds", "country", "daylight", "demo")),
    "earthCountries": ("GET", "/earth/countries", (), ()),
    "feedsList": ("GET", "/feeds", (), ()),
    "feedsChoose": ("PUT", "/feeds/choice", (), ()),
    "feedsSetEnabled": ("PUT", "/feeds/{id}", ("id",), ()),
    "feedsReadNow": ("POST", "/feeds/{id}/runs", ("id",), ()),
    "feedsRun": ("GET", "/imports/{id}", ("id",), ()),
    "feedsRuns": ("GET", "/imports", (), ("cursor", "limit")),
    "feedsImportFile": ("POST", "/imports", (), ()),
    "feedsCancelRun": ("POST", "/imports/{id}/cancel", ("id",), ()),
    "feedsOnline": ("GET", "/feeds/online", (), ()),
    "feedsPreviewFile": ("POST", "/imports/preview", (), ()),
    "feedsExportFile": ("GET", "/imports/export", (), ("format",)),
    "feedsReport": ("GET", "/imports/{runId}/report", ("runId",), ()),
    "discoveryAllowed": ("GET", "/discovery", (), ()),
    "discoveryDevices": ("POST", "/discovery/devices", (), ()),
    "discoveryStreams": ("POST", "/discovery/streams", (), ()),
    "removalsRequest": ("POST", "/removals", (), ()),
    "removalsList": ("GET", "/removals", (), ("which", "cursor", "limit")),
    "removalsStatus": ("GET", "/removals/{id}", ("id",), ("key",)),
    "removalsReopen": ("POST", "/removals/{id}/reopen", ("id",), ()),
    "removalsEraseRecordings": ("POST", "/removals/{id}/erase-recordings", ("id",), ()),
    "removalsEraseCamera": ("POST", "/cameras/{id}/erase", ("id",), ()),
    "welcomeState": ("GET", "/welcome", (), ()),
    "welcomeFinish": ("POST", "/welcome/finish", (), ()),
    "limitsList": ("GET", "/limits", (), ()),
    "limitsClear": ("POST", "/limits/clear", (), ()),
    "systemHealth": ("GET", "/health", (), ()),
    "systemStatus": ("GET", "/system/status", (), ()),
    "removalsDecide": ("POST", "/removals/{id}/decision", ("id",), ()),
}
