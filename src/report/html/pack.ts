import { deflateSync, strToU8 } from 'fflate';

/**
 * A value as deflated JSON in base64: nothing in it can end a script element or is read as markup, whatever
 * the names in it are. By fflate and not by zlib, whose bytes differ between machines: the same run is the
 * same file everywhere. Fractions are kept to a thousandth.
 */
export function pack(value: unknown): string {
  const bytes = deflateSync(strToU8(JSON.stringify(value, rounded)), { level: 6 });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
