/** Enough for a writer that awaits each piece to spend its time on something else. */
const CHUNK_CHARS = 64 * 1024;

/** The same text in pieces of at least 64 Ki characters, so that no more than one of them is in memory. */
export function* inChunks(pieces: Iterable<string>, end = ''): Generator<string, void, undefined> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk + end;
}
