import { flushCompileCache } from 'node:module';

/** Evaluated first: what is imported behind it is compiled by now, and is not to run. */
flushCompileCache();
process.exit(0);
