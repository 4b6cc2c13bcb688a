/** Loads a module that stands on libav, with libav told to be quiet first. It takes tens of megabytes, and a cell of RTSP cameras never needs it. */
export async function loadLibav<Module>(load: () => Promise<Module>): Promise<Module> {
  const { quietLibav } = await import('#sidecars/encode/libav-log.ts');
  quietLibav();
  return load();
}
