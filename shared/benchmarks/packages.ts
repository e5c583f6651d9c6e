/** Packages that bring several of the tools. */
export const rtTests = { debian: 'rt-tests', redHat: 'realtime-tests' } as const;
export const rtla = { debian: 'rtla', redHat: 'rtla' } as const;
