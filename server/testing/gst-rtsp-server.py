#!/usr/bin/env python3
"""A foreign RTSP server for tests: plays an MP4 file at /cam, in real time, once for each client that comes first.

usage: gst-rtsp-server.py PORT none|basic|digest FILE [USER PASSWORD]

PORT 0 takes a free one. Prints `ready PORT` when it listens; exits with 3 when GStreamer's RTSP server is missing, and
when its standard input closes, so that it does not outlive the test that started it. Needs no audio in the file.
"""
import sys
import threading

try:
    import gi

    for name in ('Gst', 'GstRtsp', 'GstRtspServer', 'GstPbutils'):
        gi.require_version(name, '1.0')
    from gi.repository import GLib, Gst, GstPbutils, GstRtsp, GstRtspServer
except (ImportError, ValueError) as error:
    print(f'GStreamer RTSP server is not installed: {error}', file=sys.stderr)
    sys.exit(3)

VIDEO = {
    'video/x-h264': 'h264parse ! rtph264pay config-interval=-1',
    'video/x-h265': 'h265parse ! rtph265pay config-interval=-1',
}


def launch_line(path):
    """The pipeline for the streams that the file has."""
    found = GstPbutils.Discoverer.new(5 * Gst.SECOND).discover_uri(Gst.filename_to_uri(path))
    video = found.get_video_streams()[0].get_caps().get_structure(0).get_name()
    parts = [
        f'filesrc location="{path}" ! qtdemux name=demux',
        f'demux.video_0 ! queue ! {VIDEO[video]} name=pay0 pt=96',
    ]
    if found.get_audio_streams():
        parts.append('demux.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97')
    return f'( {"  ".join(parts)} )'


def require_credentials(server, factory, scheme, user, password):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, 'viewer')
    if scheme == 'basic':
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    server.set_auth(auth)
    role = 'viewer, media.factory.access=true, media.factory.construct=true'
    factory.add_role_from_structure(Gst.Structure.new_from_string(role))


def main():
    if len(sys.argv) not in (4, 6) or sys.argv[2] not in ('none', 'basic', 'digest'):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    port, scheme, path = sys.argv[1:4]
    user, password = sys.argv[4:6] if len(sys.argv) == 6 else ('cam', 'p@ss:w/rd')
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address('127.0.0.1')
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(launch_line(path))
    factory.set_shared(True)
    if scheme != 'none':
        require_credentials(server, factory, scheme, user, password)
    server.get_mount_points().add_factory('/cam', factory)
    if server.attach(None) == 0:
        print(f'port {port} is taken', file=sys.stderr)
        sys.exit(1)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(f'ready {server.get_bound_port()}', flush=True)
    loop.run()


main()
