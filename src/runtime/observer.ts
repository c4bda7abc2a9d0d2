/** The host from which the page watches: the machines do not know it, and its links are never cut. */
export const observerName = 'observer';
export const observerAddress = '10.0.0.10';
