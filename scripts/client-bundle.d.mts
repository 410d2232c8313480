export function clientBundle(): Promise<string>;
