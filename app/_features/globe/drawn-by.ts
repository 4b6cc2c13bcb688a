/** Who draws: a graphics processor, or the main one in its place. */

/** SwiftShader in Chromium, llvmpipe and softpipe of Mesa, WARP of Windows. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export const isSoftwareName = (name: string): boolean => software.test(name);

/** Whether pictures are drawn by the processor that runs the page too: then every pixel is dear. */
export function isDrawnBySoftware(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return typeof name === 'string' && isSoftwareName(name);
}
