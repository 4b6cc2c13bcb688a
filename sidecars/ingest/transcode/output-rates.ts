/** Ticks a second of what the encoders give. Apart from them, since they load libav. */
export const encoderTimescale = 90_000;
export const aacSampleRate = 48_000;
