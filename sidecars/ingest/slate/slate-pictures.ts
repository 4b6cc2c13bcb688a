/**
 * The picture that stands in for a source that is away: a dark frame with a sign, without words. Ten pictures of x264 (640 × 360, baseline, an IDR
 * and nine that repeat it), made once; a kilobyte a GOP.
 */
const nal = (base64: string) => Buffer.from(base64, 'base64');
const startCode = Buffer.from([0, 0, 0, 1]);

const sets = ['Z0LAFtoCgL/lwEQAAAMABAAAAwAoPFi6gA==', 'aM4LLIA='].map(nal);
const keyPicture = nal(
  'ZYiEBLxEgoAAt5xwAD0cAAnct99999999999999999999999999999999999999ddddddddddddddddddddddddddddddddddddddddddddddd' +
    'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd' +
    'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd' +
    'ddddddddddddddddddddddddddddf//jggBdxQAN99999//4+Eigvrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr4cP/h8FwoAD7gvvvvvv/D/8FQc' +
    'NLrW91DtddddddddddddddddddddddddddddddcVDkk971rUO//+OC0GHFAAEA6EhYoGHLAhTIu1FoEZwJqb7U8CZaEq1f/4+CBUYK2gEeBNE7' +
    '9q4IRSYSTBfT1111111111111111111111111111111109fH//QIAXRQAPa2v//6IoL6euuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuunrrrrrrp6' +
    '6666666666666666666666666666666+H/AA4Kg9e+mu2deYtbW1tbX8OPwoFUxKa99MP11111111111111111111111111111110tddddddLX' +
    'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX' +
    'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX' +
    'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX' +
    'XXXXXg==',
);
const repeats = [
  'QZogGPAKjzgkMirP28nTiFxC4hcQuIXEL85zIqxVri2M8CHnYlRFxXeLxeCrgkGar1cX1XVfL1UEvOUyKsvTzduIXEL88yKtMn2z8CX1KTEAwEA=',
  'QZpAGPANJARGCgQuIWAcyA==',
  'QZpgGPAHMw==',
  'QZqAGPAHMw==',
  'QZqgGPAHMw==',
  'QZrAGPAHMw==',
  'QZrgGPAHMw==',
  'QZsAGPAHMw==',
  'QZsgGPAHMw==',
].map(nal);

export const slateSize = { width: 640, height: 360 };
export const slateFps = 5;

/** Access units in Annex-B, in order; the first is the key frame. To be sent round and round. */
export const slatePictures: readonly Buffer[] = [[...sets, keyPicture], ...repeats.map((repeat) => [repeat])].map(
  (nals) => Buffer.concat(nals.flatMap((unit) => [startCode, unit])),
);
