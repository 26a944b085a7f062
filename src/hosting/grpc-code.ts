/** The gRPC status codes that we tell apart. */
export const Grpc = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  unauthenticated: 16,
} as const;

/** Returns the gRPC status of a failed call. Null when the error has none. */
export function grpcCode(error: unknown): number | null {
  // The client wraps gRPC's error while it connects, and passes it on unchanged afterwards.
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}

/** Returns the server's message, without the client's words around it. */
export function grpcDetails(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { details } = at as { details?: unknown };
    if (typeof details === 'string' && details !== '') return details;
  }
  return error instanceof Error ? error.message : String(error);
}
