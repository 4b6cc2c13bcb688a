"""Lists cameras, looks at one, and follows its state: python3 examples/python/look.py --url http://localhost:3000 --key sns_…"""

import argparse
import datetime
import pathlib
import time

from sensorium import SensoriumClient, SensoriumError
from sensorium_types import Camera, CameraPage, MediaState


def main() -> None:
    options = argparse.ArgumentParser(description="Lists cameras, looks at one, and follows its state.")
    options.add_argument("--url", default="http://localhost:3000")
    options.add_argument("--key")
    options.add_argument("--words")
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--picture", default="camera.jpg")
    given = options.parse_args()
    client = SensoriumClient(given.url, given.key)

    page: CameraPage = client.call("camerasList", limit=10, query=given.words)
    print(f"{page['total']} cameras")
    cameras: list[Camera] = page["items"]
    for camera in cameras:
        print(f"  {camera['state']:<9} {camera['name']}" + (f", {camera['place']}" if camera["place"] else ""))
    if not cameras:
        return

    chosen = next((one for one in cameras if one["state"] in ("live", "demo")), cameras[0])
    try:
        jpeg, captured_at = client.picture(chosen["streamId"])
        pathlib.Path(given.picture).write_bytes(jpeg)
        print(f"{chosen['name']}: picture of {captured_at or 'an unknown moment'} in {given.picture}, {len(jpeg)} bytes")
    except SensoriumError as error:
        print(f"{chosen['name']}: no picture ({error.code}: {error})")

    until = time.monotonic() + given.seconds
    while True:
        states: list[MediaState] = client.call("camerasStates", ids=[chosen["id"]])["items"]
        measured = states[0] if states else None
        age = measured["frameAgeMs"] if measured else None
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        print(f"{now} {measured['state'] if measured else chosen['state']}" + (f", frame {age / 1000:.1f} s old" if age is not None else ""))
        if time.monotonic() >= until:
            return
        time.sleep(min(2, max(0, until - time.monotonic())))


if __name__ == "__main__":
    try:
        main()
    except SensoriumError as error:
        raise SystemExit(f"{error.code}: {error}") from None
