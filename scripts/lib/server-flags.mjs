/**
 * How Node runs the server. The nursery is larger than usual: events wait in memory for their commit, and a small one
 * would be cleared, and what waits copied, several times meanwhile.
 */
export const SERVER_FLAGS = ['--enable-source-maps', '--max-semi-space-size=32'];
