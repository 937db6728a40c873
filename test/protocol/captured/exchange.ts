/** A command without its line end, and all that the server sent until it fell silent. */
export type Exchange = readonly [command: string, replies: string];
