/** Namespaces of the cluster in that folder, made when missing, no run under way in them; gives host:port. */
export function openClusterNamespaces(folder: string, namespaces: readonly string[]): Promise<string>;
