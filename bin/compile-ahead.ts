/* oxlint-disable import/no-unassigned-import -- being imported is all that is wanted of them */
/**
 * Compiles what the processes of a start load, and runs none of it: all modules are compiled before the first is evaluated, and the first ends the
 * process. A process that finds its modules not compiled loads Node's compiler of types, and keeps those 10 to 20 MB for as long as it lives.
 */
import './compiled-only.ts';
import '../server/gateway/main.ts';
import '../server/supervisor/postgres-main.ts';
import '../sidecars/ingest/main.ts';
import '../sidecars/ingest/cell-main.ts';
import '../sidecars/ingest/look-main.ts';
import '../sidecars/slicer/main.ts';
import '../sidecars/slicer/picture/picture-main.ts';
import '../sidecars/slicer/ladder/transcode-main.ts';
// What they load when it is first needed.
import '../sidecars/ingest/discovery/onvif-streams.ts';
import '../sidecars/ingest/discovery/probe.ts';
import '../sidecars/ingest/doctor/diagnose.ts';
import '../sidecars/ingest/libav/open-file.ts';
import '../sidecars/ingest/libav/open-hls.ts';
import '../sidecars/ingest/libav/open-mpegts.ts';
import '../sidecars/ingest/libav/open-rtsp-libav.ts';
import '../sidecars/ingest/libav/open-srt.ts';
import '../sidecars/ingest/pictures/open-mjpeg.ts';
import '../sidecars/ingest/pictures/open-snapshot.ts';
import '../sidecars/ingest/synthetic/open-synthetic.ts';
import '../sidecars/ingest/transcode/audio-transcoder.ts';
import '../sidecars/ingest/transcode/video-transcoder.ts';
