/** A reader that falls behind jumps to the next key frame; nobody waits for it. Media contract §3. */
const bufferedBytesMax = 4 * 1024 * 1024;
const backlogGopsMax = 2;

export class KeepUp {
  /** Chunks left out for this reader. */
  dropped = 0;
  #skipping = false;
  #backlogGops = 0;

  /** Whether the chunk is to be sent. `opens`: a decoder can begin with it. `buffered`: bytes the reader has not taken yet. */
  admits(opens: boolean, buffered: number): boolean {
    if (this.#skipping) {
      this.#skipping = !opens || buffered > bufferedBytesMax / 4;
      if (!this.#skipping) this.#backlogGops = 0;
    } else {
      if (buffered === 0) this.#backlogGops = 0;
      else if (opens) this.#backlogGops += 1;
      this.#skipping = buffered > bufferedBytesMax || this.#backlogGops > backlogGopsMax;
    }
    if (this.#skipping) this.dropped += 1;
    return !this.#skipping;
  }
}
