/** As displayed: sample aspect ratio applied, no wider than asked, even as 4:2:0 wants it. */
export function displaySize(
  picture: { width: number; height: number; sampleAspectRatio: { num: number; den: number } },
  widthMax: number,
): { width: number; height: number } {
  const { num, den } = picture.sampleAspectRatio;
  const displayed = num > 0 && den > 0 ? (picture.width * num) / den : picture.width;
  const width = Math.min(widthMax, displayed);
  const even = (value: number) => Math.max(2, 2 * Math.round(value / 2));
  return { width: even(width), height: even((picture.height * width) / displayed) };
}
