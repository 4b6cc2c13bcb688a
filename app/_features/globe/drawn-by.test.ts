import { expect, test } from 'vitest';

import { isSoftwareName } from './drawn-by.ts';

test.each([
  'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
  'llvmpipe (LLVM 15.0.6, 256 bits)',
  'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)',
])('the main processor draws: %s', (name) => {
  expect(isSoftwareName(name)).toBe(true);
});

test.each(['Apple M3', 'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)', 'WebKit WebGL', ''])(
  'a graphics processor draws, as far as is told: %s',
  (name) => {
    expect(isSoftwareName(name)).toBe(false);
  },
);
