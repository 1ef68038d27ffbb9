/** The rates of passing faults in a healthy month. Estimates, on the bad side. */
export const WEATHER = {
  doubledEvent: 1 / 1_000,
  throttled: 1 / 5_000,
  crash: 1 / 5_000,
  dinteroFault: 1 / 200,
  staleRead: 1 / 10,
};
