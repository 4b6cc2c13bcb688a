/** One imperative sentence of at most 72 characters; the body, if any, after an empty line. */
export default {
  parserPreset: { parserOpts: { headerPattern: /^(.*)$/, headerCorrespondence: ['subject'] } },
  rules: {
    'header-max-length': [2, 'always', 72],
    'subject-empty': [2, 'never'],
    'subject-full-stop': [2, 'never', '.'],
    'subject-case': [2, 'always', ['sentence-case']],
    'body-leading-blank': [2, 'always'],
    'body-max-line-length': [2, 'always', 140],
  },
};
