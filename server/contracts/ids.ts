import { z } from 'zod';

/** Public ids are UUIDv7 as text; the brand keeps two kinds of id from being swapped. */
const id = <Name extends string>(name: Name) => z.uuid().brand<Name>(name);

/** Whether it has the shape of an id at all; what is not is nobody's. */
export const isId = (text: string): boolean => z.uuid().safeParse(text).success;

export const cameraId = id('CameraId');
export type CameraId = z.infer<typeof cameraId>;

export const streamId = id('StreamId');
export type StreamId = z.infer<typeof streamId>;

export const userId = id('UserId');

/** A process of one role on one machine, for as long as it lives: a restart is a new node. */
export const nodeId = id('NodeId');
export type NodeId = z.infer<typeof nodeId>;
