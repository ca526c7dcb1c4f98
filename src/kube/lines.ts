/** No line of ours comes near this: what does is not ours, and must not fill the memory. */
const MAX_LINE_BYTES = 64 * 1024;

export interface LineSplitter {
  /** The lines that this chunk completes, and a fault once one is too long. */
  push(chunk: Buffer): { lines: string[]; fault?: string };
  /** What came after the last newline. */
  rest(): string;
}

export function createLineSplitter(maxBytes = MAX_LINE_BYTES): LineSplitter {
  // Kept as bytes: a chunk may end within a character. In pieces: a byte at a time must not cost the whole line each time.
  let pieces: Buffer[] = [];
  let size = 0;
  const take = () => {
    const line = Buffer.concat(pieces).toString('utf8');
    pieces = [];
    size = 0;
    return line;
  };
  return {
    push(chunk) {
      const lines: string[] = [];
      const fault = `the agent sent a line of more than ${maxBytes} bytes`;
      let from = 0;
      for (let end = chunk.indexOf(10); ; end = chunk.indexOf(10, from)) {
        const piece = chunk.subarray(from, end === -1 ? undefined : end);
        size += piece.length;
        if (size > maxBytes) return { lines, fault };
        pieces.push(piece);
        if (end === -1) return { lines };
        lines.push(take());
        from = end + 1;
      }
    },
    rest: () => Buffer.concat(pieces).toString('utf8'),
  };
}
