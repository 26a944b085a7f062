export function sqldProgram(): string;
export function sqldArguments(folder: string, port: number): string[];
