import { fakeFps, fakeSampleRate, loadFakeSound, readFrameNumbers } from './fake-clip.ts';
import { readFragments } from './read-fragments.ts';

const videoTrack = 1;
const audioTrack = 2;
const videoTimescale = 90_000;
const unitSeconds = 1024 / fakeSampleRate;

/** How late the sound is against the picture at each access unit of a fake camera's sound that can be told from the others, in ms; silence of ours can't. */
export function lipSyncMs(media: readonly Buffer[]): number[] {
  const sound = loadFakeSound().map((unit) => unit.toString('latin1'));
  const loopSeconds = sound.length * unitSeconds;
  const unique = new Map(
    sound.flatMap((unit, at) => (sound.indexOf(unit) === sound.lastIndexOf(unit) ? [[unit, at]] : [])),
  );
  const pictures: { taken: number; shown: number }[] = [];
  const units: { at: number; heard: number }[] = [];
  for (const { track, tfdt, samples } of media.flatMap(readFragments)) {
    for (const [index, sample] of samples.entries()) {
      if (track === videoTrack) {
        for (const frame of readFrameNumbers(sample))
          pictures.push({ taken: frame / fakeFps, shown: tfdt / videoTimescale });
      } else if (track === audioTrack) {
        const at = unique.get(sample.toString('latin1'));
        if (at !== undefined) units.push({ at, heard: tfdt / fakeSampleRate + index * unitSeconds });
      }
    }
  }
  return units.flatMap(({ at, heard }) => {
    const near = pictures.findLast(({ shown }) => shown <= heard && heard - shown < 1);
    if (!near) return [];
    // The sound is a loop: the offset is known but for whole turns of it.
    const late = heard - near.shown - (at * unitSeconds - near.taken);
    return [(late - Math.round(late / loopSeconds) * loopSeconds) * 1000];
  });
}
