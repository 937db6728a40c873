const numRuns = Number(process.env['FTPS_PROPERTY_RUNS'] ?? 1000);

/** How often a property is tried: FTPS_PROPERTY_RUNS times. */
export const propertyRuns = { numRuns };

/** Milliseconds that a property may take, however slow the machine. */
export const propertyTimeout = 20_000 + 30 * numRuns;
