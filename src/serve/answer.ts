import type { RunFile } from './file.ts';

/** What a request gets: a short text, or a file of a run. */
export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Sent before the file, if there is one. */
  text?: string;
  file?: RunFile;
}

/**
 * Of every answer: nothing is run, framed, guessed or told to others. No Cross-Origin-Opener-Policy: over plain HTTP, as
 * through a Node's port, browsers ignore it and complain; whoever puts TLS in front can add it there.
 */
export const ALWAYS = {
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
} as const;

export const PLAIN = 'text/plain; charset=utf-8';

/** `message` must not repeat what was asked for: it is nobody's to choose what stands here. */
export function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'Content-Type': PLAIN, ...headers }, text: `${message}\n` };
}

/** Only to places below this server, relative to what was asked for: it may stand behind a path of somebody else's. */
export function redirect(location: string): Answer {
  return refusal(302, 'see the Location header', { Location: location });
}
