"""A small client for the API: every operation by its name. Needs nothing but Python 3.11."""

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any

from sensorium_types import OPERATIONS


class SensoriumError(Exception):
    """What the house answered instead: `code` and `details` say why.

    `UNREACHABLE` where nobody answered, `HTTP_502` where something before the house did.
    """

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.status = status
        self.code: str = error["code"]
        self.details: dict[str, Any] = error["details"]


class SensoriumClient:
    """`key`: an API key (sns_…) or an access token; without one you see what is public."""

    def __init__(self, url: str, key: str | None = None, within: float = 15) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._within = within

    def call(self, name: str, **given: Any) -> Any:
        method, path, in_path, in_query = OPERATIONS[name]
        rest = {field: value for field, value in given.items() if value is not None}
        for field in in_path:
            path = path.replace("{" + field + "}", urllib.parse.quote(str(rest.pop(field)), safe=""))
        query = {field: _text(rest.pop(field)) for field in in_query if field in rest}
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers, body = {}, None
        if method not in ("GET", "DELETE"):
            # Sent again with the same key, it does nothing twice.
            headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
            body = json.dumps(rest).encode()
        _, text = self._send(method, "/api/v1" + path, headers, body)
        try:
            return json.loads(text) if text else None
        except ValueError:
            raise SensoriumError(200, _error_of(200, text)) from None

    def picture(self, stream_id: str) -> tuple[bytes, str | None]:
        """The newest picture of a stream as JPEG, and when it was taken."""
        headers, jpeg = self._send("GET", f"/media/{stream_id}/thumb.jpg", {}, None)
        return jpeg, headers.get("x-capture-time")

    def _send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> tuple[Any, bytes]:
        if self._key:
            headers = {**headers, "Authorization": f"Bearer {self._key}"}
        request = urllib.request.Request(self._url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self._within) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            raise SensoriumError(refused.code, _error_of(refused.code, refused.read())) from None
        except (urllib.error.URLError, TimeoutError):
            error = {"code": "UNREACHABLE", "message": f"{self._url} does not answer", "details": {}}
            raise SensoriumError(0, error) from None


def _error_of(status: int, text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        return body["error"]
    # A page of a proxy: its status is all there is to say.
    return {"code": f"HTTP_{status}", "message": f"the answer is {status}, and not the house's", "details": {}}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
