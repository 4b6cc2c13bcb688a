import { DataTexture, LinearFilter, RGFormat } from 'three';

export interface TextStyle {
  /** A CSS font for one CSS pixel per pixel. */
  font: (scale: number) => string;
  letterSpacing: number;
}
export interface TextBox {
  /** In the atlas, 0…1. */
  u: number;
  v: number;
  uWidth: number;
  vHeight: number;
  /** On the screen, CSS pixels. */
  width: number;
  height: number;
}

export interface TextAtlas {
  texture: DataTexture;
  /** Null while its letters are loading, of which `onReady` tells, or when this frame has drawn enough. */
  box: (text: string, style: TextStyle) => TextBox | null;
  /** To be called once a frame before boxes are asked. */
  beginFrame: (pixelRatio: number) => void;
  /** Whether this frame had drawn enough: ask again. */
  readonly isWaiting: boolean;
  /** Changes when boxes given before are worth nothing any more. */
  readonly generation: number;
  /** The browser makes what it draws letters with when it draws the first: not in the middle of a frame. */
  prepare: () => void;
  dispose: () => void;
}

const side = 1024;
/** Of one frame; on a machine that is busy with other things the clock alone would let one word through. */
const drawMsMax = 6;
const drawnAtLeast = 12;
const haloPixels = 3;
const lineHeight = 18;
/** In the first file of a face: what English needs, and most names of Europe. */
const isLatin = /^[ -~\u00a0-\u00ff]*$/u;

/** Words as pictures, drawn once each: red is the letter, green the shade around it. */
export function createTextAtlas(onReady: () => void): TextAtlas {
  const texture = new DataTexture(new Uint8Array(side * side * 2), side, side, RGFormat);
  texture.magFilter = texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const boxes = new Map<string, TextBox>();
  const loading = new Set<string>();
  const ready = new Set<string>();
  let scale = 1;
  let [x, y, drawingSinceMs, drawnCount, generation] = [0, 0, 0, 0, 0];
  let isWaiting = false;
  let isGone = false;

  const clear = () => {
    boxes.clear();
    [x, y] = [0, 0];
    generation += 1;
  };

  const loadFont = (stack: string, text: string): boolean => {
    // Asked for by all its families, a plain word would load Japanese letters too.
    const font = isLatin.test(text) ? (stack.split(',', 1)[0] ?? stack) : stack;
    // All of these letters are in one file: one question does for every word.
    const key = isLatin.test(text) ? font : `${font} ${text}`;
    if (ready.has(key)) return true;
    if (loading.has(key)) return false;
    loading.add(key);
    const load = async () => {
      try {
        await loadLetters(font, isLatin.test(text) ? 'a' : text);
      } catch {
        // A font that does not come leaves the system's own letters: then they are drawn, once.
      }
      ready.add(key);
      if (!isGone) soon();
    };
    void load();
    return false;
  };
  /** Many words come at once: one frame shows them. */
  let telling: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    telling ??= setTimeout(() => {
      telling = undefined;
      if (!isGone) onReady();
    }, 30);
  };

  return {
    texture,
    get isWaiting() {
      return isWaiting;
    },
    get generation() {
      return generation;
    },
    beginFrame(pixelRatio) {
      drawingSinceMs = performance.now();
      drawnCount = 0;
      isWaiting = false;
      const wanted = Math.min(2, Math.max(1, pixelRatio));
      if (wanted === scale) return;
      scale = wanted;
      clear();
    },
    box(text, style) {
      const font = style.font(scale);
      const key = `${font} ${text}`;
      const known = boxes.get(key);
      if (known) return known;
      // Letters that come tell of it themselves: no frame is drawn to ask for them.
      if (!context || !loadFont(font, text)) return null;
      if (drawnCount >= drawnAtLeast && performance.now() - drawingSinceMs > drawMsMax) {
        isWaiting = true;
        return null;
      }
      drawnCount += 1;
      context.font = font;
      context.letterSpacing = `${String(style.letterSpacing * scale)}px`;
      const pad = haloPixels * scale;
      const width = Math.min(side, Math.ceil(context.measureText(text).width + pad * 2));
      const height = Math.ceil(lineHeight * scale + pad * 2);
      if (x + width > side) [x, y] = [0, y + height];
      if (y + height > side) clear();
      draw(context, text, style, { font, width, height, pad, scale });
      copy(context.getImageData(0, 0, width, height), texture, x, y);
      const box = {
        u: x / side,
        v: y / side,
        uWidth: width / side,
        vHeight: height / side,
        width: width / scale,
        height: height / scale,
      };
      x += width;
      boxes.set(key, box);
      texture.needsUpdate = true;
      return box;
    },
    prepare() {
      context?.fillText('0', 0, 0);
      context?.getImageData(0, 0, 1, 1);
    },
    dispose() {
      isGone = true;
      clearTimeout(telling);
      texture.dispose();
    },
  };
}

/** Each letter from the first family that has it: asked for all at once, every family would come. */
async function loadLetters(font: string, text: string): Promise<void> {
  const [, size = '', stack = ''] = /^(.*?px) (.*)$/u.exec(font) ?? [];
  let left = [...new Set(text)];
  for (const family of stack.split(',')) {
    const faces = await Promise.all(left.map((letter) => document.fonts.load(`${size} ${family}`, letter)));
    left = left.filter((_, index) => faces[index]?.length === 0);
    if (left.length === 0) return;
  }
}

function draw(
  context: CanvasRenderingContext2D,
  text: string,
  style: TextStyle,
  { font, width, height, pad, scale }: { font: string; width: number; height: number; pad: number; scale: number },
): void {
  const { canvas } = context;
  if (canvas.width < width || canvas.height < height) {
    canvas.width = Math.max(canvas.width, width);
    canvas.height = Math.max(canvas.height, height);
  }
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = 'black';
  context.fillRect(0, 0, width, height);
  context.font = font;
  context.letterSpacing = `${String(style.letterSpacing * scale)}px`;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.globalCompositeOperation = 'lighter';
  // The two channels of the atlas, not colours.
  for (const [lineWidth, strength] of [
    [5, 0.35],
    [3, 0.55],
  ] as const) {
    context.lineWidth = lineWidth * scale;
    context.strokeStyle = `rgb(0 ${String(Math.round(strength * 255))} 0)`;
    context.strokeText(text, pad, height / 2 + 0.5);
  }
  context.fillStyle = 'rgb(255 0 0)';
  context.fillText(text, pad, height / 2 + 0.5);
}

function copy(pixels: ImageData, texture: DataTexture, x: number, y: number): void {
  const { data } = texture.image;
  if (!data) return;
  for (let row = 0; row < pixels.height; row++)
    for (let column = 0; column < pixels.width; column++) {
      const from = (row * pixels.width + column) * 4;
      const to = ((y + row) * side + x + column) * 2;
      data[to] = pixels.data[from] ?? 0;
      data[to + 1] = pixels.data[from + 1] ?? 0;
    }
}
