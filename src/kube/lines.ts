/** No line of ours comes near this: what does is not ours, and must not fill the memory. */
const MAX_LINE_BYTES = 64 * 1024;

export interface LineSplitter {
  /** The lines that this chunk completes, and a fault once one is too long. */
  push(chunk: Buffer): { lines: string[]; fault?: string };
  /** What came after the last newline. */
  rest(): string;
}

export function createLineSplitter(maxBytes = MAX_LINE_BYTES): LineSplitter {
  // Kept as bytes: a chunk may end within a character.
  let pending: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const lines: string[] = [];
      let data = Buffer.concat([pending, chunk]);
      for (let end = data.indexOf(10); end !== -1 && end <= maxBytes; end = data.indexOf(10)) {
        lines.push(data.toString('utf8', 0, end));
        data = data.subarray(end + 1);
      }
      pending = data;
      if (pending.length <= maxBytes) return { lines };
      pending = Buffer.alloc(0);
      return { lines, fault: `the agent sent a line of more than ${maxBytes} bytes` };
    },
    rest: () => pending.toString('utf8'),
  };
}
