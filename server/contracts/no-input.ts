import { z } from 'zod';

/** Of a procedure that changes something and takes nothing: what is sent all the same is refused by its name, not passed over. Null is nothing too. */
export const noInput = z.strictObject({}).nullish();
