const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns the first signal into an abort whose reason is the signal's name. A second one is ignored: the
 * clean-up that the first one started must not be cut short by an impatient hand.
 */
export function onInterrupt(say: (signal: string) => void): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const listen = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) return;
    say(signal);
    controller.abort(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    signal: controller.signal,
    dispose() {
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
}
