/** Parts that arrive with the first act, not with the page. */
export const loadReceipt = () => import('./act-receipt');
