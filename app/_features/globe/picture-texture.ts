/** Pictures for the GPU in strips: four thousand pixels at once would hold the page up. */
import { ExternalTexture, type WebGLRenderer } from 'three';

export type PictureFormat = 'colour' | 'grey';

/** About half a megabyte a strip. */
const stripTexels = 131_072;
const restMs = 6;

/** A texture with all its smaller copies, when the last strip is there; null when it is not wanted any more or the context is gone. */
export async function uploadPicture(
  renderer: WebGLRenderer,
  bitmap: ImageBitmap,
  format: PictureFormat,
  signal: AbortSignal,
): Promise<ExternalTexture | null> {
  const gl = renderer.getContext();
  if (!(gl instanceof WebGL2RenderingContext)) throw new Error('the globe is drawn with WebGL 2');
  const { width, height } = bitmap;
  const texture = gl.createTexture();
  const [internal, external] = format === 'colour' ? [gl.SRGB8_ALPHA8, gl.RGBA] : [gl.R8, gl.RED];
  const bound = (work: () => void) => {
    gl.bindTexture(gl.TEXTURE_2D, texture);
    work();
    // The renderer keeps books of what is bound: they are opened anew.
    renderer.resetState();
  };
  bound(() => {
    gl.texStorage2D(gl.TEXTURE_2D, Math.floor(Math.log2(width)) + 1, internal, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.REPEAT);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  });
  const rows = Math.max(1, Math.floor(stripTexels / width));
  for (let row = 0; row < height; row += rows) {
    if (signal.aborted || gl.isContextLost()) {
      gl.deleteTexture(texture);
      return null;
    }
    const count = Math.min(rows, height - row);
    bound(() => {
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
      gl.pixelStorei(gl.UNPACK_SKIP_ROWS, row);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, width, count, external, gl.UNSIGNED_BYTE, bitmap);
      gl.pixelStorei(gl.UNPACK_SKIP_ROWS, 0);
    });
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  bound(() => gl.generateMipmap(gl.TEXTURE_2D));
  return new ExternalTexture(texture);
}

export function deletePicture(renderer: WebGLRenderer, texture: ExternalTexture): void {
  const raw: unknown = texture.sourceTexture;
  if (raw instanceof WebGLTexture) renderer.getContext().deleteTexture(raw);
  texture.dispose();
}
