/** The panels of this page, with all they need: fetched once somebody is about to open one. */
export const loadPanels = () => import('./panels');
