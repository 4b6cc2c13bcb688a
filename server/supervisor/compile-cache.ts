/** Where compiled modules lie, from the root of the repository, unless NODE_COMPILE_CACHE names a place. */
export const compileCache = 'node_modules/.cache/compiled';
