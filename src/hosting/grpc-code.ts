/** gRPC's numbers for the refusals that we tell apart. */
export const Grpc = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  unauthenticated: 16,
} as const;

/** The status of a refused call; null for what is none. */
export function grpcCode(error: unknown): number | null {
  // The client wraps what gRPC said when it connects, and passes it on as it is afterwards.
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}

/** What the server said, without the client's words around it. */
export function grpcDetails(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { details } = at as { details?: unknown };
    if (typeof details === 'string' && details !== '') return details;
  }
  return error instanceof Error ? error.message : String(error);
}
