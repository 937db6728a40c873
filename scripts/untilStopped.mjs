/**
 * Until this process is asked to stop: by Ctrl+C, by its pid, or because its terminal is closed. It may be asked in several ways at
 * once, and stays until it has put away what it started.
 * @returns {Promise<void>}
 */
export function untilStopped() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });
}
